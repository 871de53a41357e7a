/**
 * The C library's calls on file descriptors, which move bytes between processes in three system calls a message. Linux,
 * with glibc or musl; elsewhere there are streams.
 *
 * @module
 */

/** `errno` values, of Linux on x86-64 and arm64 (asm-generic/errno-base.h, errno.h). */
export const ERRNO = { ENOENT: 2, EINTR: 4, EAGAIN: 11, EACCES: 13 } as const;
/** Events of `poll` (asm-generic/poll.h). */
export const POLL = { IN: 1, OUT: 4, ERR: 8, HUP: 16, NVAL: 32 } as const;
/** Flags of `open` and `pipe2` (asm-generic/fcntl.h). */
export const O = { RDONLY: 0, WRONLY: 1, RDWR: 2, NONBLOCK: 0x800, CLOEXEC: 0x80000 } as const;
/** Flags of `send` and `recv` (bits/socket.h): do not wait; no SIGPIPE. */
export const MSG = { DONTWAIT: 0x40, NOSIGNAL: 0x4000 } as const;
/** Commands of `fcntl`. */
export const F = { GETFL: 3, SETFL: 4, DUPFD_CLOEXEC: 1030 } as const;

// Results are 32 bits wide: what is moved at once is less, and larger ones would come as bigint.
const SYMBOLS = {
  read: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  write: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  poll: { parameters: ["buffer", "u32", "i32"], result: "i32" },
  pipe2: { parameters: ["buffer", "i32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
  dup3: { parameters: ["i32", "i32", "i32"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  environ: { type: "pointer" },
  posix_spawnp: { parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"], result: "i32" },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_adddup2: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  posix_spawn_file_actions_addchdir_np: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setsigmask: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawnattr_setsigdefault: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawnattr_setflags: { parameters: ["buffer", "i16"], result: "i32" },
  posix_spawnattr_destroy: { parameters: ["buffer"], result: "i32" },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32", nonblocking: true },
  getpgrp: { parameters: [], result: "i32" },
  tcgetpgrp: { parameters: ["i32"], result: "i32" },
  signal: { parameters: ["i32", "pointer"], result: "pointer" },
  kill: { parameters: ["i32", "i32"], result: "i32" },
  prctl: { parameters: ["i32", "u32", "u32", "u32", "u32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** The functions, as they are in C, and `errno`. */
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] & { errno(): number };

const NAMES = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

/** The library; undefined where there is none that is known, or it may not be loaded. */
export function openLibc(): Libc | undefined {
  if (Deno.build.os !== "linux") return undefined;
  for (const name of NAMES) {
    try {
      const { symbols } = Deno.dlopen(name, SYMBOLS);
      const errno = () => {
        const at = symbols.__errno_location();
        return at === null ? 0 : new Deno.UnsafePointerView(at).getInt32();
      };
      return { ...symbols, errno };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** A path as C wants it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
