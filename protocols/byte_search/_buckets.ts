/**
 * Puts windows of texts into buckets so that other text seldom looks like one of a bucket's windows.
 *
 * @module
 */
import type { Text } from "./needle.ts";

/** Bytes of a window. */
export const PLACES = 4;
/** Buckets of one set of tables: bits of a byte. */
export const BUCKETS = 8;
/** Where a window may start in its text at most: longer texts are not worth more time. */
const STARTS = 16;

/** Of each place: which low and which high halves of a byte there may be, a bit for each. */
export interface Bucket {
  readonly low: number[];
  readonly high: number[];
  /** How likely some byte fits. */
  readonly chance: number[];
}

/** Where a text went. */
export interface Placed {
  readonly text: Text;
  /** Offset of the window in the text. */
  readonly before: number;
  /** Bytes of it, less than four if the text is shorter. */
  readonly length: number;
}

/** How often a byte stands in JSON with English in it, by high half, then low half. */
const FREQUENCY = frequencies();

function frequencies(): Float64Array {
  const weights = new Float64Array(256).fill(0.002);
  const add = (characters: string, each: number) => {
    for (const character of characters) weights[character.charCodeAt(0)] = each;
  };
  add("abcdefghijklmnopqrstuvwxyz", 1);
  add("etaoinsr", 5);
  add("lcdmpu", 2.5);
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0.2);
  add("0123456789", 1);
  add('"', 6);
  add(" ", 8);
  add(":,", 2.5);
  add("{}/._-\\", 1);
  add("[]()=", 0.3);
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** Chance that a byte has one of the low and one of the high halves. */
function chance(low: number, high: number): number {
  let sum = 0;
  for (let h = 0; h < 16; h++) {
    if ((high >> h & 1) === 0) continue;
    for (let l = 0; l < 16; l++) if ((low >> l & 1) === 1) sum += FREQUENCY[h << 4 | l]!;
  }
  return sum;
}

/** Both cases of a letter. */
function highHalves(code: number): number {
  const bit = 1 << (code >> 4);
  return code >= 0x61 && code <= 0x7a ? bit | bit >> 2 : bit;
}

/** How much likelier the bucket gets with this window. */
function increase(bucket: Bucket, text: string, before: number): number {
  let now = 1, then = 1;
  for (let k = 0; k < PLACES; k++) {
    const low = bucket.low[k]!, high = bucket.high[k]!, was = bucket.chance[k]!;
    now *= was;
    if (before + k >= text.length) continue; // anything may stand there
    const code = text.charCodeAt(before + k), lows = low | 1 << (code & 15), highs = high | highHalves(code);
    then *= lows === low && highs === high ? was : chance(lows, highs);
  }
  return then - now;
}

/** Distributes texts over so many buckets. */
export function fillBuckets(
  texts: readonly Text[],
  count: number,
): { buckets: readonly Bucket[]; placed: readonly Placed[] } {
  const buckets = Array.from({ length: count }, (): Bucket => ({
    low: new Array(PLACES).fill(0),
    high: new Array(PLACES).fill(0),
    chance: new Array(PLACES).fill(0),
  }));
  // Those with the least choice first.
  const placed = texts.toSorted((a, b) => a.text.length - b.text.length).map((text): Placed => {
    let best = Infinity, at = 0, into = buckets[0]!;
    for (const bucket of buckets) {
      for (let before = 0; before <= Math.min(STARTS, Math.max(0, text.text.length - PLACES)); before++) {
        const more = increase(bucket, text.text, before);
        if (more >= best) continue;
        best = more;
        at = before;
        into = bucket;
      }
    }
    for (let k = 0; k < PLACES; k++) {
      const code = text.text.charCodeAt(at + k); // NaN beyond the end
      into.low[k] = into.low[k]! | (code >= 0 ? 1 << (code & 15) : 0xffff);
      into.high[k] = into.high[k]! | (code >= 0 ? highHalves(code) : 0xffff);
      into.chance[k] = chance(into.low[k]!, into.high[k]!);
    }
    return { text, before: at, length: Math.min(PLACES, text.text.length) };
  });
  return { buckets, placed };
}
