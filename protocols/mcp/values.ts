/**
 * Reads small JSON values from their bytes. The bytes have to be one valid JSON value without space around it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Json } from "../../pipeline/event.ts";

type Slice = (this: Uint8Array, from: number, to: number) => string;
/** A prototype's method works on any Uint8Array; making a Buffer first costs more than the slice. */
const { latin1Slice, utf8Slice } = Buffer.prototype as unknown as {
  readonly latin1Slice: Slice;
  readonly utf8Slice: Slice;
};

const QUOTE = 0x22, BACKSLASH = 0x5c, ZERO = 0x30, NINE = 0x39, T = 0x74;
/** Digits that are read without the help of `Number`. */
const DIGITS = 9;

/** The value. */
export function readJson(bytes: Uint8Array, from: number, to: number): Json {
  return JSON.parse(utf8Slice.call(bytes, from, to)) as Json;
}

/** A string; undefined for any other value. */
export function readString(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (bytes[from] !== QUOTE) return undefined;
  let isAscii = true;
  for (let at = from + 1; at < to - 1; at++) {
    const byte = bytes[at]!;
    if (byte === BACKSLASH) return JSON.parse(utf8Slice.call(bytes, from, to)) as string;
    if (byte > 0x7f) isAscii = false;
  }
  return (isAscii ? latin1Slice : utf8Slice).call(bytes, from + 1, to - 1);
}

/** Bytes that are known to be ASCII. */
export function readAscii(bytes: Uint8Array, from: number, to: number): string {
  return latin1Slice.call(bytes, from, to);
}

/** Names that are kept ready, and how long one may be. */
const NAMES = 1024, LONGEST_NAME = 64;
const names: string[] = new Array<string>(NAMES).fill("");

/** The same for names, of which the same few come again and again: they are made once. */
export function readName(bytes: Uint8Array, from: number, to: number): string | undefined {
  const length = to - from - 2;
  if (length < 1 || length > LONGEST_NAME || bytes[from] !== QUOTE) return readString(bytes, from, to);
  let hash = length;
  for (let at = from + 1; at < to - 1; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f || byte === BACKSLASH) return readString(bytes, from, to);
    hash = Math.imul(hash, 31) + byte | 0;
  }
  const slot = (hash ^ hash >>> 16) & NAMES - 1, known = names[slot]!;
  if (known.length === length) {
    let k = 0;
    while (k < length && known.charCodeAt(k) === bytes[from + 1 + k]) k++;
    if (k === length) return known;
  }
  return names[slot] = latin1Slice.call(bytes, from + 1, to - 1);
}

/** A string or a number, as ids and progress tokens are; undefined for any other value. */
export function readToken(bytes: Uint8Array, from: number, to: number): string | number | undefined {
  const first = bytes[from]!;
  if (first === QUOTE) return readString(bytes, from, to);
  if (to - from > DIGITS) return isNumeric(first) ? Number(latin1Slice.call(bytes, from, to)) : undefined;
  let value = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte < ZERO || byte > NINE) return isNumeric(first) ? Number(latin1Slice.call(bytes, from, to)) : undefined;
    value = value * 10 + byte - ZERO;
  }
  return value;
}

/** True for `true`. */
export function isTrue(bytes: Uint8Array, from: number): boolean {
  return bytes[from] === T;
}

/** True if the value is this string of ASCII, written without escapes. */
export function isText(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from !== text.length + 2 || bytes[from] !== QUOTE) return false;
  for (let k = 0; k < text.length; k++) if (bytes[from + 1 + k] !== text.charCodeAt(k)) return false;
  return true;
}

function isNumeric(first: number): boolean {
  return first === 0x2d || first >= ZERO && first <= NINE;
}
