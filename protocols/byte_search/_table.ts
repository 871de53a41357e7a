/**
 * Makes the tables that `search.c` reads.
 *
 * @module
 */
import { BUCKETS, fillBuckets, type Placed } from "./_buckets.ts";
import { PLACES } from "./_cells.ts";
import type { Needles } from "./needle.ts";

/** Texts from which on a second set of buckets pays. */
const MANY = 256;
const SLOTS = 2048, COUNTS = 8, ENTRY = 24;
// Offsets of `struct table`.
const LOW = 0, CELL = 128, SETS = 256, KEPT = 260, NUMBERS = 264, CHARACTERS = 268;
const NON_ASCII = 272, ESCAPE = 276, IBAN = 280, FOREIGN = 284, CHAINED = 288;
const DIGITS = 292, GROUPS = DIGITS + 8 * COUNTS, ENTRIES = GROUPS + 8 * COUNTS, POOL = ENTRIES + 4, NAMES = POOL + 4;
const SLOT = NAMES + 4, WHOLE = SLOT + 2 * SLOTS, KNOWN_BITS = 15;
const SHORTER = WHOLE + (1 << KNOWN_BITS >> 3), END = SHORTER + (1 << KNOWN_BITS >> 3);
/** Places of the table of names, of four bytes each. */
const NAME_SLOTS = 1024;

/** Texts one after the other, each once. */
class Pool {
  readonly bytes: number[] = [0];
  readonly #known = new Map<string, number>();

  add(text: string): number {
    let offset = this.#known.get(text);
    if (offset === undefined) {
      this.#known.set(text, offset = this.bytes.length);
      for (let k = 0; k < text.length; k++) this.bytes.push(text.charCodeAt(k));
    }
    return offset;
  }
}

/** The window's bytes as the hash has them: little-endian, with 0x20 set. */
function windowOf({ text: { text }, before, length }: Placed): number {
  let window = 0;
  for (let k = 0; k < length; k++) window |= (text.charCodeAt(before + k) | 0x20) << 8 * k;
  return window >>> 0;
}

function hash(window: number): number {
  return Math.imul(window, 0x9e3779b1);
}

/** FNV-1a (Fowler, Noll, Vo) with the last bit set: 0 is for a free place. */
function nameHash(name: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < name.length; k++) hash = Math.imul(hash ^ name.charCodeAt(k), 0x01000193);
  return (hash | 1) >>> 0;
}

/** The bytes of a `struct table` with its entries and texts. */
export function makeTable(needles: Needles): Uint8Array {
  const sets = needles.texts.length > MANY ? 2 : 1;
  const { buckets, placed } = fillBuckets(needles.texts, sets * BUCKETS);
  const namesAt = END + ENTRY * (placed.length + 1), pool = new Pool();
  const poolAt = namesAt + (needles.chained === 0 ? 0 : 4 * NAME_SLOTS);
  const table = new Uint8Array(poolAt + 2 * placed.length * 64 + 65_536), view = new DataView(table.buffer);
  const u32 = (offset: number, value: number) => view.setUint32(offset, value, true);
  const u16 = (offset: number, value: number) => view.setUint16(offset, value, true);

  buckets.forEach(({ lows, cells }, b) => {
    const bit = 1 << b % BUCKETS, set = b < BUCKETS ? 0 : 1;
    for (let place = 0; place < PLACES; place++) {
      for (let half = 0; half < 16; half++) {
        const offset = (set * PLACES + place) * 16 + half;
        if ((lows[place]! >> half & 1) === 1) table[LOW + offset]! |= bit;
        if ((cells[place]! >> half & 1) === 1) table[CELL + offset]! |= bit;
      }
    }
  });
  u32(SETS, placed.length === 0 ? 0 : sets);
  u32(KEPT, placed.reduce((bits, { length }) => bits | 1 << length - 1, 0));
  u32(NUMBERS, needles.digits.length + needles.groups.length + needles.iban === 0 ? 0 : 1);
  u32(CHARACTERS, (needles.nonAscii | needles.escape | needles.foreign) === 0 ? 0 : 1);
  u32(NON_ASCII, needles.nonAscii);
  u32(ESCAPE, needles.escape);
  u32(IBAN, needles.iban);
  u32(FOREIGN, needles.foreign);
  u32(CHAINED, needles.chained);
  needles.digits.forEach(({ count, mask }, k) => {
    u32(DIGITS + 8 * k, count);
    u32(DIGITS + 8 * k + 4, mask);
  });
  needles.groups.forEach(({ lengths, mask }, k) => {
    u32(GROUPS + 8 * k, lengths);
    u32(GROUPS + 8 * k + 4, mask);
  });
  u32(ENTRIES, END);
  u32(POOL, poolAt);
  u32(NAMES, namesAt);
  for (const name of needles.names) {
    const hash = nameHash(name);
    let place = hash % NAME_SLOTS;
    while (view.getUint32(namesAt + 4 * place, true) !== 0) place = (place + 1) % NAME_SLOTS;
    u32(namesAt + 4 * place, hash);
  }
  placed.forEach((entry, k) => {
    const { text: { text, notAfter, userInfo, mask }, before, length } = entry;
    const window = windowOf(entry), at = END + ENTRY * (k + 1);
    const slot = SLOT + 2 * (hash(window) >>> 21);
    u32(at, window);
    u32(at + 4, 0xffffffff >>> 8 * (PLACES - length));
    u32(at + 8, mask);
    u16(at + 12, pool.add(text));
    u16(at + 14, text.length);
    u16(at + 16, before);
    u16(at + 18, view.getUint16(slot, true));
    const listed = notAfter.map((each) => String.fromCharCode(each.length) + each).join("") + "\0";
    u16(at + 20, notAfter.length === 0 ? 0 : pool.add(listed));
    u16(at + 22, userInfo ? 1 : 0);
    u16(slot, k + 1);
    const know = (at: number, window: number) => {
      const bit = hash(window) >>> 32 - KNOWN_BITS;
      table[at + (bit >> 3)]! |= 1 << (bit & 7);
    };
    if (length === PLACES) know(WHOLE, window);
    else if (length === 3) know(SHORTER, window);
    else if (length === 2) { for (let third = 0; third < 256; third++) know(SHORTER, window | (third | 0x20) << 16); }
    else table.fill(0xff, SHORTER, END);
  });
  if (pool.bytes.length > 65_536) throw new RangeError(`Needles of ${pool.bytes.length} bytes together`);
  table.set(pool.bytes, poolAt);
  return table.subarray(0, poolAt + pool.bytes.length);
}
