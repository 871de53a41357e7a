/**
 * UTF-8 in pieces to text with one kind of line end.
 *
 * @module
 */
import { Buffer } from "node:buffer";

type Slice = (this: Uint8Array, from: number, to: number) => string;
const { utf8Slice } = Buffer.prototype as unknown as { readonly utf8Slice: Slice };
/** For a short text a slice is quicker, for a long one the decoder. */
const SHORT = 1024;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const NONE = new Uint8Array(0);

/** Decodes the pieces of one event stream. A character, or a CR LF, may be cut between two. */
export class TextPieces {
  #first = true;
  #afterCr = false;
  /** The beginning of a character. */
  #cut: Uint8Array = NONE;

  /** The text of `buffer[start, end)`: each CR LF and CR has become LF, a byte order mark at the beginning is gone. */
  take(buffer: Uint8Array, start: number, end: number): string {
    if (this.#cut.length > 0) {
      const joined = new Uint8Array(this.#cut.length + end - start);
      joined.set(this.#cut);
      joined.set(buffer.subarray(start, end), this.#cut.length);
      return this.#decode(joined, 0, joined.length);
    }
    return this.#decode(buffer, start, end);
  }

  /** Begins anew. */
  reset(): void {
    this.#first = true;
    this.#afterCr = false;
    this.#cut = NONE;
  }

  #decode(bytes: Uint8Array, start: number, end: number): string {
    const whole = end - unfinished(bytes, start, end);
    this.#cut = whole < end ? bytes.slice(whole, end) : NONE;
    let text = whole - start < SHORT
      ? utf8Slice.call(bytes, start, whole)
      : decoder.decode(bytes.subarray(start, whole));
    if (text === "") return text;
    if (this.#first) {
      this.#first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    if (this.#afterCr && text.charCodeAt(0) === 10) text = text.slice(1);
    this.#afterCr = this.#afterCr && text === "" ? false : text.charCodeAt(text.length - 1) === 13;
    return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  }
}

/** How many bytes at the end are the beginning of a character. */
function unfinished(bytes: Uint8Array, start: number, end: number): number {
  for (let back = 1; back <= 3 && end - back >= start; back++) {
    const byte = bytes[end - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
