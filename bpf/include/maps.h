/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The maps, what they hold, and how records go into the ring. */
#pragma once
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "kernel.h"
#include "records.h"

#define S_IFMT 0170000
#define S_IFIFO 0010000
#define S_IFSOCK 0140000
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define SOCK_STREAM 1

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
  __u32 busy, pad;
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

/*
 * Syscall-exit programs run with preemption off, so one scratch area a CPU is enough for them: the first. User probes may be
 * preempted, also by each other: they claim one of the rest.
 */
#define SCRATCHES 4
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, SCRATCHES);
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

/* A thread's last call on a TLS connection. */
struct thread_socket {
  struct stream_key socket; /* from this end to the other */
  __u64 time;               /* CLOCK_BOOTTIME, ns */
  __u64 was_read;
};

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 8192);
  __type(key, __u32);
  __type(value, struct thread_socket);
} threads SEC(".maps");

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

/* To be given back by setting `busy` to 0. */
static __always_inline struct work *take_scratch(__u32 medium) {
  __u32 which = 0;
  if (medium != FLAG_TLS) return bpf_map_lookup_elem(&scratch, &which);
  for (__u32 i = 1; i < SCRATCHES; i++) {
    which = i;
    struct work *w = bpf_map_lookup_elem(&scratch, &which);
    if (w && !__sync_val_compare_and_swap(&w->busy, 0, 1)) return w;
  }
  return 0;
}
