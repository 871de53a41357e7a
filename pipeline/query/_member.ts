/**
 * Reads one string out of a JSON object's bytes without parsing the rest: 0.1 µs where it comes early.
 *
 * @module
 */
import { Buffer } from "node:buffer";

type Slice = (this: Uint8Array, start: number, end: number) => string;
const { latin1Slice, utf8Slice } = Buffer.prototype as unknown as {
  readonly latin1Slice: Slice;
  readonly utf8Slice: Slice;
};

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;

/**
 * The value of a member of the object in `buffer[start, end)`, which must be valid JSON. Undefined if the object has no
 * such member or its value is no string. Where a name stands twice the first counts, and a name with escapes is not
 * recognised: nobody who means well writes either.
 */
export function stringMember(buffer: Uint8Array, start: number, end: number, name: string): string | undefined {
  let at = start;
  while (at < end && buffer[at] !== 0x7b) at++;
  at++;
  while (at < end) {
    at = next(buffer, at, end, QUOTE);
    const from = at + 1, to = closing(buffer, from, end);
    at = next(buffer, to + 1, end, COLON) + 1;
    while (at < end && buffer[at]! <= 0x20) at++;
    if (is(buffer, from, to, name)) {
      return buffer[at] === QUOTE ? text(buffer, at + 1, closing(buffer, at + 1, end)) : undefined;
    }
    at = next(buffer, skip(buffer, at, end), end, COMMA) + 1;
  }
  return undefined;
}

function next(buffer: Uint8Array, at: number, end: number, byte: number): number {
  while (at < end && buffer[at] !== byte) at++;
  return at;
}

/** Offset of the quote that ends the string whose text begins at `at`. */
function closing(buffer: Uint8Array, at: number, end: number): number {
  for (; at < end; at++) {
    const byte = buffer[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
  }
  return end;
}

/** Offset just past the value that begins at `at`, or a little before a comma behind it. */
function skip(buffer: Uint8Array, at: number, end: number): number {
  for (let depth = 0; at < end; at++) {
    const byte = buffer[at]!;
    if (byte === QUOTE) at = closing(buffer, at + 1, end);
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
    else if (byte === COMMA && depth === 0) return at;
    if (depth < 0) return end;
  }
  return end;
}

function is(buffer: Uint8Array, from: number, to: number, name: string): boolean {
  if (to - from !== name.length) return false;
  for (let k = 0; k < name.length; k++) if (buffer[from + k] !== name.charCodeAt(k)) return false;
  return true;
}

function text(buffer: Uint8Array, from: number, to: number): string {
  let ascii = true;
  for (let at = from; at < to; at++) {
    const byte = buffer[at]!;
    if (byte === BACKSLASH) return JSON.parse(`"${utf8Slice.call(buffer, from, to)}"`) as string;
    if (byte > 0x7f) ascii = false;
  }
  return (ascii ? latin1Slice : utf8Slice).call(buffer, from, to);
}
