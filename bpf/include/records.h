/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What crosses the ring buffer. bpf/records.ts reads the same layouts: change both, and RECORD_VERSION.
 * All fields are little endian; every record starts with `type`.
 */
#pragma once
#include <linux/types.h>

#define RECORD_VERSION 2
#define CHUNK 16384         /* data bytes in one record; a power of two */
#define PREVIEW 1024        /* data bytes of a call on a stream that is not yet a candidate; a power of two */
#define PREVIEWS 4          /* such calls per stream */
#define MAX_MISSES 255      /* writes without a JSON start before the kernel rejects a stream by itself */
#define MAX_STREAMS 32768   /* kernel stream entries (LRU) */
#define SLOTS 65536         /* stream states, a power of two */
#define KERNEL_SLOTS 49152  /* the kernel gives out the slots below, user space those above */
#define LOOK_SHIFT 16       /* once in so many bytes (a power of two) of a stream the amount waiting is looked at */
#define STEPS 1100          /* records and iovecs of one call: 512 x 16 KiB = 8 MiB and 500 iovecs */
#define MAX_CALL (8u << 20) /* data bytes taken of one call */

enum record_type {
  RECORD_DATA = 1, RECORD_END = 2, RECORD_EOF = 3, RECORD_EXEC = 4, RECORD_EXIT = 5, RECORD_FORK = 6,
  RECORD_SOCKET = 7, /* a TLS session's socket */
  RECORD_MAP = 8,    /* a file mapped to be executed */
};

enum record_flags {
  FLAG_WRITER = 1,  /* data or identity comes from the writing side */
  FLAG_FIRST = 2,   /* first record of this stream since the kernel began (again) to follow it */
  FLAG_PREVIEW = 4, /* the stream is not a candidate yet */
  FLAG_FAULT = 8,   /* the user memory could not be read: the data is missing */
  FLAG_UNIX = 16,   /* what carries the bytes, if it is no pipe */
  FLAG_TCP = 32,
  FLAG_TLS = 64,    /* plaintext, taken where a program hands it to its TLS library */
};

/* What user space decides and the kernel remembers, one byte a stream. */
enum stream_state {
  STATE_UNKNOWN = 0, STATE_CANDIDATE = 1, STATE_CONFIRMED = 2, STATE_REJECTED = 3,
  STATE_TLS = 4, /* a TCP connection with TLS in it: only who its ends are is of interest */
};

/*
 * One end, in 53 bits: a JavaScript number holds it. Of a pipe or UNIX socket, the inode number in the low 32 bits, above it
 * 21 bits of the inode's address, as inode numbers wrap and are used again. Of TCP, a hash of address and port, the same at
 * both ends. Of TLS, a hash of process and session; the other end differs from it in bit 51.
 */
struct stream_key {
  __u64 src, dst;
};

/* Bytes of one call, or a part of them. Followed by `len` bytes. */
struct data_record {
  __u8 type, flags;
  __u16 fd;
  __u32 slot;
  __u64 time; /* CLOCK_BOOTTIME, ns */
  struct stream_key key;
  __u64 position; /* of the first byte in the stream, counted from when the kernel began to follow it */
  __u32 tgid, tid;
  __u32 total; /* bytes moved by the call */
  __u32 len;
};

/* A process not seen at this end of this stream before. */
struct end_record {
  __u8 type, flags;
  __u16 fd;
  __u32 slot;
  __u64 time;
  struct stream_key key;
  __u64 cgroup;
  /* The process's own descriptors 0 and 1 where they are pipes or UNIX sockets, else 0; peers are 0 for pipes. */
  __u64 stdin_end, stdin_peer, stdout_end, stdout_peer;
  __u32 tgid, tid, ppid;
  __u32 library; /* of TLS: the cookie that the probe was attached with */
  char comm[16];
  /* Of TCP: the process's own address and the other end's, IPv4 in the first four bytes; `family` is 0 else. */
  __u8 local[16], remote[16];
  __u16 local_port, remote_port, family, pad2;
};

/* A TLS session and the TCP stream its bytes take, from this end to the other. */
struct socket_record {
  __u8 type, flags;
  __u16 strength;
  __u32 tgid;
  __u64 time;
  struct stream_key key; /* of what the session sends */
  struct stream_key socket;
};

/* How sure it is that a session and a socket belong together. */
enum strength {
  STRENGTH_WRITE = 1, /* the thread's last TLS socket when the session sent */
  STRENGTH_TRIED = 2, /* ... when it tried to receive, just after the thread had read: a handshake */
  STRENGTH_READ = 3,  /* ... when it received something: that came from there */
  STRENGTH_KNOWN = 4, /* the library was told the descriptor, or used it during the call */
};

/* The reader was told that there is no more. */
struct eof_record {
  __u8 type, flags;
  __u16 fd;
  __u32 slot;
  __u64 time;
  struct stream_key key;
  __u32 tgid, tid;
};

struct exit_record {
  __u8 type, flags;
  __u16 pad;
  __u32 tgid;
  __u64 time;
};

struct fork_record {
  __u8 type, flags;
  __u16 pad;
  __u32 tgid;
  __u64 time;
  __u32 child, pad2;
};

/* Followed by nothing: `args` holds the NUL-separated command line, cut at its size. */
struct exec_record {
  __u8 type, flags;
  __u16 args_len;
  __u32 tgid;
  __u64 time;
  __u64 cgroup;
  __u32 ppid, pad;
  char comm[16];
  char filename[256];
  char args[1024];
};

/* A process has mapped a file to execute it: told once a file, and each time for what looks like a TLS library. */
struct map_record {
  __u8 type, flags;
  __u16 pad;
  __u32 tgid;
  __u64 time;
  __u64 inode;
  __u32 device; /* as the kernel has it: major << 20 | minor */
  __u32 pad2;
};

/* One open pipe or UNIX socket, as the task_file iterator writes it. */
struct fd_record {
  __u64 end;  /* own end */
  __u64 peer; /* other end of a UNIX socket, else 0 */
  __u32 tgid, fd;
  __u32 mode; /* bit 0 readable, bit 1 writable, bit 2 UNIX socket */
  __u32 ppid;
  char comm[16];
};

/* Written by user space into the mapped `control` array. */
struct control {
  __u32 self;       /* tgid of mcpsonde, never captured */
  __u32 follow;     /* 1: children of mcpsonde are captured */
  __u32 wake_bytes; /* the reader is woken when this much waits in the ring */
  __u32 sleeping;   /* 1: the reader sleeps; the next record wakes it and clears this */
  __u32 tcp;        /* 1: TCP connections are looked at */
};

enum counter { COUNT_LOST = 0, COUNT_LOST_BYTES = 1, COUNT_FAULTS = 2, COUNT_CUT = 3, COUNTERS = 4 };
