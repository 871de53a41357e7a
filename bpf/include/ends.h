/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Which stream a file belongs to: the ends of pipes and sockets as numbers. */
#pragma once
#include "sniff.h"

/* Helper calls are what the time goes to: fields that lie near each other are taken in one read where they do. */
#define OFFSET(record, field) __builtin_preserve_field_info(((struct record *)0)->field, BPF_FIELD_BYTE_OFFSET)

static __always_inline __u64 tag_end(struct inode *inode, __u64 number) {
  return (__u32)number | ((((__u64)inode >> 7) & 0x1fffff) << 32);
}

static __always_inline __u64 end_of(struct inode *inode) {
  return inode ? tag_end(inode, BPF_CORE_READ(inode, i_ino)) : 0;
}

/* An inode's kind and the end it is. */
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

/* A socket as its first bytes show it. */
struct peers {
  struct sock *sk; /* 0: no stream socket */
  __u16 family;
  __u16 local_port, remote_port;
  __u64 local[2], remote[2]; /* IPv4 in the low half of the first */
  __u64 net;                 /* network namespace */
};

static __always_inline void read_addresses(struct peers *p, const __u8 *head) {
  const __u32 net_at = OFFSET(sock_common, skc_net), to_at = OFFSET(sock_common, skc_v6_daddr);
  const __u32 from_at = OFFSET(sock_common, skc_v6_rcv_saddr);
  p->remote_port = __builtin_bswap16(*(__u16 *)(head + OFFSET(sock_common, skc_dport)));
  p->local_port = *(__u16 *)(head + OFFSET(sock_common, skc_num));
  p->net = *(__u64 *)(head + net_at);
  const __u64 *from = (__u64 *)(head + from_at), *to = (__u64 *)(head + to_at);
  /* ::ffff:a.b.c.d is IPv4: its other end may have an IPv4 socket. */
  if (p->family == AF_INET6 && !(to[0] == 0 && (__u32)to[1] == 0xffff0000)) {
    p->local[0] = from[0], p->local[1] = from[1];
    p->remote[0] = to[0], p->remote[1] = to[1];
    return;
  }
  p->family = AF_INET;
  p->local[0] = *(__u32 *)(head + OFFSET(sock_common, skc_rcv_saddr));
  p->remote[0] = *(__u32 *)(head + OFFSET(sock_common, skc_daddr));
  p->local[1] = p->remote[1] = 0;
}

static __always_inline void read_sock(struct peers *p, struct sock *sk) {
  __u8 head[96] = {}; /* struct sock_common, whose IPv6 addresses end at 88 */
  p->sk = 0;
  if (OFFSET(sock_common, skc_v6_rcv_saddr) > sizeof head - 16 || OFFSET(sock_common, skc_v6_daddr) > sizeof head - 16) return;
  if (bpf_probe_read_kernel(head, sizeof head, sk)) return;
  p->family = *(__u16 *)(head + OFFSET(sock_common, skc_family));
  if (p->family == AF_INET || p->family == AF_INET6) read_addresses(p, head);
  else if (p->family != AF_UNIX) return;
  p->sk = sk;
}

static __always_inline void read_socket(struct peers *p, struct file *file) {
  __u8 head[48];
  struct socket *socket = BPF_CORE_READ(file, private_data);
  const __u32 type_at = OFFSET(socket, type), sk_at = OFFSET(socket, sk);
  p->sk = 0;
  if (!socket || type_at > sizeof head - 2 || sk_at > sizeof head - 8) return;
  if (bpf_probe_read_kernel(head, sizeof head, socket)) return;
  struct sock *sk = *(struct sock **)(head + sk_at);
  if (*(__u16 *)(head + type_at) == SOCK_STREAM && sk) read_sock(p, sk);
}

/* 52 bits of a hash, and bit 52 so that it is no inode. The mixing steps are those of Stafford's variant 13. */
static __always_inline __u64 mix(__u64 a, __u64 b, __u64 c) {
  __u64 h = a;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ull + b;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebull + c;
  h = (h ^ (h >> 31)) * 0xbf58476d1ce4e5b9ull;
  return ((h ^ (h >> 29)) & ((1ull << 52) - 1)) | 1ull << 52;
}

/* Address and port. Loopback addresses are those of one network namespace. */
static __always_inline __u64 address_end(struct peers *p, const __u64 *address, __u16 port) {
  bool loopback = p->family == AF_INET ? (address[0] & 0xff) == 127 : !address[0] && address[1] == 1ull << 56;
  return mix(address[0], address[1] ^ port, loopback ? p->net : p->family);
}

static __always_inline __u64 unix_peer(struct sock *sk) {
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
    struct peers p = {};
    read_socket(&p, file);
    if (!p.sk || p.family != AF_UNIX) return;
    *end = end_of(inode);
    *peer = unix_peer(p.sk);
  }
}

/* One call as the rest of the program wants it. */
struct call {
  struct stream_key key;
  __u64 buffer, iov;
  __u32 segment, iov_count, bytes, fd, medium, library;
  bool write;
  struct sock *sk; /* of TCP */
};

/* Sets the key from this end's number and the other's. */
static __always_inline void set_key(struct call *call, __u64 own, __u64 peer) {
  call->key.src = call->write ? own : peer;
  call->key.dst = call->write ? peer : own;
}

/* Which stream a file is; false if it is neither a pipe nor a UNIX or TCP stream socket. */
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
  struct peers p = {};
  read_socket(&p, file);
  if (!p.sk) return false;
  if (p.family == AF_UNIX) {
    call->medium = UNIX;
    set_key(call, own, unix_peer(p.sk));
    return true;
  }
  struct control *c = get_control();
  if (!p.remote_port || !c || !c->tcp) return false;
  call->medium = TCP;
  call->sk = p.sk;
  set_key(call, address_end(&p, p.local, p.local_port), address_end(&p, p.remote, p.remote_port));
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
