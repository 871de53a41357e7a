/**
 * Random access to a file that may be hundreds of megabytes, may be hostile, and is never read whole.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** A file is not what it says it is, or goes beyond a bound. */
export class ElfError extends Error {
  override name = "ElfError";
}

/** Bytes at offsets. */
export interface ByteFile {
  /** Length in bytes. */
  readonly size: number;
  /** The bytes from `offset` on; fewer than `length`, or none, where the file ends. Do not change them. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** Bytes read at least at a time: neighbours are usually wanted next. */
const WINDOW = 1 << 16;

/** An open file, read through one window. Throws the system's errors when it is opened, {@linkcode ElfError} later. */
export class OpenFile implements ByteFile {
  readonly size: number;
  readonly fd: number;
  #window: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #start = 0;

  constructor(path: string) {
    this.fd = openSync(path, "r");
    const stat = fstatSync(this.fd);
    if (!stat.isFile()) {
      closeSync(this.fd);
      throw new ElfError("not a regular file");
    }
    this.size = stat.size;
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const end = Math.min(offset + length, this.size);
    if (!(offset >= 0) || offset >= end) return new Uint8Array(0);
    if (offset < this.#start || end > this.#start + this.#window.length) {
      this.#window = this.#load(offset, Math.max(end - offset, Math.min(WINDOW, this.size - offset)));
      this.#start = offset;
    }
    return this.#window.subarray(offset - this.#start, end - this.#start);
  }

  /** Closes the descriptor. */
  close(): void {
    closeSync(this.fd);
  }

  #load(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    let at = 0;
    try {
      while (at < length) {
        const n = readSync(this.fd, bytes, at, length - at, offset + at);
        if (n === 0) break; // cut off since it was opened
        at += n;
      }
    } catch (error) {
      throw new ElfError(`cannot be read: ${error instanceof Error ? error.message : error}`);
    }
    return bytes.subarray(0, at);
  }
}

/** Bytes in memory, for tests. */
export class MemoryFile implements ByteFile {
  readonly size: number;
  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {
    this.size = bytes.length;
  }
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    return offset >= 0 ? this.bytes.subarray(offset, Math.max(offset, offset + length)) : new Uint8Array(0);
  }
}
