/**
 * Small things done with bytes.
 *
 * @module
 */
import { Buffer } from "node:buffer";

type Slice = (this: Uint8Array, from: number, to: number) => string;
/** A prototype's method works on any Uint8Array; making a Buffer first costs more than the slice. */
const { latin1Slice } = Buffer.prototype as unknown as { readonly latin1Slice: Slice };

/** Bytes as text, one character each. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  return latin1Slice.call(bytes, from, to);
}

/** From so many bytes on, the built-in search is quicker than a loop. */
const LONG = 128;

/** Offset of the first LF in `bytes[at, end)`, or -1. */
export function newline(bytes: Uint8Array, at: number, end: number): number {
  const near = Math.min(end, at + LONG);
  for (let k = at; k < near; k++) if (bytes[k] === 10) return k;
  if (near === end) return -1;
  const found = bytes.subarray(near, end).indexOf(10);
  return found < 0 ? -1 : near + found;
}

/** A line that came in pieces. */
export class Held {
  /** Bytes held. */
  length = 0;
  #bytes: Uint8Array = EMPTY;

  /** Adds bytes. The caller bounds their number. */
  add(bytes: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (length > this.#bytes.length) {
      const more = new Uint8Array(Math.max(128, length * 2));
      more.set(this.#bytes.subarray(0, this.length));
      this.#bytes = more;
    }
    this.#bytes.set(bytes.subarray(from, to), this.length);
    this.length = length;
  }

  /** What is held, as text; it stays. */
  text(): string {
    return latin1(this.#bytes, 0, this.length);
  }

  /** Gives away what is held. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.length);
    this.clear();
    return bytes;
  }

  /** Holds nothing from here on. */
  clear(): void {
    this.#bytes = EMPTY;
    this.length = 0;
  }
}

const EMPTY = new Uint8Array(0);
