/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Starts and ends of processes, and the files they run. */
#pragma once
#include "deliver.h"

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

/* Files seen to be executed, by inode. */
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 8192);
  __type(key, __u64);
  __type(value, __u8);
} images SEC(".maps");

/* True the first time. The inode's address is part of the key: inode numbers are those of one file system. */
static __always_inline bool is_new_image(struct inode *inode, __u64 number) {
  __u64 key = (__u64)inode ^ number << 40;
  __u8 one = 1;
  return !bpf_map_lookup_elem(&images, &key) && !bpf_map_update_elem(&images, &key, &one, BPF_NOEXIST);
}

/* Is the file called like a library that does TLS? libssl.so.3, libgnutls.so.30, libpython3.12.so with OpenSSL in it. */
static __always_inline bool is_tls_name(struct file *file) {
  char name[8] = {};
  bpf_probe_read_kernel(name, sizeof name, BPF_CORE_READ(file, f_path.dentry, d_name.name));
  if (name[0] != 'l' || name[1] != 'i' || name[2] != 'b') return false;
  __u32 word = WORD(name[3], name[4], name[5], name[6]);
  return word == WORD('s', 's', 'l', '.') || word == WORD('s', 's', 'l', '-') || word == WORD('g', 'n', 'u', 't') ||
    word == WORD('p', 'y', 't', 'h') || word == WORD('n', 'o', 'd', 'e');
}

/* A process maps a file to execute it. */
static __always_inline int on_map(struct file *file, __u32 tgid) {
  struct inode *inode = BPF_CORE_READ(file, f_inode);
  __u64 number = BPF_CORE_READ(inode, i_ino);
  bool fresh = is_new_image(inode, number), tls = is_tls_name(file);
  if ((!fresh && !tls) || is_ignored(tgid)) return 0;
  struct map_record m = {.type = RECORD_MAP, .tgid = tgid, .inode = number};
  m.time = bpf_ktime_get_boot_ns();
  m.device = BPF_CORE_READ(inode, i_sb, s_dev);
  output(&m, sizeof m, 0, tls ? BPF_RB_FORCE_WAKEUP : lazy_flags());
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
  struct inode *inode = BPF_CORE_READ(bprm, file, f_inode);
  /* A program not run before may have TLS of its own, which is to be found before it is used. */
  output(e, sizeof *e, 0, is_new_image(inode, BPF_CORE_READ(inode, i_ino)) ? BPF_RB_FORCE_WAKEUP : lazy_flags());
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
