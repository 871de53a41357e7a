/**
 * Tells equal arguments by their bytes, without parsing them.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import { Field, peek, peekedFrom, peekedTo } from "../../protocols/mcp/mod.ts";

/** Of more bytes, this many of the beginning and of the end count, and their number. */
const LONGEST = 4096;

/**
 * 32 bits over the params without their `_meta`, which differs in each request as it has the progress token: FNV-1a
 * (Fowler, Noll, Vo), over words of four bytes. Params that differ only in the order of members or in white space differ
 * here as well: one client always writes the same.
 */
export function fingerprint(event: McpEvent): number {
  const { buffer } = event;
  const from = event.from("params"), to = event.to("params");
  if (from < 0) return 0;
  const hasMeta = (peek(buffer, from, to) & 1 << Field.meta) !== 0;
  const metaFrom = hasMeta ? peekedFrom(Field.meta) : from, metaTo = hasMeta ? peekedTo(Field.meta) : from;
  const start = 0x811c9dc5 ^ (to - from - (metaTo - metaFrom));
  return hashed(buffer, metaTo, to, hashed(buffer, from, metaFrom, start)) >>> 0;
}

/** The last buffer that was looked at: mostly the next call is in the same. */
let view: DataView = new DataView(new ArrayBuffer(0));

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  if (view.buffer !== buffer || view.byteOffset !== byteOffset || view.byteLength !== byteLength) {
    view = new DataView(buffer, byteOffset, byteLength);
  }
  return view;
}

/** Goes on with a hash over `buffer[from, to)`, of which the middle does not count if it is long. */
function hashed(buffer: Uint8Array, from: number, to: number, hash: number): number {
  if (to - from > 2 * LONGEST) return hashed(buffer, to - LONGEST, to, hashed(buffer, from, from + LONGEST, hash));
  const words = viewOf(buffer);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    hash = Math.imul(hash ^ words.getInt32(i, true), 0x01000193);
    hash ^= hash >>> 15; // a product's low bits know nothing of its high ones
  }
  for (; i < to; i++) hash = Math.imul(hash ^ buffer[i]!, 0x01000193);
  return hash;
}
