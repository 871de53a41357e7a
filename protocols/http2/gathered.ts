/**
 * Gathers what comes in pieces.
 *
 * @module
 */

/** Bytes gathered up to a limit; once some are missing, no more are taken. */
export class Gathered {
  /** The bytes are `buffer[0, length)`. */
  buffer: Uint8Array = EMPTY;
  length = 0;
  /** Bytes that are missing after these. */
  missing = 0;
  readonly #limit: number;

  /** Takes up to `limit` bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds `buffer[start, end)`. */
  add(buffer: Uint8Array, start: number, end: number): void {
    const taken = this.missing > 0 ? 0 : Math.min(end - start, this.#limit - this.length);
    this.missing += end - start - taken;
    if (taken === 0) return;
    const length = this.length + taken;
    if (length > this.buffer.length) this.#grow(length);
    this.buffer.set(buffer.subarray(start, start + taken), this.length);
    this.length = length;
  }

  /** Starts anew, and keeps the room if it is small. */
  clear(): void {
    this.length = this.missing = 0;
    if (this.buffer.length > KEPT) this.buffer = EMPTY;
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(256, length * 2)));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}

const EMPTY = new Uint8Array(0);
const KEPT = 4096;
