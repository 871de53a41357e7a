/**
 * The small things that are done with files: all that is made is its owner's only.
 *
 * @module
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, statSync, unlinkSync, writeSync } from "node:fs";

/** The code of an error of `node:fs`, such as `ENOSPC`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** Makes a folder and those above it. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Reads up to `length` bytes from an offset; fewer at the end of the file. */
export function readAt(fd: number, into: Uint8Array, length: number, offset: number): number {
  let have = 0;
  while (have < length) {
    const got = readSync(fd, into, have, length - have, offset + have);
    if (got === 0) break;
    have += got;
  }
  return have;
}

/** Writes all at an offset. */
export function writeAt(fd: number, bytes: Uint8Array, length: number, offset: number): void {
  let done = 0;
  while (done < length) done += writeSync(fd, bytes, done, length - done, offset + done);
}

/** The first bytes of a file. */
export function readStart(path: string, length: number): Uint8Array {
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readAt(fd, bytes, length, 0));
  } finally {
    closeSync(fd);
  }
}

/** Removes a file; one that is gone already is as good. False if it cannot be removed. */
export function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    return codeOf(error) === "ENOENT";
  }
}

/** True if the path leads to the open file still. */
export function isAt(fd: number, path: string): boolean {
  try {
    const here = statSync(path), mine = fstatSync(fd);
    return here.ino === mine.ino && here.dev === mine.dev;
  } catch {
    return false;
  }
}

/** True if there is something at the path, as far as can be seen. */
export function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
