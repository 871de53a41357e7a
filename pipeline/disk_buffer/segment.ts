/**
 * A file of the buffer: a header, and records one after the other.
 *
 * @module
 */
import { closeSync, constants, fsync, fsyncSync, ftruncateSync, openSync } from "node:fs";
import { isAt, readStart, remove, writeAt } from "./files.ts";
import { decodeHeader, encodeHeader, type Header, HEADER_BYTES } from "./header.ts";

/** Names of segments: the number of the first record, in hex, so that they sort. */
export const SEGMENT_NAME = /^[0-9a-f]{14}\.segment$/;

/** The name of the segment that begins with a record. */
export function segmentName(first: number): string {
  return `${first.toString(16).padStart(14, "0")}.segment`;
}

/** A segment. It is written to by one, and read by one, through one descriptor. */
export class Segment {
  /** Where it is. */
  readonly path: string;
  /** The number of its first record. */
  readonly first: number;
  /** Undefined if it is damaged: then no record of the segment can be told. */
  readonly header: Header | undefined;
  /** Bytes of it that are good. */
  size: number;
  /** The number after its last record. */
  end: number;
  /** When something was added last, in milliseconds since the Unix epoch. */
  lastTime: number;
  /** True if nothing is added any more. */
  closed: boolean;
  /** True if its name is known to lead nowhere any more. */
  orphan = false;
  #fd: number | undefined;
  #users = 0;

  private constructor(
    path: string,
    header: Header | undefined,
    about: { first: number; size: number; end: number; time: number; closed: boolean; fd?: number | undefined },
  ) {
    this.path = path;
    this.header = header;
    this.first = about.first;
    this.size = about.size;
    this.end = about.end;
    this.lastTime = about.time;
    this.closed = about.closed;
    this.#fd = about.fd;
    if (about.fd !== undefined) this.#users = 1;
  }

  /** Makes a new one, to be written to. Throws the errors of `node:fs`; then there is none. */
  static create(path: string, header: Header): Segment {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      writeAt(fd, encodeHeader(header), HEADER_BYTES, 0);
    } catch (error) {
      closeSync(fd);
      remove(path);
      throw error;
    }
    const { number: first, time } = header;
    return new Segment(path, header, { first, size: HEADER_BYTES, end: first, time, closed: false, fd });
  }

  /** One that an earlier run has left. `end` is to be set once it is known. */
  static found(path: string, first: number, size: number, time: number): Segment {
    const header = decodeHeader("segment", readStart(path, HEADER_BYTES));
    const fits = header !== undefined && header.number === first;
    return new Segment(path, fits ? header : undefined, { first, size, end: first, time, closed: true });
  }

  /** The descriptor, for who reads; to be given back by `release`. */
  open(): number {
    this.#users++;
    return this.#fd ??= openSync(this.path, "r");
  }

  /** Who reads, or writes, does so no more. */
  release(): void {
    if (this.#users > 0) this.#users--;
    const fd = this.#fd;
    if (this.#users > 0 || fd === undefined) return;
    this.#fd = undefined;
    try {
      closeSync(fd);
    } catch {
      // what a network's file system finds out only now has been written or not: it is read back with checksums
    }
  }

  /** Adds whole records. On an error of `node:fs` nothing of them counts. */
  append(block: Uint8Array, length: number, records: number, time: number): void {
    if (this.#fd === undefined) throw new Error("A closed segment is not written to");
    try {
      writeAt(this.#fd, block, length, this.size);
    } catch (error) {
      this.cut();
      throw error;
    }
    this.size += length;
    this.end += records;
    this.lastTime = time;
  }

  /** Takes back what lies beyond the good bytes, if that can be. */
  cut(): boolean {
    try {
      const fd = this.#fd ?? openSync(this.path, "r+");
      try {
        ftruncateSync(fd, this.size);
      } finally {
        if (fd !== this.#fd) closeSync(fd);
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Waits for the disk; the event loop goes on. */
  sync(): Promise<void> {
    const fd = this.#fd;
    if (fd === undefined) return Promise.resolve();
    this.#users++;
    return new Promise((resolve, reject) =>
      fsync(fd, (error) => {
        this.release();
        if (error === null || error === undefined) resolve();
        else reject(error);
      })
    );
  }

  /** Nothing is added any more. With `sync`, waits for the disk first; gives what it said if it failed. */
  close(sync: boolean): unknown {
    if (this.closed) return undefined;
    this.closed = true;
    try {
      if (sync && this.#fd !== undefined) fsyncSync(this.#fd);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      this.release();
    }
  }

  /** True if its bytes can be had whatever happens to its name. */
  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  /** True if it is still where it was made. Of one that is not open, or whose loss is known: true. */
  get isThere(): boolean {
    return this.orphan || this.#fd === undefined || isAt(this.#fd, this.path);
  }

  /** Closes it, whoever uses it. */
  drop(): void {
    this.#users = 0;
    this.release();
  }
}
