/**
 * Values of lines. `bytes[from, to)` is a valid JSON value; `from` is -1 where there is none.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { JsonRpcId } from "../../pipeline/event.ts";

const QUOTE = 0x22, BACKSLASH = 0x5c, ZERO = 0x30, MINUS = 0x2d;
/** Names and ids longer than this are cut: what is kept for long must not be large. In bytes of JSON. */
const LONGEST = 1024;
/** Texts that come again and again are made once: a power of two, by a hash of their bytes. */
const KEPT = 512, KEPT_LENGTH = 80;

const keptBytes: Uint8Array[] = Array.from({ length: KEPT }, () => new Uint8Array());
const keptTexts: string[] = Array.from({ length: KEPT }, () => "");

/** A whole number from 0 up; undefined for anything else. */
export function readCount(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (from < 0 || to - from > 15) return undefined;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** A string; undefined for anything else, and for one that is empty. A long one is cut. */
export function readText(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (from < 0 || bytes[from] !== QUOTE || to - from < 3) return undefined;
  const start = from + 1, end = to - 1, length = end - start;
  if (length > KEPT_LENGTH) return decode(bytes, start, end);
  let hash = length;
  for (let at = start; at < end; at++) hash = (hash * 31 + bytes[at]!) | 0;
  const place = (hash ^ hash >>> 15) & KEPT - 1;
  const kept = keptBytes[place]!;
  if (kept.length === length) {
    let k = 0;
    while (k < length && kept[k] === bytes[start + k]) k++;
    if (k === length) return keptTexts[place];
  }
  const text = decode(bytes, start, end);
  keptBytes[place] = bytes.slice(start, end);
  keptTexts[place] = text;
  return text;
}

/** A JSON-RPC id; undefined for what can be none. */
export function readId(bytes: Uint8Array, from: number, to: number): JsonRpcId | undefined {
  if (from < 0) return undefined;
  const first = bytes[from]!;
  if (first === QUOTE) return to - from === 2 ? "" : readText(bytes, from, to);
  if (first !== MINUS && (first < ZERO || first > ZERO + 9)) return first === 0x6e ? null : undefined;
  return readCount(bytes, from, to) ??
    (to - from > 32 ? undefined : Number(Buffer.from(bytes.subarray(from, to)).toString("latin1")));
}

/** True for `true`. */
export function readFlag(bytes: Uint8Array, from: number): boolean {
  return from >= 0 && bytes[from] === 0x74;
}

/** The content of a string, whole, as bytes without escapes. */
export function unescaped(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return new TextEncoder().encode(JSON.parse(textOf(bytes, from, to)) as string);
}

/** Bytes of valid UTF-8 as text. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  const isCut = end - start > LONGEST;
  const to = isCut ? start + LONGEST : end;
  let isPlain = true;
  for (let at = start; at < to && isPlain; at++) isPlain = bytes[at]! < 0x80 && bytes[at] !== BACKSLASH;
  if (isPlain) {
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, to - start).toString("latin1") + (isCut ? "…" : "");
  }
  const whole = JSON.parse(textOf(bytes, start - 1, end + 1)) as string;
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}
