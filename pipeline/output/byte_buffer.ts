/**
 * Bytes on their way out.
 *
 * @module
 */

const encoder = new TextEncoder();
/** Up to this many bytes, a loop beats `set`. */
const TINY = 24;
/** Up to this many bytes, copying eight at a time beats `set` on a view, which makes garbage. */
const SHORT = 128;
/** Arrays from this size on are copied from more than once, as a rule, and get a view. */
const SHARED = 16 * 1024;
const CR = 0x0d, LF = 0x0a, SPACE = 0x20;

/** A growing buffer. Whoever writes to it has asked for room before: only `text` asks itself. */
export class ByteBuffer {
  /** Holds `length` bytes worth writing. */
  bytes: Uint8Array;
  length = 0;
  #view: DataView;
  /** The array that was copied from last, and a view of it. */
  #from: Uint8Array | undefined;
  #fromView: DataView;

  /** An empty buffer. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.#view = this.#fromView = new DataView(this.bytes.buffer);
  }

  /** Makes room for this many more bytes. */
  reserve(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + bytes, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** The whole of an array. */
  put(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length > TINY) this.bytes.set(bytes, this.length);
    else {
      const to = this.bytes, at = this.length;
      for (let k = 0; k < length; k++) to[at + k] = bytes[k]!;
    }
    this.length += length;
  }

  /** The whole of an array, with room made for it. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.put(bytes);
  }

  /** A part of an array. */
  splice(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const to = this.length;
    this.length = to + length;
    if (length > SHORT || from !== this.#from && !this.#see(from)) {
      this.bytes.set(from.subarray(start, end), to);
      return;
    }
    const source = this.#fromView, target = this.#view;
    let k = 0;
    for (; k + 8 <= length; k += 8) target.setBigInt64(to + k, source.getBigInt64(start + k, true), true);
    const { bytes } = this;
    for (; k < length; k++) bytes[to + k] = from[start + k]!;
  }

  /** Text, with room made for it. */
  text(text: string): void {
    this.reserve(text.length * 3);
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  /** A whole number from 0 up. */
  integer(value: number): void {
    let digits = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    this.digits(value, digits);
  }

  /** A whole number in this many digits. */
  digits(value: number, digits: number): void {
    const to = this.bytes;
    for (let at = this.length + digits - 1, rest = value; at >= this.length; at--) {
      const next = Math.floor(rest / 10);
      to[at] = rest - next * 10 + 0x30;
      rest = next;
    }
    this.length += digits;
  }

  /** Makes one line of what was written since `start`: in JSON a line break can only be space between tokens. */
  flatten(start: number): void {
    const { bytes, length } = this;
    for (let at = start; at < length; at++) if (bytes[at] === CR || bytes[at] === LF) bytes[at] = SPACE;
  }

  /** Makes a view of an array that is worth one. */
  #see(from: Uint8Array): boolean {
    if (from.length < SHARED) return false;
    this.#from = from;
    this.#fromView = new DataView(from.buffer, from.byteOffset, from.byteLength);
    return true;
  }
}
