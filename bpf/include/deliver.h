/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* From a call to records: what is followed, what is taken of it, who is told of. */
#pragma once
#include "ends.h"

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
  struct work *w = take_scratch(call->medium);
  if (!w) return count(COUNT_LOST, 1);
  struct end_record *e = (struct end_record *)w->out.data;
  __builtin_memset(e, 0, sizeof *e);
  e->type = RECORD_END;
  e->flags = (call->write ? FLAG_WRITER : 0) | call->medium;
  e->fd = call->fd;
  e->slot = s->slot;
  e->time = bpf_ktime_get_boot_ns();
  e->key = call->key;
  e->cgroup = bpf_get_current_cgroup_id();
  if (call->sk) {
    struct peers p = {};
    read_sock(&p, call->sk);
    __builtin_memcpy(e->local, p.local, 16);
    __builtin_memcpy(e->remote, p.remote, 16);
    e->local_port = p.local_port;
    e->remote_port = p.remote_port;
    e->family = p.family;
  } else if (call->medium != TLS) {
    ends_of_fd(task, 0, &e->stdin_end, &e->stdin_peer, typed);
    ends_of_fd(task, 1, &e->stdout_end, &e->stdout_peer, typed);
  }
  e->library = call->library;
  e->tgid = GET(task, tgid);
  e->tid = GET(task, pid);
  struct task_struct *parent = GET(task, real_parent);
  e->ppid = BPF_CORE_READ(parent, tgid);
  /* The leader's name is the process's; a worker thread has its own. */
  struct task_struct *leader = GET(task, group_leader);
  BPF_CORE_READ_INTO(&e->comm, leader, comm);
  output(e, sizeof *e, 0, wake_flags(true));
  w->busy = 0;
}

static __always_inline void send_data(struct call *call, struct stream *s, struct task_struct *task, __u64 position, __u8 flags, __u32 limit, const bool typed) {
  struct work *w = take_scratch(call->medium);
  if (!w) return count(COUNT_LOST, 1);
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
  h->flags = flags | (call->write ? FLAG_WRITER : 0) | call->medium;
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
  w->busy = 0;
}

static __always_inline bool is_ignored(__u32 tgid) {
  struct control *c = get_control();
  return !c || tgid == c->self || bpf_map_lookup_elem(&ignored, &tgid);
}

/* Tells of the process at this end if it is another than before; false if it is one that is not to be captured. */
static __always_inline bool meet(struct call *call, struct stream *s, struct task_struct *task, const bool typed) {
  __u32 tgid = GET(task, tgid), *last = call->write ? &s->writer : &s->reader;
  if (*last == tgid) return true;
  if (is_ignored(tgid)) return false;
  *last = tgid;
  send_end(call, s, task, typed);
  return true;
}

/* A call on a TCP connection with TLS in it. Remembers that the thread used it: its TLS session may be told next. */
static __always_inline int on_tls_socket(struct call *call, struct stream *s, struct task_struct *task, const bool typed) {
  if (!meet(call, s, task, typed)) return 0;
  struct thread_socket fresh = {.time = bpf_ktime_get_boot_ns(), .was_read = !call->write};
  __u32 tid = GET(task, pid);
  fresh.socket.src = call->write ? call->key.src : call->key.dst;
  fresh.socket.dst = call->write ? call->key.dst : call->key.src;
  struct thread_socket *known = bpf_map_lookup_elem(&threads, &tid);
  if (known) *known = fresh;
  else bpf_map_update_elem(&threads, &tid, &fresh, BPF_ANY);
  return 0;
}

static __always_inline int on_call(struct call *call, struct task_struct *task, const bool typed) {
  struct stream *s = bpf_map_lookup_elem(&streams, &call->key);
  __u8 state = STATE_UNKNOWN, flags = 0, *shared = 0;
  __u32 limit = MAX_CALL;
  __u64 position;
  const bool net = call->medium == TCP || call->medium == TLS;
  if (s) {
    shared = get_state(s->slot);
    if (!shared) return 0;
    state = *shared;
    if (state == STATE_REJECTED) return 0;
  }
  if (state == STATE_UNKNOWN) {
    if (s && s->writer && !call->write) return 0; /* the writer's bytes will decide */
    int looks = sniff(call->buffer, call->segment, call->medium);
    /* Nobody on this machine may be writing what comes from the network. */
    if (looks == LOOKS_NOTHING && !call->write && !net) return 0;
    __u8 next = looks == LOOKS_TLS ? STATE_TLS : looks ? STATE_CANDIDATE : STATE_UNKNOWN;
    if (!s) {
      s = follow(call, is_ignored(GET(task, tgid)) ? STATE_REJECTED : next);
      if (!s || !(shared = get_state(s->slot))) return 0;
      state = *shared;
      if (state == STATE_REJECTED) return 0;
      flags |= FLAG_FIRST;
    } else if (looks) {
      *shared = state = next;
    }
    if (state == STATE_UNKNOWN) {
      if (s->misses++ >= MAX_MISSES) *shared = STATE_REJECTED;
      /* Of pipes, only what goes to a standard output may be a server's log line before its first message. */
      if (s->previews >= PREVIEWS || (!net && call->fd != 1)) {
        __sync_fetch_and_add(call->write ? &s->written : &s->read, call->bytes);
        return 0;
      }
      s->previews++;
      flags |= FLAG_PREVIEW;
      limit = PREVIEW;
    }
  }
  if (state == STATE_TLS) return on_tls_socket(call, s, task, typed);
  if (!meet(call, s, task, typed)) {
    *shared = STATE_REJECTED;
    return 0;
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

/* Bytes that a followed connection got from a file: not taken, so that the next record's position tells of them. */
static __always_inline int on_sendfile(struct call *call) {
  struct stream *s = bpf_map_lookup_elem(&streams, &call->key);
  if (s) __sync_fetch_and_add(&s->written, call->bytes);
  return 0;
}

static __always_inline void send_eof(struct stream_key *key, struct stream *s, __u32 fd, __u64 pid_tgid) {
  struct eof_record e = {.type = RECORD_EOF};
  e.fd = fd;
  e.slot = s->slot;
  e.time = bpf_ktime_get_boot_ns();
  e.key = *key;
  e.tgid = pid_tgid >> 32;
  e.tid = pid_tgid;
  output(&e, sizeof e, 0, wake_flags(true));
}

/* A read that returned 0: the end of a stream that is followed. */
static __always_inline int on_eof(struct call *call) {
  struct stream *s = bpf_map_lookup_elem(&streams, &call->key);
  if (!s) return 0;
  __u8 *state = get_state(s->slot);
  if (!state || *state == STATE_REJECTED) return 0;
  send_eof(&call->key, s, call->fd, bpf_get_current_pid_tgid());
  return 0;
}
