/**
 * The few libc calls that Deno has no API for. Linux only.
 *
 * @module
 */

const SYMBOLS = {
  mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32", nonblocking: true },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  setpriority: { parameters: ["i32", "u32", "i32"], result: "i32" },
  getpagesize: { parameters: [], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** libc's functions by name. */
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

let opened: Libc | undefined;

/** Opens libc once. Throws if there is none of the GNU kind. */
export function libc(): Libc {
  return opened ??= Deno.dlopen("libc.so.6", SYMBOLS).symbols;
}

/** The calling thread's `errno`, valid right after a synchronous call. */
export function errno(): number {
  const at = libc().__errno_location();
  return at ? new Deno.UnsafePointerView(at).getInt32() : 0;
}

/** Clock ids of clock_gettime(2). */
export const CLOCK_REALTIME = 0, CLOCK_BOOTTIME = 7;

/** A clock's reading in milliseconds with a fraction. */
export function clock(id: number): number {
  const now = new BigInt64Array(2);
  libc().clock_gettime(id, now);
  return Number(now[0]) * 1000 + Number(now[1]) / 1e6;
}
