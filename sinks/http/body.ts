/**
 * Bodies put together from records.
 *
 * @module
 */
import { ByteBuffer } from "../../pipeline/output/byte_buffer.ts";

const CAPACITY = 64 * 1024;
const CLOSING = 0x7d;

/** A body that grows. */
export class Body {
  #out: ByteBuffer;

  /** An empty one; `bytes` says how many are likely. */
  constructor(bytes: number = CAPACITY) {
    this.#out = new ByteBuffer(bytes);
  }

  /** Makes it empty, to be used again. A buffer that was made for one large body is let go. */
  clear(): this {
    if (this.#out.bytes.length > 4 * CAPACITY) this.#out = new ByteBuffer(CAPACITY);
    this.#out.length = 0;
    return this;
  }

  /** Adds text. */
  text(text: string): this {
    this.#out.text(text);
    return this;
  }

  /** Adds bytes. */
  bytes(bytes: Uint8Array): this {
    this.#out.append(bytes);
    return this;
  }

  /** Adds a JSON object with one member more at its end; the object must not be empty. */
  object(json: Uint8Array, name: string, value: string): this {
    if (json.at(-1) !== CLOSING) return this.bytes(json);
    this.#out.append(json.subarray(0, -1));
    return this.text(`,"${name}":${JSON.stringify(value)}}`);
  }

  /** All of it, good until the next change. */
  done(): Uint8Array {
    return this.#out.bytes.subarray(0, this.#out.length);
  }
}

/** Bytes of records, and some more for each. */
export function sizeOf(records: readonly { readonly bytes: Uint8Array }[], more: number): number {
  return records.reduce((sum, { bytes }) => sum + bytes.length + more, 64);
}
