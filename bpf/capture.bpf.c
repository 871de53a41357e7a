/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Sees what goes through pipes, UNIX sockets and TCP connections by one program at syscall exit, where the arguments still stand in
 * pt_regs and the byte count is known. Data comes from the writer; the reader gives its identity, and data only where
 * no writer is seen (io_uring, splice). What user space rejects costs a map lookup from then on.
 *
 * Needs Linux 5.11 (bpf_get_current_task_btf) with BTF; written to load on 5.15 and later: no bpf_loop, no dynptr.
 */
#include "include/deliver.h"
#include <bpf/bpf_tracing.h>
#include "include/arch.h"
#include "include/processes.h"
#include "include/tcp.h"
#include "include/tls.h"

#define MSG_PEEK 2
#define PROT_EXEC 4

enum { WRITE = 1, IOV = 2, MESSAGE = 4, SOCKET = 8, PEEK_4 = 16, PEEK_3 = 32, FILE_TO_SOCKET = 64, MAP = 128 };

static __always_inline int on_exit(struct pt_regs *regs, long ret, const bool typed) {
  __u32 how;
  /* Most syscalls of a machine end here: nothing but the number is looked at before. */
  switch ((int)SYSCALL_NR(GET, regs)) {
    case NR_read: how = 0; break;
    case NR_write: how = WRITE; break;
    case NR_readv: case NR_preadv2: how = IOV; break;
    case NR_writev: case NR_pwritev2: how = IOV | WRITE; break;
    case NR_recvfrom: how = SOCKET | PEEK_4; break;
    case NR_sendto: how = SOCKET | WRITE; break;
    case NR_recvmsg: how = SOCKET | MESSAGE | PEEK_3; break;
    case NR_sendmsg: how = SOCKET | MESSAGE | WRITE; break;
    case NR_sendfile: how = SOCKET | WRITE | FILE_TO_SOCKET; break;
    case NR_mmap: how = MAP; break;
    default: return 0;
  }
  asm volatile("" : "+r"(how) : : "memory"); /* keeps what follows from being done before the switch */
  if (ret < 0 || (ret == 0 && how & WRITE)) return 0;
  const bool iov = how & IOV, message = how & MESSAGE;
  if (how & PEEK_4 && SYSCALL_ARG4(GET, regs) & MSG_PEEK) return 0;
  if (how & PEEK_3 && SYSCALL_ARG3(GET, regs) & MSG_PEEK) return 0;
  if (how & MAP && !(SYSCALL_ARG3(GET, regs) & PROT_EXEC)) return 0;
  struct call call = {};
  call.write = how & WRITE;
  struct task_struct *task = typed ? bpf_get_current_task_btf() : (struct task_struct *)bpf_get_current_task();
  call.fd = SYSCALL_ARG1(GET, regs);
  if (how & MAP) {
    struct file *file = file_of(task, SYSCALL_ARG5(GET, regs), typed);
    return file ? on_map(file, GET(task, tgid)) : 0;
  }
  if (!identify(&call, file_of(task, call.fd, typed), how & SOCKET) || IS_COMPAT(GET, task)) return 0;
  __u64 second = SYSCALL_ARG2(GET, regs), third = SYSCALL_ARG3(GET, regs);
  if (ret == 0) return message || iov || third ? on_eof(&call) : 0;
  call.bytes = ret;
  if (how & FILE_TO_SOCKET) return on_sendfile(&call);
  if (message) {
    struct user_msghdr m;
    if (bpf_probe_read_user(&m, sizeof m, (void *)second)) return 0;
    second = (__u64)m.msg_iov;
    third = m.msg_iovlen;
  }
  if (!locate(&call, ret, second, message || iov ? third : 0)) return 0;
  return on_call(&call, task, typed);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit_typed, struct pt_regs *regs, long ret) { return on_exit(regs, ret, true); }

/* For kernels that refuse tracing programs. Identical but for how fields are read. */
SEC("raw_tp/sys_exit")
int sys_exit_raw(struct bpf_raw_tracepoint_args *ctx) {
  return on_exit((struct pt_regs *)ctx->args[0], ctx->args[1], false);
}

/* include/uapi/linux/io_uring.h */
enum { OP_READV = 1, OP_WRITEV = 2, OP_READ = 22, OP_WRITE = 23, OP_SEND = 26, OP_RECV = 27 };

/*
 * What goes through io_uring makes no syscall of its own. The request is an argument of this tracepoint since 5.19; on
 * older kernels such bytes are seen only where the other end uses syscalls.
 */
SEC("raw_tp/io_uring_complete")
int uring_complete(struct bpf_raw_tracepoint_args *ctx) {
  struct io_kiocb *request = (void *)ctx->args[1];
  if (!bpf_core_field_exists(request->cqe) || !request) return 0;
  struct call call = {};
  __u8 opcode = BPF_CORE_READ(request, opcode);
  bool net = opcode == OP_SEND || opcode == OP_RECV, iov = opcode == OP_READV || opcode == OP_WRITEV;
  if (!net && !iov && opcode != OP_READ && opcode != OP_WRITE) return 0;
  call.write = opcode == OP_SEND || opcode == OP_WRITEV || opcode == OP_WRITE;
  int result = BPF_CORE_READ(request, cqe.res);
  if (result < 0 || (result == 0 && call.write)) return 0;
  if (!identify(&call, BPF_CORE_READ(request, file), net)) return 0;
  call.fd = 0xffff; /* not known here */
  struct task_struct *task = (struct task_struct *)bpf_get_current_task();
  if (result == 0) return on_eof(&call);
  __u64 at = net ? (__u64)BPF_CORE_READ((struct io_sr_msg *)request, buf) : BPF_CORE_READ((struct io_rw *)request, addr);
  if (!locate(&call, result, at, iov ? BPF_CORE_READ((struct io_rw *)request, len) : 0)) return 0;
  return on_call(&call, task, false);
}

/* Every open pipe and UNIX stream socket: who holds which end. */
SEC("iter/task_file")
int open_ends(struct bpf_iter__task_file *ctx) {
  struct task_struct *task = ctx->task;
  struct file *file = ctx->file;
  if (!task || !file) return 0;
  struct inode *inode = BPF_CORE_READ(file, f_inode); /* not a typed load: its address is shifted below */
  __u16 mode = BPF_CORE_READ(inode, i_mode) & S_IFMT;
  struct fd_record r = {};
  if (mode == S_IFSOCK) {
    struct peers p = {};
    read_socket(&p, file);
    if (!p.sk || p.family != AF_UNIX) return 0;
    r.peer = unix_peer(p.sk);
    r.mode = 7;
  } else if (mode == S_IFIFO) {
    r.mode = file->f_mode & 3;
  } else {
    return 0;
  }
  r.end = end_of(inode);
  r.tgid = task->tgid;
  r.fd = ctx->fd;
  r.ppid = BPF_CORE_READ(task, real_parent, tgid);
  BPF_CORE_READ_INTO(&r.comm, task, comm);
  bpf_seq_write(ctx->meta->seq, &r, sizeof r);
  return 0;
}

/* Run once by the loader in its own context: tells it its tgid in the initial pid namespace. */
SEC("raw_tp/sys_enter") /* never attached */
int who_am_i(void *ctx) {
  struct control *c = get_control();
  if (c) c->self = bpf_get_current_pid_tgid() >> 32;
  return 0;
}

char LICENSE[] SEC("license") = "GPL"; /* the kernel knows no name for "GPL-2.0-only OR Apache-2.0" */
