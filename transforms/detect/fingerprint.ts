/**
 * Tells equal arguments by their bytes, without parsing them.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";

/** Of more bytes, this many of the beginning and of the end count, and their number. */
const LONGEST = 4096;
const QUOTE = 0x22, BACKSLASH = 0x5c, COLON = 0x3a, COMMA = 0x2c;
/** `{` and `[`, `}` and `]` differ by this bit only. */
const CASE = 0x20, OPEN = 0x7b, CLOSE = 0x7d;
/** `_meta"`: the member that differs in each request, as it has the progress token. */
const META = new TextEncoder().encode('_meta"');

/**
 * 32 bits over the params without their `_meta`: FNV-1a (Fowler, Noll, Vo), over words of four bytes. Params that differ
 * only in the order of members or in white space differ here as well: one client always writes the same.
 */
export function fingerprint(event: McpEvent): number {
  const { buffer } = event;
  const from = event.from("params"), to = event.to("params");
  if (from < 0) return 0;
  const [metaFrom, metaTo] = findMeta(buffer, from, Math.min(to, from + LONGEST));
  const start = 0x811c9dc5 ^ (to - from - (metaTo - metaFrom));
  return hashed(buffer, metaTo, to, hashed(buffer, from, metaFrom, start)) >>> 0;
}

/** Goes on with a hash over `buffer[from, to)`, of which the middle does not count if it is long. */
function hashed(buffer: Uint8Array, from: number, to: number, hash: number): number {
  if (to - from > 2 * LONGEST) return hashed(buffer, to - LONGEST, to, hashed(buffer, from, from + LONGEST, hash));
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const word = buffer[i]! | buffer[i + 1]! << 8 | buffer[i + 2]! << 16 | buffer[i + 3]! << 24;
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15; // a product's low bits know nothing of its high ones
  }
  for (; i < to; i++) hash = Math.imul(hash ^ buffer[i]!, 0x01000193);
  return hash;
}

/** Where the member `_meta` of the object is, from its name to the end of its value; an empty range if it has none. */
function findMeta(buffer: Uint8Array, from: number, to: number): readonly [from: number, to: number] {
  let depth = 0, meta = -1;
  for (let i = from; i < to; i++) {
    const byte = buffer[i]!;
    if (byte === QUOTE) {
      if (depth === 1 && meta < 0 && isMeta(buffer, i + 1)) meta = i;
      i = endOfString(buffer, i + 1, to);
    } else if (byte === COMMA) {
      if (depth === 1 && meta >= 0) return [meta, i];
    } else if ((byte | CASE) === OPEN) depth++;
    else if ((byte | CASE) === CLOSE && --depth === 0 && meta >= 0) return [meta, i];
  }
  return meta < 0 ? [from, from] : [meta, to];
}

/** Offset of the quote that ends a string. */
function endOfString(buffer: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && buffer[i] !== QUOTE) i += buffer[i] === BACKSLASH ? 2 : 1;
  return i;
}

/** True if the name that begins here is `_meta`, and not a value. */
function isMeta(buffer: Uint8Array, at: number): boolean {
  for (let k = 0; k < META.length; k++) if (buffer[at + k] !== META[k]) return false;
  let i = at + META.length;
  while (buffer[i] === 0x20 || buffer[i] === 0x0a || buffer[i] === 0x0d || buffer[i] === 0x09) i++;
  return buffer[i] === COLON;
}
