/**
 * A file that grows by whole units.
 *
 * @module
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";

/** How a file is opened. */
export interface AppendOptions {
  /** Keep what is there. Otherwise the file starts empty. */
  readonly append: boolean;
  /** The byte that every unit ends with, if there is one: a file that does not end with it is given it first. */
  readonly terminator?: number | undefined;
}

/**
 * A file to which units (lines, records) are added by one write call each time, all or nothing: what was written of a
 * unit when the disk became full is taken back. Synchronous; errors are those of `node:fs`. A new file is readable by
 * its owner only, and so is one that is replaced. What is no regular file (a device, a FIFO) is written to as it comes.
 */
export class AppendFile {
  /** Bytes in the file. Of anything but a regular file: bytes written. */
  size: number;
  /** True for a regular file. */
  readonly isRegular: boolean;
  readonly #fd: number;
  readonly #terminator: number | undefined;
  #torn: boolean;

  /** Opens or makes the file. */
  constructor(path: string, { append, terminator }: AppendOptions) {
    this.#fd = open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND);
    this.#terminator = terminator;
    try {
      // Not by O_TRUNC: Deno does not open a file to append and to truncate at once.
      if (!append && fstatSync(this.#fd).isFile()) {
        ftruncateSync(this.#fd);
        fchmodSync(this.#fd, 0o600);
      }
      const stat = fstatSync(this.#fd);
      this.isRegular = stat.isFile();
      this.size = this.isRegular ? stat.size : 0;
      this.#torn = this.#isTorn();
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Adds whole units. On an error nothing of them stays in the file. */
  write(bytes: Uint8Array): void {
    if (this.#torn && this.#terminator !== undefined) {
      this.#writeAll(Uint8Array.of(this.#terminator));
      this.#torn = false;
    }
    this.#writeAll(bytes);
  }

  /** Waits until all is on the disk. */
  sync(): void {
    if (this.isRegular) fsyncSync(this.#fd);
  }

  /** True if the path leads to this file still: it was not moved away, nor removed. */
  isAt(path: string): boolean {
    const here = statSync(path, { throwIfNoEntry: false });
    const mine = fstatSync(this.#fd);
    return here !== undefined && here.ino === mine.ino && here.dev === mine.dev;
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#fd);
  }

  #writeAll(bytes: Uint8Array): void {
    let at = 0;
    try {
      while (at < bytes.length) at += writeSync(this.#fd, bytes, at, bytes.length - at, null);
    } catch (error) {
      // Deno's writeSync goes on by itself after a part, and does not tell how much it wrote before it failed.
      const written = this.isRegular ? fstatSync(this.#fd).size - this.size : at;
      if (written !== 0) this.#takeBack(written, bytes.length);
      throw error;
    }
    this.size += bytes.length;
  }

  /** `written` of `length` bytes are in the file. If it cannot be so many, someone else has changed it meanwhile. */
  #takeBack(written: number, length: number): void {
    try {
      if (this.isRegular && written > 0 && written < length) return ftruncateSync(this.#fd, this.size);
    } catch {
      // then the terminator has to part it from what follows
    }
    this.#torn = true;
    this.size += written;
  }

  #isTorn(): boolean {
    if (this.#terminator === undefined || !this.isRegular || this.size === 0) return false;
    const last = new Uint8Array(1);
    return readSync(this.#fd, last, 0, 1, this.size - 1) === 1 && last[0] !== this.#terminator;
  }
}

function open(path: string, how: number): number {
  try {
    return openSync(path, how, 0o600);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "EACCES") throw error;
    return openSync(path, how & ~constants.O_RDWR | constants.O_WRONLY, 0o600); // writable and not readable: a pipe, say
  }
}
