/**
 * Room for the bytes of messages that were changed: an array for each would cost more than to fill it.
 *
 * @module
 */

import type { Edit } from "./edits.ts";

/** Bytes of one buffer: a message that is remembered keeps all of it alive. What is long gets one of its own. */
const SIZE = 16 * 1024;
/** Most bytes of UTF-8 for a UTF-16 unit. */
const PER_UNIT = 3;
/** Longest text that is written unit by unit. */
const SHORT = 96;
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

  /** Writes `buffer[start, end)` with other text in some places, in order. */
  splice(buffer: Uint8Array, start: number, end: number, edits: readonly Edit[]): Written {
    let most = end - start;
    for (const { text } of edits) most += text.length * PER_UNIT;
    const own = this.#room(most), from = own === this.#buffer ? this.#next : 0;
    let to = from, last = start;
    for (const edit of edits) {
      to = copy(buffer, last, edit.start, own, to);
      edit.size = put(edit.text, own, to) - to;
      to += edit.size;
      last = edit.end;
    }
    to = copy(buffer, last, end, own, to);
    if (own === this.#buffer) this.#next = to;
    return { buffer: own, start: from, end: to };
  }

  /** Writes the text as UTF-8. */
  write(text: string): Written {
    if (text.length * PER_UNIT > SIZE / 4) {
      const buffer = encoder.encode(text);
      return { buffer, start: 0, end: buffer.length };
    }
    const buffer = this.#room(text.length * PER_UNIT), start = this.#next;
    this.#next = start + encoder.encodeInto(text, buffer.subarray(start)).written;
    return { buffer, start, end: this.#next };
  }

  /** A buffer in which there are so many bytes left, from `#next` on unless it is one of its own. */
  #room(bytes: number): Uint8Array {
    if (bytes > SIZE / 4) return new Uint8Array(bytes);
    if (this.#buffer.length - this.#next < bytes) {
      this.#buffer = new Uint8Array(SIZE);
      this.#next = 0;
    }
    return this.#buffer;
  }
}

function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  to.set(from.subarray(start, end), at);
  return at + end - start;
}

/** Writes the text as UTF-8; gives where it ends. */
function put(text: string, to: Uint8Array, at: number): number {
  if (text.length > SHORT) return at + encoder.encodeInto(text, to.subarray(at)).written;
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    if (code > 0x7f) return at + encoder.encodeInto(text, to.subarray(at)).written;
    to[at + k] = code;
  }
  return at + text.length;
}
