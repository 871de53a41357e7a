/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Sees what goes through pipes and UNIX sockets by one program at syscall exit, where the arguments still stand in
 * pt_regs and the byte count is known. Data comes from the writer; the reader gives its identity, and data only where
 * no writer is seen (io_uring, splice). What user space rejects costs a map lookup from then on.
 *
 * Needs Linux 5.11 (bpf_get_current_task_btf) with BTF; written to load on 5.15 and later: no bpf_loop, no dynptr.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include "include/kernel.h"
#include "include/arch.h"
#include "include/records.h"

#define S_IFMT 0170000
#define S_IFIFO 0010000
#define S_IFSOCK 0140000
#define AF_UNIX 1
#define SOCK_STREAM 1
#define MSG_PEEK 2

/* Field access: TYPED is a plain load the verifier proves, UNTYPED a helper call. */
#define TYPED(p, field) ((p)->field)
#define UNTYPED(p, field) BPF_CORE_READ(p, field)
#define GET(p, field) (typed ? TYPED(p, field) : UNTYPED(p, field))

struct stream {
  __u32 slot;
  __u32 writer, reader; /* tgid last seen at that end; 0: none yet */
  __u16 previews, misses;
  __u64 written, read; /* bytes; `read` counts only while no writer is known */
};

struct work {
  __u64 buffer, iov;
  __u32 left, segment, iov_index, iov_count;
  __u64 position;
  struct {
    struct data_record head;
    __u8 data[CHUNK];
  } out;
};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 64 << 20); /* set again by the loader */
} events SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, MAX_STREAMS);
  __type(key, struct stream_key);
  __type(value, struct stream);
} streams SEC(".maps");

struct states {
  __u8 state[SLOTS];
};

/* Stream states by slot: mapped by user space, which decides with a plain store. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct states);
} states SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct control);
} control SEC(".maps");

/* Next free slot; shared by all CPUs. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} next_slot SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, COUNTERS);
  __type(key, __u32);
  __type(value, __u64);
} counters SEC(".maps");

/* Syscall-exit programs run with preemption off, so one scratch area a CPU is enough. */
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct work);
} scratch SEC(".maps");

/* Its own area: fork, exec and exit programs may interrupt nothing, but share no state with the above. */
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct exec_record);
} exec_scratch SEC(".maps");

/* mcpsonde's descendants. */
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, __u32);
  __type(value, __u8);
} ignored SEC(".maps");

static __always_inline void count(__u32 which, __u64 n) {
  __u64 *v = bpf_map_lookup_elem(&counters, &which);
  if (v) *v += n;
}

static __always_inline struct control *get_control(void) {
  __u32 zero = 0;
  return bpf_map_lookup_elem(&control, &zero);
}

static __always_inline __u8 *get_state(__u32 slot) {
  __u32 zero = 0;
  struct states *s = bpf_map_lookup_elem(&states, &zero);
  return s ? &s->state[slot & (SLOTS - 1)] : 0;
}

/* Wakes the reader when much waits; below that it polls. */
static __always_inline __u64 wake_when_much(struct control *c) {
  return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) < c->wake_bytes ? BPF_RB_NO_WAKEUP : BPF_RB_FORCE_WAKEUP;
}

/* Wakes the reader also when it sleeps. `look`: whether to see how much waits; every record would be too dear. */
static __always_inline __u64 wake_flags(bool look) {
  struct control *c = get_control();
  if (!c) return 0;
  if (c->sleeping) {
    c->sleeping = 0;
    return BPF_RB_FORCE_WAKEUP;
  }
  return look ? wake_when_much(c) : BPF_RB_NO_WAKEUP;
}

/* For what is only of interest once there is traffic. */
static __always_inline __u64 lazy_flags(void) {
  struct control *c = get_control();
  return c ? wake_when_much(c) : 0;
}

static __always_inline void output(void *record, __u32 size, __u32 data, __u64 flags) {
  if (!bpf_ringbuf_output(&events, record, size, flags)) return;
  count(COUNT_LOST, 1);
  count(COUNT_LOST_BYTES, data);
}

/*
 * Sends the next piece of a call. Returns non-zero when done. A global function with its state in a map: the verifier
 * checks it once, and the loop around it stays small.
 */
__attribute__((noinline)) int step(struct work *w) {
  if (!w || !w->left) return 1;
  if (!w->segment) {
    struct iovec v;
    if (w->iov_index >= w->iov_count) return 1;
    if (bpf_probe_read_user(&v, sizeof v, (void *)(w->iov + w->iov_index * sizeof v))) return 1;
    w->iov_index++;
    w->buffer = (__u64)v.iov_base;
    w->segment = v.iov_len > w->left ? w->left : v.iov_len;
    if (!w->segment) return 0;
  }
  __u64 n = w->segment;
  if (n > CHUNK) n = CHUNK;
  n = (n - 1) & (CHUNK - 1); /* so that the verifier knows the bound */
  asm volatile("" : "+r"(n));
  n += 1;
  w->out.head.len = n;
  w->out.head.position = w->position;
  long fault = bpf_probe_read_user(w->out.data, n, (void *)w->buffer);
  if (fault) {
    count(COUNT_FAULTS, 1);
    w->out.head.flags |= FLAG_FAULT;
    w->out.head.len = 0;
  }
  w->buffer += n;
  w->segment -= n;
  w->left -= n;
  w->position += n;
  output(&w->out, fault ? sizeof(struct data_record) : sizeof(struct data_record) + n, n,
         wake_flags(((w->position - n) ^ w->position) >> LOOK_SHIFT));
  w->out.head.flags &= ~(FLAG_FIRST | FLAG_FAULT);
  return 0;
}

static __always_inline __u64 tag_end(struct inode *inode, __u64 number) {
  return (__u32)number | ((((__u64)inode >> 7) & 0x1fffff) << 32);
}

static __always_inline __u64 end_of(struct inode *inode) {
  return inode ? tag_end(inode, BPF_CORE_READ(inode, i_ino)) : 0;
}

#define OFFSET(record, field) __builtin_preserve_field_info(((struct record *)0)->field, BPF_FIELD_BYTE_OFFSET)

/* An inode's kind and the end it is. In one read where both fields are near: helper calls are what the time goes to. */
static __always_inline __u16 inode_kind(struct inode *inode, __u64 *end) {
  __u8 head[96];
  const __u32 mode_at = OFFSET(inode, i_mode), number_at = OFFSET(inode, i_ino);
  if (mode_at > sizeof head - 2 || number_at > sizeof head - 8) {
    *end = end_of(inode);
    return BPF_CORE_READ(inode, i_mode) & S_IFMT;
  }
  if (bpf_probe_read_kernel(head, sizeof head, inode)) return 0;
  *end = tag_end(inode, *(__u64 *)(head + number_at));
  return *(__u16 *)(head + mode_at) & S_IFMT;
}

static __always_inline struct sock *unix_stream(struct file *file) {
  struct socket *socket = BPF_CORE_READ(file, private_data);
  if (!socket || BPF_CORE_READ(socket, type) != SOCK_STREAM) return 0;
  struct sock *sk = BPF_CORE_READ(socket, sk);
  return sk && BPF_CORE_READ(sk, __sk_common.skc_family) == AF_UNIX ? sk : 0;
}

static __always_inline __u64 peer_end(struct sock *sk) {
  struct sock *peer = BPF_CORE_READ((struct unix_sock *)sk, peer);
  return peer ? end_of(BPF_CORE_READ(peer, sk_socket, file, f_inode)) : 0;
}

static __always_inline struct file *file_of(struct task_struct *task, __u32 fd, const bool typed) {
  struct files_struct *files = GET(task, files);
  if (!files) return 0;
  struct fdtable *table = GET(files, fdt);
  if (!table || fd >= GET(table, max_fds)) return 0;
  struct file **slots = GET(table, fd), *file = 0;
  bpf_probe_read_kernel(&file, sizeof file, slots + fd);
  return file;
}

/* The end that descriptor `fd` is and, of a UNIX stream socket, the other end; 0 where it is neither that nor a pipe. */
static __always_inline void ends_of_fd(struct task_struct *task, __u32 fd, __u64 *end, __u64 *peer, const bool typed) {
  struct file *file = file_of(task, fd, typed);
  if (!file) return;
  struct inode *inode = BPF_CORE_READ(file, f_inode);
  __u16 mode = BPF_CORE_READ(inode, i_mode) & S_IFMT;
  if (mode == S_IFIFO) {
    *end = end_of(inode);
  } else if (mode == S_IFSOCK) {
    struct sock *sk = unix_stream(file);
    if (!sk) return;
    *end = end_of(inode);
    *peer = peer_end(sk);
  }
}

static __always_inline bool json_start(char c) { return c == '{' || c == '['; }
static __always_inline bool blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/* Does the text start like JSON, after white space? */
static __always_inline bool sniff(__u64 at, __u32 size) {
  char text[32] = {};
  if (bpf_probe_read_user(text, 1, (void *)at)) return false;
  if (json_start(text[0])) return true;
  if (!blank(text[0]) || size < sizeof text) return false;
  if (bpf_probe_read_user(text, sizeof text, (void *)at)) return false;
#pragma unroll
  for (int i = 1; i < (int)sizeof text; i++) {
    if (json_start(text[i])) return true;
    if (!blank(text[i])) return false;
  }
  return false;
}

/* One call as the rest of the program wants it. */
struct call {
  struct stream_key key;
  __u64 buffer, iov;
  __u32 segment, iov_count, bytes, fd;
  bool write, is_unix;
};

static __always_inline struct stream *follow(struct call *call, __u8 initial) {
  struct stream fresh = {};
  __u32 zero = 0, *next = bpf_map_lookup_elem(&next_slot, &zero);
  if (!next) return 0;
  fresh.slot = __sync_fetch_and_add(next, 1) % KERNEL_SLOTS;
  if (bpf_map_update_elem(&streams, &call->key, &fresh, BPF_NOEXIST)) return bpf_map_lookup_elem(&streams, &call->key);
  __u8 *state = get_state(fresh.slot);
  if (state) *state = initial;
  return bpf_map_lookup_elem(&streams, &call->key);
}

/* Tells user space of a process at an end. */
static __always_inline void send_end(struct call *call, struct stream *s, struct task_struct *task, const bool typed) {
  struct end_record e = {};
  e.type = RECORD_END;
  e.flags = (call->write ? FLAG_WRITER : 0) | (call->is_unix ? FLAG_UNIX : 0);
  e.fd = call->fd;
  e.slot = s->slot;
  e.time = bpf_ktime_get_boot_ns();
  e.key = call->key;
  e.cgroup = bpf_get_current_cgroup_id();
  ends_of_fd(task, 0, &e.stdin_end, &e.stdin_peer, typed);
  ends_of_fd(task, 1, &e.stdout_end, &e.stdout_peer, typed);
  e.tgid = GET(task, tgid);
  e.tid = GET(task, pid);
  struct task_struct *parent = GET(task, real_parent);
  e.ppid = BPF_CORE_READ(parent, tgid);
  /* The leader's name is the process's; a worker thread has its own. */
  struct task_struct *leader = GET(task, group_leader);
  BPF_CORE_READ_INTO(&e.comm, leader, comm);
  output(&e, sizeof e, 0, wake_flags(true));
}

static __always_inline void send_data(struct call *call, struct stream *s, struct task_struct *task, __u64 position, __u8 flags, __u32 limit, const bool typed) {
  __u32 zero = 0;
  struct work *w = bpf_map_lookup_elem(&scratch, &zero);
  if (!w) return;
  w->buffer = call->buffer;
  w->iov = call->iov;
  w->segment = call->segment;
  w->iov_index = call->iov_count ? 1 : 0;
  w->iov_count = call->iov_count;
  w->left = call->bytes > limit ? limit : call->bytes;
  if (w->segment > w->left) w->segment = w->left;
  w->position = position;
  struct data_record *h = &w->out.head;
  h->type = RECORD_DATA;
  h->flags = flags | (call->write ? FLAG_WRITER : 0) | (call->is_unix ? FLAG_UNIX : 0);
  h->fd = call->fd;
  h->slot = s->slot;
  h->time = bpf_ktime_get_boot_ns();
  h->key = call->key;
  h->tgid = GET(task, tgid);
  h->tid = GET(task, pid);
  h->total = call->bytes;
  for (int i = 0; i < STEPS; i++)
    if (step(w)) break;
  if (w->left) count(COUNT_CUT, 1);
}

static __always_inline bool is_ignored(__u32 tgid) {
  struct control *c = get_control();
  return !c || tgid == c->self || bpf_map_lookup_elem(&ignored, &tgid);
}

static __always_inline int on_call(struct call *call, struct task_struct *task, const bool typed) {
  struct stream *s = bpf_map_lookup_elem(&streams, &call->key);
  __u8 state = STATE_UNKNOWN, flags = 0, *shared = 0;
  __u32 tgid = GET(task, tgid), limit = MAX_CALL;
  __u64 position;
  if (s) {
    shared = get_state(s->slot);
    if (!shared) return 0;
    state = *shared;
    if (state == STATE_REJECTED) return 0;
  }
  if (state == STATE_UNKNOWN) {
    bool json = sniff(call->buffer, call->segment);
    if (!json && !call->write) return 0;
    if (!s) {
      s = follow(call, is_ignored(tgid) ? STATE_REJECTED : json ? STATE_CANDIDATE : STATE_UNKNOWN);
      if (!s || !(shared = get_state(s->slot))) return 0;
      state = *shared;
      if (state == STATE_REJECTED) return 0;
      flags |= FLAG_FIRST;
    } else if (json) {
      *shared = state = STATE_CANDIDATE;
    }
    if (state == STATE_UNKNOWN) {
      if (s->misses++ >= MAX_MISSES) *shared = STATE_REJECTED;
      /* Only what goes to a standard output may be a server's log line before its first message. */
      if (s->previews >= PREVIEWS || call->fd != 1) {
        __sync_fetch_and_add(&s->written, call->bytes);
        return 0;
      }
      s->previews++;
      flags |= FLAG_PREVIEW;
      limit = PREVIEW;
    }
  }
  __u32 *last = call->write ? &s->writer : &s->reader;
  if (*last != tgid) {
    if (is_ignored(tgid)) {
      *shared = STATE_REJECTED;
      return 0;
    }
    *last = tgid;
    send_end(call, s, task, typed);
  }
  if (call->write) {
    position = __sync_fetch_and_add(&s->written, call->bytes);
  } else {
    if (s->writer) return 0; /* the writer's side has the data */
    position = __sync_fetch_and_add(&s->read, call->bytes);
  }
  send_data(call, s, task, position, flags, limit, typed);
  return 0;
}

/* A read that returned 0: the end of a stream that is followed. */
static __always_inline int on_eof(struct call *call, struct task_struct *task, const bool typed) {
  struct stream *s = bpf_map_lookup_elem(&streams, &call->key);
  if (!s) return 0;
  __u8 *state = get_state(s->slot);
  if (!state || *state == STATE_REJECTED) return 0;
  struct eof_record e = {};
  e.type = RECORD_EOF;
  e.fd = call->fd;
  e.slot = s->slot;
  e.time = bpf_ktime_get_boot_ns();
  e.key = call->key;
  e.tgid = GET(task, tgid);
  e.tid = GET(task, pid);
  output(&e, sizeof e, 0, wake_flags(true));
  return 0;
}

/* Which stream a file is; false if it is neither a pipe nor a UNIX stream socket. */
static __always_inline bool identify(struct call *call, struct file *file, bool sockets_only) {
  if (!file) return false;
  __u64 own = 0;
  __u16 kind = inode_kind(BPF_CORE_READ(file, f_inode), &own);
  if (kind == S_IFIFO) {
    if (sockets_only) return false;
    call->key.src = call->key.dst = own;
    return true;
  }
  if (kind != S_IFSOCK) return false;
  struct sock *sk = unix_stream(file);
  if (!sk) return false;
  __u64 peer = peer_end(sk);
  call->is_unix = true;
  call->key.src = call->write ? own : peer;
  call->key.dst = call->write ? peer : own;
  return true;
}

/* Where the bytes of a call are: one buffer, or `iov_count` of them. */
static __always_inline bool locate(struct call *call, __u32 bytes, __u64 at, __u32 iov_count) {
  call->bytes = call->segment = bytes;
  call->buffer = at;
  if (!iov_count) return true;
  struct iovec v;
  if (bpf_probe_read_user(&v, sizeof v, (void *)at)) return false;
  call->iov = at;
  call->iov_count = iov_count;
  call->buffer = (__u64)v.iov_base;
  if (v.iov_len < bytes) call->segment = v.iov_len;
  return true;
}

enum { WRITE = 1, IOV = 2, MESSAGE = 4, SOCKET = 8, PEEK_4 = 16, PEEK_3 = 32 };

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
    default: return 0;
  }
  asm volatile("" : "+r"(how) : : "memory"); /* keeps what follows from being done before the switch */
  if (ret < 0 || (ret == 0 && how & WRITE)) return 0;
  const bool iov = how & IOV, message = how & MESSAGE;
  if (how & PEEK_4 && SYSCALL_ARG4(GET, regs) & MSG_PEEK) return 0;
  if (how & PEEK_3 && SYSCALL_ARG3(GET, regs) & MSG_PEEK) return 0;
  struct call call = {};
  call.write = how & WRITE;
  struct task_struct *task = typed ? bpf_get_current_task_btf() : (struct task_struct *)bpf_get_current_task();
  call.fd = SYSCALL_ARG1(GET, regs);
  if (!identify(&call, file_of(task, call.fd, typed), how & SOCKET) || IS_COMPAT(GET, task)) return 0;
  __u64 second = SYSCALL_ARG2(GET, regs), third = SYSCALL_ARG3(GET, regs);
  if (ret == 0) return message || iov || third ? on_eof(&call, task, typed) : 0;
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
  if (result == 0) return on_eof(&call, task, false);
  __u64 at = net ? (__u64)BPF_CORE_READ((struct io_sr_msg *)request, buf) : BPF_CORE_READ((struct io_rw *)request, addr);
  if (!locate(&call, result, at, iov ? BPF_CORE_READ((struct io_rw *)request, len) : 0)) return 0;
  return on_call(&call, task, false);
}

SEC("raw_tp/sched_process_fork")
int process_fork(struct bpf_raw_tracepoint_args *ctx) {
  struct task_struct *parent = (void *)ctx->args[0], *child = (void *)ctx->args[1];
  __u32 child_pid = BPF_CORE_READ(child, pid), child_tgid = BPF_CORE_READ(child, tgid);
  if (child_pid != child_tgid) return 0; /* a thread */
  __u32 tgid = BPF_CORE_READ(parent, tgid);
  struct control *c = get_control();
  if (!c) return 0;
  if ((tgid == c->self && !c->follow) || bpf_map_lookup_elem(&ignored, &tgid)) {
    __u8 one = 1;
    bpf_map_update_elem(&ignored, &child_tgid, &one, BPF_ANY);
    return 0;
  }
  struct fork_record f = {.type = RECORD_FORK, .tgid = tgid, .child = child_tgid};
  f.time = bpf_ktime_get_boot_ns();
  output(&f, sizeof f, 0, lazy_flags());
  return 0;
}

SEC("raw_tp/sched_process_exec")
int process_exec(struct bpf_raw_tracepoint_args *ctx) {
  struct task_struct *task = (void *)ctx->args[0];
  struct linux_binprm *bprm = (void *)ctx->args[2];
  __u32 zero = 0, tgid = BPF_CORE_READ(task, tgid);
  struct exec_record *e = bpf_map_lookup_elem(&exec_scratch, &zero);
  if (!e || is_ignored(tgid)) return 0;
  e->type = RECORD_EXEC;
  e->tgid = tgid;
  e->time = bpf_ktime_get_boot_ns();
  e->cgroup = bpf_get_current_cgroup_id();
  e->ppid = BPF_CORE_READ(task, real_parent, tgid);
  BPF_CORE_READ_INTO(&e->comm, task, comm);
  e->filename[0] = 0;
  bpf_probe_read_kernel_str(e->filename, sizeof e->filename, BPF_CORE_READ(bprm, filename));
  __u64 start = BPF_CORE_READ(task, mm, arg_start), size = BPF_CORE_READ(task, mm, arg_end) - start;
  if (size > sizeof e->args) size = sizeof e->args;
  e->args_len = 0;
  if (size) {
    size = (size - 1) & (sizeof e->args - 1);
    asm volatile("" : "+r"(size));
    size += 1;
    if (!bpf_probe_read_user(e->args, size, (void *)start)) e->args_len = size;
  }
  output(e, sizeof *e, 0, lazy_flags());
  return 0;
}

SEC("raw_tp/sched_process_exit")
int process_exit(struct bpf_raw_tracepoint_args *ctx) {
  struct task_struct *task = (void *)ctx->args[0];
  if (BPF_CORE_READ(task, signal, live.counter)) return 0; /* other threads go on */
  struct exit_record e = {.type = RECORD_EXIT};
  e.tgid = BPF_CORE_READ(task, tgid);
  if (!bpf_map_delete_elem(&ignored, &e.tgid)) return 0;
  e.time = bpf_ktime_get_boot_ns();
  output(&e, sizeof e, 0, lazy_flags());
  return 0;
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
    struct sock *sk = unix_stream(file);
    if (!sk) return 0;
    r.peer = peer_end(sk);
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
