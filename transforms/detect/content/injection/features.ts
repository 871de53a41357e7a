/**
 * What a text has, as numbers of features: single words, meanings, and pairs of meanings in their order.
 *
 * A feature's number is a hash of what it is, so that no table of features is needed; what two features share is
 * weighed together.
 *
 * @module
 */
import { COUNT, idOf, type Segment } from "./segments.ts";

/** Numbers of features: weights are kept for each. */
export const BUCKETS = 1 << 17;
/** Words between two meanings of a pair. */
const NEAR = 3, REACH = 9;
/** Meanings of one segment that are paired. */
const MOST_PAIRED = 40;
/** Letters by which words of one stem are told. */
const STEM = 5;

/** Meanings that a text as a whole has: how often changes what its sentences are worth. */
const WHOLE = [
  "META",
  "TESTING",
  "DEVELOP",
  "PEOPLE",
  "STORY",
  "LEGALESE",
  "MANUAL",
  "SERVICE",
  "ASSISTS",
  "MACHINE",
  "PRINCIPAL",
]
  .map(idOf);
/** Of those the ones with which meanings are paired. */
const AROUND = ["META", "TESTING", "DEVELOP", "PEOPLE", "STORY", "ASSISTS"].map(idOf);
/** Features of a text. */
export interface Features {
  /** Of each segment. */
  readonly own: readonly (readonly number[])[];
  /** Of the whole. */
  readonly whole: readonly number[];
}

/** Mixes numbers to one below {@linkcode BUCKETS}. */
function mix(kind: number, a: number, b: number): number {
  let hash = Math.imul(kind + 1, 0x9e3779b1) ^ Math.imul(a + 1, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0 & (BUCKETS - 1);
}

/** A word's number (FNV-1a). Digits are all the same. */
function numberOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < word.length; k++) {
    const code = word.charCodeAt(k);
    hash = Math.imul(hash ^ (code >= 0x30 && code <= 0x39 ? 0x30 : code), 0x01000193);
  }
  return hash >>> 0;
}

const stamp = new Int32Array(BUCKETS);
let generation = 0;

/** Finds a text's features. */
export function featuresOf(segments: readonly Segment[], forms: readonly number[] = []): Features {
  const counts = new Uint16Array(COUNT);
  const sets: Uint8Array[] = [];
  for (const { meanings, forms } of segments) {
    const set = new Uint8Array(COUNT);
    for (const ids of meanings) for (const id of ids) set[id] = 1, counts[id] = (counts[id] ?? 0) + 1;
    for (const id of forms) set[id] = 1;
    sets.push(set);
  }
  const whole: number[] = [];
  for (const id of WHOLE) whole.push(mix(1, id, level(counts[id] ?? 0)));
  for (const id of forms) whole.push(mix(2, id, 0));
  whole.push(mix(3, Math.min(6, Math.floor(Math.log2(segments.length + 1))), 0));
  const around = AROUND.filter((id) => (counts[id] ?? 0) > 1);
  return {
    own: segments.map((segment, k) => ownOf(segment, sets[k], around)),
    whole,
  };
}

function level(count: number): number {
  return count > 7 ? 4 : count > 3 ? 3 : Math.min(count, 2);
}

function ownOf({ words, meanings, forms }: Segment, set: Uint8Array | undefined, around: readonly number[]): number[] {
  const found: number[] = [], now = ++generation;
  const put = (feature: number) => {
    if (stamp[feature] === now) return;
    stamp[feature] = now;
    found.push(feature);
  };
  put(mix(4, 0, 0));
  put(mix(4, 1, words.length > 40 ? 4 : words.length > 20 ? 3 : words.length > 10 ? 2 : words.length > 4 ? 1 : 0));
  let before = 1;
  for (const word of words) {
    const number = numberOf(word);
    put(mix(5, number, 0));
    if (word.length > STEM) put(mix(12, numberOf(word.slice(0, STEM)), 0));
    put(mix(6, before, number));
    before = number;
  }
  put(mix(6, before, 2));
  for (let id = 0; id < COUNT; id++) {
    if (set?.[id] !== 1) continue;
    put(mix(7, id, 0));
    for (const other of around) put(mix(8, id, other));
    for (const form of forms) put(mix(9, id, form));
  }
  let paired = 0;
  for (let k = 0; k < words.length; k++) {
    const ids = meanings[k];
    if (ids === undefined || ids.length === 0) continue;
    if (++paired > MOST_PAIRED) break;
    for (let next = k + 1; next <= k + REACH && next < words.length; next++) {
      const others = meanings[next];
      if (others === undefined) continue;
      const kind = next - k <= NEAR ? 10 : 11;
      for (const a of ids) for (const b of others) put(mix(kind, a, b));
    }
  }
  return found;
}
