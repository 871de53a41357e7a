/**
 * Tells equal requests by their bytes, without parsing them.
 *
 * @module
 */

/** Of more bytes, this many of the beginning and of the end count, and their number. */
const LONGEST = 4096;
/** The prime and the start of FNV-1a (Fowler, Noll, Vo), and starts of other lanes. */
const PRIME = 0x01000193, START = 0x811c9dc5, SECOND = 0x9e3779b1, THIRD = 0x85ebca6b, FOURTH = 0xc2b2ae35;

/**
 * 32 bits over params, which are `bytes[from, to)`, without their `_meta`, which is `bytes[metaFrom, metaTo)` and differs in
 * each request as it has the progress token; where there is none, these are both `from`. Params that differ only in the
 * order of members or in white space differ here as well: one client always writes the same.
 */
export function printOf(bytes: Uint8Array, from: number, to: number, metaFrom: number, metaTo: number): number {
  const start = START ^ (to - from - (metaTo - metaFrom));
  return hashed(bytes, metaTo, to, hashed(bytes, from, metaFrom, start)) >>> 0;
}

/** The last bytes that were looked at: mostly the next params are among the same. */
let latest: Uint8Array = new Uint8Array();
let view: DataView = new DataView(latest.buffer);

function viewOf(bytes: Uint8Array): DataView {
  if (bytes !== latest) {
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    latest = bytes;
  }
  return view;
}

/** Goes on with a hash over `bytes[from, to)`, of which the middle does not count if it is long. */
function hashed(bytes: Uint8Array, from: number, to: number, hash: number): number {
  if (to - from > 2 * LONGEST) return hashed(bytes, to - LONGEST, to, hashed(bytes, from, from + LONGEST, hash));
  const words = viewOf(bytes);
  let i = from;
  if (to - from >= 32) { // four lanes, as each step waits for the one before
    let a = hash, b = SECOND, c = THIRD, d = FOURTH;
    for (; i + 16 <= to; i += 16) {
      a = mixed(a, words.getInt32(i, true));
      b = mixed(b, words.getInt32(i + 4, true));
      c = mixed(c, words.getInt32(i + 8, true));
      d = mixed(d, words.getInt32(i + 12, true));
    }
    hash = mixed(mixed(mixed(a, b), c), d);
  }
  for (; i + 4 <= to; i += 4) hash = mixed(hash, words.getInt32(i, true));
  for (; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, PRIME);
  return hash;
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, PRIME);
  return product ^ product >>> 15; // a product's low bits know nothing of its high ones
}
