/**
 * Rows as bytes, to be handed to another thread: a statement's number, then a tag and a payload for each value.
 *
 * @module
 */
import { type RowWriter, type StatementName, STATEMENTS, type Value } from "./statements.ts";

const NULL = 0, INTEGER = 1, NUMBER = 2, TEXT = 3, BYTES = 4;
const INITIAL = 256 * 1024;
/** Texts of so many characters are not worth a call of the encoder. */
const SHORT = 64;

const NUMBERS: ReadonlyMap<StatementName, number> = new Map(STATEMENTS.map(({ name }, number) => [name, number]));
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Packs rows. */
export class Packer implements RowWriter {
  #bytes = new Uint8Array(INITIAL);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Rows that wait to be taken. */
  rows = 0;

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#length;
  }

  write(name: StatementName, values: Value[]): void {
    this.rows++;
    this.#room(1);
    this.#bytes[this.#length++] = NUMBERS.get(name)!;
    for (let k = 0; k < values.length; k++) this.#value(values[k]!);
  }

  /** What was packed since the last time. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.rows = 0;
    if (this.#bytes.length > 64 * INITIAL) {
      this.#bytes = new Uint8Array(INITIAL);
      this.#view = new DataView(this.#bytes.buffer);
    }
    return bytes;
  }

  #value(value: Value): void {
    if (typeof value === "number") {
      this.#room(9);
      if ((value | 0) === value) {
        this.#bytes[this.#length] = INTEGER;
        this.#view.setInt32(this.#length + 1, value);
        this.#length += 5;
      } else {
        this.#bytes[this.#length] = NUMBER;
        this.#view.setFloat64(this.#length + 1, value);
        this.#length += 9;
      }
    } else if (value === null) {
      this.#room(1);
      this.#bytes[this.#length++] = NULL;
    } else if (typeof value === "string") {
      this.#room(5 + 3 * value.length);
      const written = this.#text(value, this.#length + 5);
      this.#head(TEXT, written);
      this.#length += written;
    } else {
      this.#room(5 + value.length);
      this.#head(BYTES, value.length);
      this.#bytes.set(value, this.#length);
      this.#length += value.length;
    }
  }

  /** Puts a text there; tells how many bytes it takes. */
  #text(text: string, at: number): number {
    if (text.length <= SHORT) { // mostly ASCII: to call the encoder takes 1 µs
      let k = 0;
      for (; k < text.length; k++) {
        const code = text.charCodeAt(k);
        if (code > 0x7f) break;
        this.#bytes[at + k] = code;
      }
      if (k === text.length) return k;
    }
    return encoder.encodeInto(text, this.#bytes.subarray(at)).written;
  }

  #head(tag: number, length: number): void {
    this.#bytes[this.#length] = tag;
    this.#view.setUint32(this.#length + 1, length);
    this.#length += 5;
  }

  #room(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(2 * this.#bytes.length, needed));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** Hands on what {@linkcode Packer} packed. Bytes among the values are views. */
export function unpack(bytes: Uint8Array, out: RowWriter): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const { name, width } = STATEMENTS[bytes[at++]!]!;
    const values: Value[] = new Array(width);
    for (let k = 0; k < width; k++) {
      const tag = bytes[at++];
      if (tag === INTEGER) {
        values[k] = view.getInt32(at);
        at += 4;
      } else if (tag === NUMBER) {
        values[k] = view.getFloat64(at);
        at += 8;
      } else if (tag === NULL) values[k] = null;
      else {
        const length = view.getUint32(at), start = at + 4;
        at = start + length;
        values[k] = tag === TEXT ? decoder.decode(bytes.subarray(start, at)) : bytes.subarray(start, at);
      }
    }
    out.write(name, values);
  }
}
