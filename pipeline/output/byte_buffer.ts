/**
 * Bytes on their way out.
 *
 * @module
 */

const encoder = new TextEncoder();
/** Up to this many bytes a loop copies faster than `set` on a view. */
const SHORT = 48;
const CR = 0x0d, LF = 0x0a, SPACE = 0x20;

/** A growing buffer. Whoever writes to it has asked for room before: the `put` methods do not look. */
export class ByteBuffer {
  /** Holds `length` bytes worth writing. */
  bytes: Uint8Array;
  length = 0;

  /** An empty buffer. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes room for this many more bytes. */
  reserve(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + bytes, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** Bytes that are whole in an array of their own. */
  put(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length <= SHORT) {
      const to = this.bytes;
      let at = this.length;
      for (let k = 0; k < length; k++) to[at++] = bytes[k]!;
    } else this.bytes.set(bytes, this.length);
    this.length += length;
  }

  /** A part of an array. */
  splice(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length <= SHORT) {
      const to = this.bytes;
      let at = this.length;
      for (let k = start; k < end; k++) to[at++] = from[k]!;
    } else this.bytes.set(from.subarray(start, end), this.length);
    this.length += length;
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
      to[at] = 0x30 + rest - next * 10;
      rest = next;
    }
    this.length += digits;
  }

  /** Makes one line of what was written since `start`: in JSON a line break can only be space between tokens. */
  flatten(start: number): void {
    const { bytes, length } = this;
    for (let at = start; at < length; at++) if (bytes[at] === CR || bytes[at] === LF) bytes[at] = SPACE;
  }
}
