/**
 * Goes through a segment from record to record, past what is damaged.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { readAt } from "./files.ts";
import { HEADER_BYTES } from "./header.ts";
import { isWhole, RECORD_BYTES } from "./record.ts";

/** Bytes that are read at once. */
const CHUNK = 1024 * 1024;
const EMPTY = new Uint8Array(0);

/** Where one is in a segment. After `find` returned true, it stands at a record; `pass` goes behind it. */
export class Walker {
  /** Of the record it stands at: its index in the segment. */
  index = 0;
  /** Of that record: when it was added. */
  time = 0;
  /** Bytes that were skipped because they are no whole record. */
  skipped = 0;
  /** Just behind the last whole record that was passed. */
  good: number = HEADER_BYTES;
  readonly #fd: number;
  readonly #salt: number;
  readonly #mark: Uint8Array;
  /** Where it stands in the file. */
  #at: number = HEADER_BYTES;
  /** Length of the payload there; -1 if that is not known to be a record. */
  #length = -1;
  #expected = 0;
  #chunk: Uint8Array = EMPTY;
  #view = new DataView(EMPTY.buffer);
  #base = 0; // of the chunk in the file

  /** Begins with the first record. The salt is that of the segment's header. */
  constructor(fd: number, salt: number) {
    this.#fd = fd;
    this.#salt = salt;
    this.#mark = new Uint8Array(4);
    new DataView(this.#mark.buffer).setUint32(0, salt, true);
  }

  /** Goes to the next whole record of the first `limit` bytes. False if there is none. Throws the errors of `node:fs`. */
  find(limit: number): boolean {
    if (this.#length >= 0) return true;
    while (this.#at < limit) {
      if (this.#isRecord(limit)) return true;
      this.#seek(limit);
    }
    return false;
  }

  /** Bytes of the record it stands at. */
  get length(): number {
    return this.#length;
  }

  /** The payload of the record it stands at. It stays as it is. */
  get payload(): Uint8Array {
    const from = this.#at - this.#base + RECORD_BYTES;
    return this.#chunk.subarray(from, from + this.#length);
  }

  /** Goes behind the record. */
  pass(): void {
    this.#at += RECORD_BYTES + this.#length;
    this.good = this.#at;
    this.#expected = this.index + 1;
    this.#length = -1;
  }

  #isRecord(limit: number): boolean {
    const room = limit - this.#at - RECORD_BYTES;
    if (room < 0 || !this.#have(RECORD_BYTES, limit)) return false;
    let from = this.#at - this.#base;
    const length = this.#view.getUint32(from + 8, true), index = this.#view.getUint32(from + 12, true);
    if (this.#view.getUint32(from + 4, true) !== this.#salt || length > room) return false;
    const most = this.#expected + Math.floor((this.#at - this.good) / RECORD_BYTES); // as many as the damage has room for
    if (index < this.#expected || index > most || !this.#have(RECORD_BYTES + length, limit)) return false;
    from = this.#at - this.#base;
    if (!isWhole(this.#chunk, this.#view, from, length)) return false;
    this.index = index;
    this.time = this.#view.getFloat64(from + 16, true);
    this.#length = length;
    return true;
  }

  /** Goes to where the next record may begin, at least a byte on. */
  #seek(limit: number): void {
    const start = this.#at;
    for (let from = start + 1;;) {
      this.#at = from;
      if (limit - from < RECORD_BYTES || !this.#have(RECORD_BYTES, limit)) {
        this.#at = limit;
        break;
      }
      const window = Buffer.from(this.#chunk.buffer, this.#chunk.byteOffset, this.#chunk.length);
      const found = window.indexOf(this.#mark, from - this.#base + 4);
      if (found >= 0) {
        this.#at = this.#base + found - 4;
        break;
      }
      from = Math.max(from + 1, this.#base + this.#chunk.length - 7); // a mark may stand across the end
    }
    this.skipped += this.#at - start;
  }

  /** Sees to it that so many bytes from here on are in the chunk. False if the file has not so many. */
  #have(bytes: number, limit: number): boolean {
    const end = this.#base + this.#chunk.length;
    if (this.#at >= this.#base && this.#at + bytes <= end) return true;
    const length = Math.min(limit - this.#at, Math.max(CHUNK, bytes));
    const chunk = new Uint8Array(length); // a new one, as payloads of the last one are in use
    const got = readAt(this.#fd, chunk, length, this.#at);
    this.#chunk = chunk.subarray(0, got);
    this.#view = new DataView(chunk.buffer, 0, got);
    this.#base = this.#at;
    return got >= bytes;
  }
}
