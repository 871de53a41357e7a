/**
 * Room for the bytes of messages that were changed: an array for each would cost more than to fill it.
 *
 * @module
 */

/** Bytes of one buffer. What is longer gets one of its own. */
const SIZE = 64 * 1024;
/** Most bytes of UTF-8 for a UTF-16 unit. */
const PER_UNIT = 3;
const encoder = new TextEncoder();

/** Where a text was written: `buffer[start, end)`. What was written does not change any more. */
export interface Written {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Writes texts one after the other. */
export class Pool {
  #buffer = new Uint8Array(0);
  #next = 0;

  /** Writes the text as UTF-8. */
  write(text: string): Written {
    if (text.length * PER_UNIT > SIZE / 4) {
      const buffer = encoder.encode(text);
      return { buffer, start: 0, end: buffer.length };
    }
    if (this.#buffer.length - this.#next < text.length * PER_UNIT) {
      this.#buffer = new Uint8Array(SIZE);
      this.#next = 0;
    }
    const start = this.#next, buffer = this.#buffer;
    this.#next = start + encoder.encodeInto(text, buffer.subarray(start)).written;
    return { buffer, start, end: this.#next };
  }
}
