/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Plaintext where a program hands it to its TLS library: user probes on the library's functions. Data is taken on return,
 * as only then the byte count is known: SSL_write is called again and again until the handshake is done, say. Go's Write
 * writes all or fails for good, and a probe on an instruction that the kernel has to step through takes 14 us: it has none on
 * its return.
 */
#pragma once
#include "deliver.h"
#include "arch.h"

/* A call under way. */
struct tls_call {
  __u64 session, buffer, count; /* `count`: where the library stores the byte count; 0: it is returned */
  __u64 time;
  __u64 write;
};

/* By thread, or by goroutine: those change threads. */
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 8192);
  __type(key, __u64);
  __type(value, struct tls_call);
} tls_calls SEC(".maps");

struct tls_session {
  struct stream_key socket;
  __u64 strength;
};

/* By what the session sends. */
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, struct stream_key);
  __type(value, struct tls_session);
} tls_sessions SEC(".maps");

#define OTHER_END (1ull << 51)

static __always_inline struct stream_key tls_key(__u64 session, __u32 tgid) {
  struct stream_key key;
  key.src = mix(session, tgid, TLS) & ~OTHER_END;
  key.dst = key.src | OTHER_END;
  return key;
}

/* Ties a session to a socket, unless as much or more is known. */
static __always_inline void tie(struct stream_key *key, struct stream_key *socket, __u32 strength, __u32 tgid) {
  struct tls_session *known = bpf_map_lookup_elem(&tls_sessions, key);
  if (known) {
    if (known->strength > strength || (known->strength == strength && strength >= STRENGTH_READ)) return;
    bool same = known->socket.src == socket->src && known->socket.dst == socket->dst;
    if (same && known->strength == strength) return;
  }
  struct tls_session fresh = {.socket = *socket, .strength = strength};
  bpf_map_update_elem(&tls_sessions, key, &fresh, BPF_ANY);
  struct socket_record r = {.type = RECORD_SOCKET, .strength = strength, .tgid = tgid, .key = *key, .socket = *socket};
  r.time = bpf_ktime_get_boot_ns();
  output(&r, sizeof r, 0, wake_flags(false));
}

/* Ties a session to a descriptor of the current process, if that is a TCP connection. */
static __attribute__((noinline)) void tie_fd(struct stream_key *key, __u32 fd, __u32 tgid) {
  struct call call = {.write = true};
  if (!identify(&call, file_of((struct task_struct *)bpf_get_current_task(), fd, false), true)) return;
  if (call.medium == TCP) tie(key, &call.key, STRENGTH_KNOWN, tgid);
}

/* Ties a session to the TLS socket that its thread used last. */
static __always_inline void tie_thread(struct stream_key *key, struct tls_call *t, bool write, bool tried, __u64 pid_tgid) {
  __u32 tid = pid_tgid;
  struct thread_socket *last = bpf_map_lookup_elem(&threads, &tid);
  if (!last || (tried && !last->was_read)) return;
  struct stream_key socket = last->socket;
  __u32 strength = last->time >= t->time ? STRENGTH_KNOWN : write || !last->was_read ? STRENGTH_WRITE : STRENGTH_READ;
  if (tried) strength = STRENGTH_TRIED;
  tie(key, &socket, strength, pid_tgid >> 32);
}

static __attribute__((noinline)) int tls_enter(__u64 id, bool write, __u64 session, __u64 buffer, __u64 count) {
  __u64 pid_tgid = bpf_get_current_pid_tgid();
  struct stream_key sent = tls_key(session, pid_tgid >> 32), received = {sent.dst, sent.src};
  struct stream *s = bpf_map_lookup_elem(&streams, write ? &sent : &received);
  __u8 *state = s ? get_state(s->slot) : 0;
  if (state && *state == STATE_REJECTED) return 0; /* then its exit finds no call */
  if (!s && is_ignored(pid_tgid >> 32)) return 0;
  struct tls_call t = {.session = session, .buffer = buffer, .count = count, .write = write, .time = bpf_ktime_get_boot_ns()};
  bpf_map_update_elem(&tls_calls, &id, &t, BPF_ANY);
  return 0;
}

/* `bytes`: moved, 0 or less if none. `tied`: the session's connection is looked for elsewhere. `library`: the probe's cookie. */
static __attribute__((noinline)) int tls_exit(__u64 id, long bytes, bool tied, __u64 library) {
  struct tls_call *saved = bpf_map_lookup_elem(&tls_calls, &id);
  if (!saved) return 0;
  struct tls_call t = *saved;
  const bool write = t.write;
  bpf_map_delete_elem(&tls_calls, &id);
  if (t.count && bytes == 1) {
    __u64 n = 0;
    bpf_probe_read_user(&n, sizeof n, (void *)t.count);
    bytes = n;
  }
  bool moved = bytes > 0 && bytes <= 1 << 30;
  if (!moved && (write || tied)) return 0;
  __u64 pid_tgid = bpf_get_current_pid_tgid();
  struct stream_key key = tls_key(t.session, pid_tgid >> 32);
  if (!tied) tie_thread(&key, &t, write, !moved, pid_tgid);
  if (!moved) return 0;
  struct call call = {.write = write, .medium = TLS, .fd = 0xffff, .library = library};
  set_key(&call, key.src, key.dst);
  call.buffer = t.buffer;
  call.bytes = call.segment = bytes;
  return on_call(&call, (struct task_struct *)bpf_get_current_task(), false);
}

static __attribute__((noinline)) int tls_end(__u64 session) {
  struct stream_key sent = tls_key(session, bpf_get_current_pid_tgid() >> 32), received = {sent.dst, sent.src};
  struct stream *s = bpf_map_lookup_elem(&streams, &sent);
  if (s) send_eof(&sent, s, 0xffff, bpf_get_current_pid_tgid());
  s = bpf_map_lookup_elem(&streams, &received);
  if (s) send_eof(&received, s, 0xffff, bpf_get_current_pid_tgid());
  bpf_map_delete_elem(&streams, &sent);
  bpf_map_delete_elem(&streams, &received);
  bpf_map_delete_elem(&tls_sessions, &sent);
  return 0;
}

#define PROBE(name) SEC("uprobe") int name(struct pt_regs *ctx)
#define THREAD() bpf_get_current_pid_tgid()
#define LIBRARY(ctx) bpf_get_attach_cookie(ctx)

/* int SSL_write(SSL *, const void *, int), int SSL_read(SSL *, void *, int), and GnuTLS's of the same shape. */
PROBE(ssl_write_enter) { return tls_enter(THREAD(), true, CALL_ARG1(ctx), CALL_ARG2(ctx), 0); }
PROBE(ssl_read_enter) { return tls_enter(THREAD(), false, CALL_ARG1(ctx), CALL_ARG2(ctx), 0); }
/* int SSL_write_ex(SSL *, const void *, size_t, size_t *written), and SSL_read_ex likewise: 1 is success. */
PROBE(ssl_write_ex_enter) { return tls_enter(THREAD(), true, CALL_ARG1(ctx), CALL_ARG2(ctx), CALL_ARG4(ctx)); }
PROBE(ssl_read_ex_enter) { return tls_enter(THREAD(), false, CALL_ARG1(ctx), CALL_ARG2(ctx), CALL_ARG4(ctx)); }
/* The return of all of these: a program for each would take the verifier longer. */
PROBE(ssl_exit) { return tls_exit(THREAD(), (int)CALL_RESULT(ctx), false, LIBRARY(ctx)); }
/* void SSL_free(SSL *) */
PROBE(ssl_free) { return tls_end(CALL_ARG1(ctx)); }
/* int SSL_set_fd(SSL *, int) */
PROBE(ssl_set_fd) {
  __u32 tgid = bpf_get_current_pid_tgid() >> 32;
  struct stream_key key = tls_key(CALL_ARG1(ctx), tgid);
  if (!is_ignored(tgid)) tie_fd(&key, CALL_ARG2(ctx), tgid);
  return 0;
}

/* int SSL_do_handshake(SSL *): with buffers in memory, what it reads now the thread has received just before. */
PROBE(ssl_handshake) {
  __u64 pid_tgid = bpf_get_current_pid_tgid();
  struct tls_call t = {.time = ~0ull};
  struct stream_key key = tls_key(CALL_ARG1(ctx), pid_tgid >> 32);
  if (!is_ignored(pid_tgid >> 32)) tie_thread(&key, &t, false, true, pid_tgid);
  return 0;
}

/*
 * Go: func (c *Conn) Write(b []byte) (int, error), and Read, with arguments and results in registers (since Go 1.17). Goroutines
 * change threads and stacks, so the exit probes are on each RET instruction, and calls go by goroutine.
 */
static __always_inline __u64 goroutine(struct pt_regs *ctx) {
  return mix(GO_GOROUTINE(ctx), bpf_get_current_pid_tgid() >> 32, 0);
}

/* The connection's descriptor: Conn.conn is an interface of *net.TCPConn, that has a *netFD, whose pfd has Sysfd at 16. */
static __attribute__((noinline)) int go_fd(__u64 conn) {
  __u64 tcp = 0, fd_struct = 0;
  int fd = -1;
  if (bpf_probe_read_user(&tcp, sizeof tcp, (void *)(conn + 8))) return -1;
  if (bpf_probe_read_user(&fd_struct, sizeof fd_struct, (void *)tcp)) return -1;
  if (bpf_probe_read_user(&fd, sizeof fd, (void *)(fd_struct + 16))) return -1;
  return fd;
}

/* After a call: its data, and first the connection of a session that is new. */
static __always_inline int go_leave(__u64 id, long bytes, __u64 library) {
  __u32 tgid = bpf_get_current_pid_tgid() >> 32;
  struct tls_call *t = bpf_map_lookup_elem(&tls_calls, &id);
  if (!t) return 0;
  struct stream_key key = tls_key(t->session, tgid);
  struct tls_session *known = bpf_map_lookup_elem(&tls_sessions, &key);
  if (!known) {
    int fd = go_fd(t->session);
    if (fd >= 0) tie_fd(&key, fd, tgid);
  }
  return tls_exit(id, bytes, true, library);
}

PROBE(go_write) {
  __u64 id = goroutine(ctx);
  tls_enter(id, true, GO_ARG1(ctx), GO_ARG2(ctx), 0);
  return go_leave(id, (long)GO_ARG3(ctx), LIBRARY(ctx));
}

PROBE(go_read_enter) { return tls_enter(goroutine(ctx), false, GO_ARG1(ctx), GO_ARG2(ctx), 0); }
/* The first result is where the first argument was. */
PROBE(go_read_exit) { return go_leave(goroutine(ctx), (long)GO_ARG1(ctx), LIBRARY(ctx)); }
PROBE(go_close) { return tls_end(GO_ARG1(ctx)); }

/* Rust's io::Result<usize>: 0 in the first register is Ok, with the count in the second. */
static __always_inline long rust_result(struct pt_regs *ctx) { return CALL_RESULT(ctx) & 1 ? -1 : (long)CALL_RESULT2(ctx); }

/* Where rustls keeps a connection: by its process, as the layout is the program's. */
struct rustls_layout {
  __u64 last;   /* what a call of the direction that was seen first pointed to */
  __u64 offset; /* of what Reader points to within what Writer points to; 0: not known yet */
  __u64 write;  /* the direction that was seen first; of a size that leaves no gap, which 5.15 would refuse */
};

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, struct rustls_layout);
} rustls_layouts SEC(".maps");

/* How far into a connection its received plaintext may be. */
#define RUSTLS_LARGEST 8192

/*
 * rustls: <Writer as io::Write>::write(&mut self, &[u8]) and <Reader as io::Read>::read(&mut self, &mut [u8]). Both are made anew for
 * each call. The first word of Writer points to the connection, that of Reader to its received plaintext, at an offset that the first
 * two calls of different directions tell. A session goes by what the direction points to that was seen first.
 */
static __attribute__((noinline)) __u64 rustls_session(__u64 self, bool write) {
  __u64 at = 0;
  __u32 tgid = bpf_get_current_pid_tgid() >> 32;
  if (bpf_probe_read_user(&at, sizeof at, (void *)self)) return self;
  struct rustls_layout *known = bpf_map_lookup_elem(&rustls_layouts, &tgid);
  if (!known) {
    struct rustls_layout first = {.last = at, .write = write};
    bpf_map_update_elem(&rustls_layouts, &tgid, &first, BPF_ANY);
    return at;
  }
  if (write == known->write) return known->last = at;
  if (!known->offset) {
    __u64 offset = write ? known->last - at : at - known->last;
    if (offset < RUSTLS_LARGEST) known->offset = offset;
  }
  return write ? at + known->offset : at - known->offset;
}

PROBE(rustls_write_enter) {
  return tls_enter(THREAD(), true, rustls_session(CALL_ARG1(ctx), true), CALL_ARG2(ctx), 0);
}
PROBE(rustls_read_enter) {
  return tls_enter(THREAD(), false, rustls_session(CALL_ARG1(ctx), false), CALL_ARG2(ctx), 0);
}
PROBE(rustls_exit) { return tls_exit(THREAD(), rust_result(ctx), false, LIBRARY(ctx)); }
