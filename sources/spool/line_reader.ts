/**
 * Whole lines of a file that others are still writing.
 *
 * @module
 */
import { findNewline } from "../../protocols/jsonrpc/mod.ts";
import { forgetLines } from "../../protocols/sensor/mod.ts";
import type { Bytes } from "./bytes.ts";

/** Read at once: at first, and from then on. */
const FIRST = 16 * 1024, BLOCK = 256 * 1024;
/** Searched for newlines at once: three times as fast as `indexOf`, which looks at byte after byte. */
const PIECE = 8 * 1024;

/** Bytes that several may take together. */
export class Budget {
  #left: number;

  /** So many. */
  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes some; false if they are not there. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  /** Gives some back. */
  give(bytes: number): void {
    this.#left += bytes;
  }
}

/** Reads lines. What has no newline yet is none: it is looked at again once more has come. */
export class LineReader {
  /** The line is `buffer[start, end)`, without its newline. The buffer is not used again. */
  buffer: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** The file's offset just past the line's newline; before the first line where it was opened. */
  offset: number;
  /** Of a line over the limit, which is passed over up to its newline: bytes so far. */
  skipped = 0;
  /** When bytes were read last, in milliseconds since the epoch. */
  readAt = 0;
  readonly #bytes: Bytes;
  readonly #limit: number;
  readonly #budget: Budget;
  /** What the buffer takes of it: a long line's only. */
  #taken = 0;
  #at = 0;
  #filled = 0;
  /** Where newlines are in what was read, and the next of them. */
  #newlines: number[] = [];
  #next = 0;
  #isSkipping = false;

  /** `limit` is the longest line in bytes; what lines longer than a block take, they take from the budget. */
  constructor(bytes: Bytes, offset: number, limit: number, budget: Budget) {
    this.#budget = budget;
    this.#bytes = bytes;
    this.offset = offset;
    this.#limit = limit;
  }

  /** Bytes that were read and belong to no line yet. */
  get partial(): number {
    return this.#filled - this.#at;
  }

  /** True within a line over the limit. */
  get isSkipping(): boolean {
    return this.#isSkipping;
  }

  /** Goes to the next whole line. False at the end that the file has now. */
  next(): boolean | Promise<boolean> {
    for (;;) {
      const found = this.#find();
      if (found !== undefined) return found;
      const read = this.#fill();
      if (typeof read !== "number") return read.then((count) => this.#filledBy(count) && this.next());
      if (!this.#filledBy(read)) return false;
    }
  }

  /** Lets go of the file. */
  close(): void {
    this.#budget.give(this.#taken);
    this.#taken = 0;
    this.#bytes.close();
  }

  /** True if there is a line in what was read. */
  #find(): boolean | undefined {
    const newline = this.#newlines[this.#next];
    if (newline === undefined) {
      if (this.partial > this.#limit || this.#isSkipping) this.#skip(this.#filled);
      return undefined;
    }
    if (this.#isSkipping || newline - this.#at > this.#limit) {
      this.#skip(newline);
      this.#isSkipping = false;
      this.start = this.end = this.#at; // an empty line stands for it
    } else {
      this.start = this.#at;
      this.end = newline;
      this.offset += newline - this.#at;
    }
    this.offset++;
    this.#next++;
    this.#at = newline + 1;
    return true;
  }

  #skip(to: number): void {
    this.skipped += to - this.#at;
    this.offset += to - this.#at;
    this.#at = to;
    this.#isSkipping = true;
  }

  #fill(): number | Promise<number> {
    if (this.partial > BLOCK && !this.#mayGrow()) this.#skip(this.#filled);
    const rest = this.#filled - this.#at;
    if (this.buffer.length - this.#filled < FIRST / 4) this.#grow(rest);
    return this.#bytes.read(this.buffer, this.#filled, this.buffer.length);
  }

  /** Whether a line that is longer than a block may be read on. */
  #mayGrow(): boolean {
    if (this.buffer.length - this.#filled >= FIRST / 4) return true;
    const wanted = 2 * this.partial;
    if (!this.#budget.take(wanted - this.#taken)) return false;
    this.#taken = wanted;
    return true;
  }

  /** A new buffer: events may still need the last. */
  #grow(rest: number): void {
    if (rest <= BLOCK && this.#taken > 0) {
      this.#budget.give(this.#taken);
      this.#taken = 0;
    }
    const size = this.buffer.length === 0 ? FIRST : Math.min(Math.max(BLOCK, rest * 2), this.#limit + BLOCK);
    const buffer = new Uint8Array(Math.max(size, rest + FIRST));
    buffer.set(this.buffer.subarray(this.#at, this.#filled));
    this.buffer = buffer;
    this.#at = 0;
    this.#filled = rest;
  }

  #filledBy(count: number): boolean {
    if (count === 0) return false;
    forgetLines(); // the buffer holds more than it did
    this.#newlines.length = this.#next = 0;
    const end = this.#filled + count;
    for (let at = this.#filled; at < end;) {
      const to = Math.min(end, at + PIECE), newline = findNewline(this.buffer, at, to);
      if (newline < to) this.#newlines.push(newline);
      at = newline < to ? newline + 1 : to;
    }
    this.#filled = end;
    this.readAt = Date.now();
    return true;
  }
}
