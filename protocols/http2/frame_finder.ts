/**
 * Finds the frames in a stream of which the beginning, or some part, is missing.
 *
 * @module
 */
import { findFrames, MAX_UNDECIDED } from "./frames.ts";

/** Give it pieces until it finds frames. Holds at most `ROOM` bytes. */
export class FrameFinder {
  /** Frames begin at `buffer[start, end)`, and go on in the piece given last from `rest` on. */
  buffer: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  rest = 0;
  /** Bytes that were passed over, since this was last set to 0. */
  skipped = 0;
  #held: Uint8Array = EMPTY;
  #length = 0;

  /** Looks on in `buffer[at, end)`, all of one write. True if frames were found; it then forgets what it holds. */
  push(buffer: Uint8Array, at: number, end: number): boolean {
    if (this.#length === 0) {
      const found = findFrames(buffer, at, end, true);
      this.skipped += (found < 0 ? ~found : found) - at;
      if (found >= 0) return this.#hand(buffer, found, end, end);
      this.#hold(buffer, ~found, end);
      return false;
    }
    while (at < end) {
      const next = Math.min(end, at + ROOM - this.#length);
      this.#hold(buffer, at, next);
      at = next;
      const found = findFrames(this.#held, 0, this.#length, at === end);
      if (found >= 0) return this.#found(found, at);
      this.#drop(~found);
    }
    return false;
  }

  /** No more pieces come: takes what is there for whole. The same as {@linkcode push}. */
  finish(): boolean {
    const found = findFrames(this.#held, 0, this.#length, true, true);
    if (found >= 0) return this.#found(found, 0);
    this.drop();
    return false;
  }

  /** Passes over what it holds. */
  drop(): void {
    this.skipped += this.#length;
    this.#held = EMPTY;
    this.#length = 0;
  }

  #found(start: number, rest: number): boolean {
    this.skipped += start;
    const held = this.#held, length = this.#length;
    this.#held = EMPTY; // what was found in it is told, so it is not used again
    this.#length = 0;
    return this.#hand(held, start, length, rest);
  }

  #hand(buffer: Uint8Array, start: number, end: number, rest: number): true {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.rest = rest;
    return true;
  }

  #hold(buffer: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    if (this.#held.length === 0) this.#held = new Uint8Array(ROOM);
    this.#held.set(buffer.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  #drop(bytes: number): void {
    this.#held.copyWithin(0, bytes, this.#length);
    this.#length -= bytes;
    this.skipped += bytes;
    if (this.#length === 0) this.#held = EMPTY;
  }
}

const EMPTY = new Uint8Array(0);
const ROOM = 2 * MAX_UNDECIDED;
