/**
 * Values of lines. `bytes[from, to)` is a valid JSON value; `from` is -1 where there is none.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { JsonRpcId } from "../../pipeline/event.ts";
import type { Members } from "../json_members/mod.ts";

const QUOTE = 0x22, BACKSLASH = 0x5c, ZERO = 0x30, MINUS = 0x2d;
/** Names and ids longer than this are cut: what is kept for long must not be large. In bytes of JSON. */
const LONGEST = 1024;
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
  return decode(bytes, from + 1, to - 1);
}

/** The same of a member that was found. */
export function textAt(members: Members, path: number, bytes: Uint8Array): string | undefined {
  return members.text(path, bytes, decode) ?? readText(bytes, members.from(path), members.to(path));
}

/** A whole number there. */
export function countAt(members: Members, path: number, bytes: Uint8Array): number | undefined {
  return readCount(bytes, members.from(path), members.to(path));
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
