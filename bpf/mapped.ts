/**
 * Memory shared with the kernel, as typed arrays.
 *
 * @module
 */
import { errno, libc } from "./libc.ts";

const PROT_READ = 1, PROT_WRITE = 2, MAP_SHARED = 1;

/** A mapping of a map's file descriptor. Do not touch `buffer` after `unmap`. */
export interface Mapped {
  readonly buffer: ArrayBuffer;
  unmap(): void;
}

/** Maps `length` bytes of `fd` from `offset`. Throws with the errno if the kernel refuses. */
export function mapMemory(fd: number, length: number, offset: number, writable: boolean): Mapped {
  const protection = PROT_READ | (writable ? PROT_WRITE : 0);
  const at = libc().mmap(null, BigInt(length), protection, MAP_SHARED, fd, BigInt(offset));
  if (!at || Deno.UnsafePointer.value(at) === 0xffffffffffffffffn) throw new Error(`mmap failed with errno ${errno()}`);
  return {
    buffer: Deno.UnsafePointerView.getArrayBuffer(at, length),
    unmap: () => void libc().munmap(at, BigInt(length)),
  };
}
