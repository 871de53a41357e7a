/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The few kernel types and fields that capture.bpf.c reads. Names are the kernel's; `preserve_access_index` makes
 * libbpf look the real offsets up in the running kernel's BTF (CO-RE), so field order and padding here mean nothing.
 * Sources: include/linux/{sched,fs,fdtable,net,binfmts}.h, include/net/{sock,af_unix}.h of Linux 5.15 to 6.18.
 */
#pragma once
#include <linux/types.h>
#include <stdbool.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef unsigned short umode_t;

struct super_block {
  __u32 s_dev;
};

struct inode {
  umode_t i_mode;
  struct super_block *i_sb;
  unsigned long i_ino;
};

struct qstr {
  const unsigned char *name;
};

struct dentry {
  struct qstr d_name;
};

struct path {
  struct dentry *dentry;
};

struct file {
  struct inode *f_inode;
  struct path f_path;
  unsigned int f_mode;
  void *private_data;
};

struct fdtable {
  unsigned int max_fds;
  struct file **fd;
};

struct files_struct {
  struct fdtable *fdt;
};

struct signal_struct {
  struct {
    int counter;
  } live;
};

struct mm_struct {
  unsigned long arg_start;
  unsigned long arg_end;
};

struct thread_info {
  unsigned long flags;
  __u32 status;
};

struct task_struct {
  struct thread_info thread_info;
  int pid;
  int tgid;
  struct task_struct *real_parent;
  struct task_struct *group_leader;
  struct files_struct *files;
  struct signal_struct *signal;
  struct mm_struct *mm;
  char comm[16];
};

struct linux_binprm {
  struct file *file;
  const char *filename;
};

struct socket {
  struct file *file;
  struct sock *sk;
  short type;
};

struct net;

typedef struct {
  struct net *net;
} possible_net_t;

struct in6_addr {
  __u8 bytes[16];
};

struct sock_common {
  __u32 skc_daddr;
  __u32 skc_rcv_saddr;
  __u16 skc_dport;
  __u16 skc_num;
  unsigned short skc_family;
  possible_net_t skc_net;
  struct in6_addr skc_v6_daddr;
  struct in6_addr skc_v6_rcv_saddr;
};

struct sock {
  struct sock_common __sk_common;
  struct socket *sk_socket;
};

struct inet_sock {
  __u16 inet_sport;
};

struct unix_sock {
  struct sock sk;
  struct sock *peer;
};

struct io_cqe {
  __s32 res;
};

struct io_kiocb {
  struct file *file;
  __u8 opcode;
  struct io_cqe cqe;
};

/* These two lie over a struct io_kiocb's first member (io_uring/rw.c, io_uring/net.c). */
struct io_rw {
  __u64 addr;
  __u32 len;
};

struct io_sr_msg {
  void *buf;
};

struct bpf_iter_meta {
  struct seq_file *seq;
};

struct bpf_iter__task_file {
  struct bpf_iter_meta *meta;
  struct task_struct *task;
  __u32 fd;
  struct file *file;
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
  unsigned long r14, r10, r8, bx, cx, dx, si, di, ax, orig_ax;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
  __u64 regs[31];
  __u64 orig_x0;
  __s32 syscallno;
};
#endif

#pragma clang attribute pop

/* Plain user-space layouts (uapi), not relocated. */
struct iovec {
  void *iov_base;
  __u64 iov_len;
};

struct user_msghdr {
  void *msg_name;
  int msg_namelen;
  struct iovec *msg_iov;
  __u64 msg_iovlen;
};
