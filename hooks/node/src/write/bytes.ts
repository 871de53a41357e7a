/**
 * Whole lines as bytes, as many as are written in one call.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Pending } from "../events/event.ts";
import { MAX_LINE } from "../events/limits.ts";

/** Takes what is sensitive out of bytes that hold JSON; undefined: they stay as they are. */
export type RedactBytes = (buffer: Uint8Array, start: number, end: number) => string | undefined;

/** Bytes that are gathered before they are written: so many pass in one call without being cut by a signal, mostly. */
const ENOUGH = 64 * 1024;
const BRACE = 0x7b, COMMA = 0x2c;

/** Holds lines. */
export class Bytes {
  buffer: Buffer = Buffer.allocUnsafeSlow(2 * ENOUGH);
  length = 0;
  /** Lines in it. */
  lines = 0;
  readonly #redact: RedactBytes;

  constructor(redact: RedactBytes) {
    this.#redact = redact;
  }

  /** True if it is time to write. */
  get isFull(): boolean {
    return this.length >= ENOUGH;
  }

  clear(): void {
    this.length = 0;
    this.lines = 0;
    if (this.buffer.length > 16 * ENOUGH) {
      this.buffer = Buffer.allocUnsafeSlow(2 * ENOUGH);
    }
  }

  /** Adds a line. Gives false, and adds nothing, if it is longer than a line may be. */
  add(item: Pending): boolean {
    const begin = this.length;
    try {
      this.#line(item);
    } catch (error) {
      this.length = begin;
      throw error;
    }
    if (this.length - begin > MAX_LINE) {
      this.length = begin;
      return false;
    }
    this.lines++;
    return true;
  }

  #line({ head, open, spread, tail, size }: Pending): void {
    this.#reserve(3 * size + 8); // a UTF-16 unit takes at most three bytes of UTF-8
    this.#write(head);
    const start = this.length;
    this.#write(open);
    const shown = open.length > 2 ? this.#redact(this.buffer, start, this.length) : undefined;
    if (shown !== undefined) {
      this.length = start;
      this.#reserve(3 * (shown.length + tail.length));
      this.#write(shown);
    }
    if (spread) this.#spread(start);
    this.#write(tail);
  }

  /** Makes the object at `start` members of the one that is being written. */
  #spread(start: number): void {
    if (this.buffer[start] !== BRACE || this.length - start <= 2) {
      this.length = start; // nothing, or nothing is left of it
      return;
    }
    this.buffer[start] = COMMA;
    this.length--;
  }

  #write(text: string): void {
    this.length += this.buffer.write(text, this.length);
  }

  #reserve(more: number): void {
    const wanted = this.length + more;
    if (wanted <= this.buffer.length) return;
    const next = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * this.buffer.length));
    this.buffer.copy(next, 0, 0, this.length);
    this.buffer = next;
  }
}
