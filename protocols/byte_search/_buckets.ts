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
/** The sums of a row's frequencies, for each set of its first eight low halves, then of its last eight. */
const SUMS = sums();
/** Stretches of four that are common there: a bad choice, whatever else is in the bucket. */
const COMMON: ReadonlySet<string> = stretches(
  'jsonrpc 2.0","id":,"method":"tools/call","params":{"name":"arguments":{"path":"query":"content":[{"type":"text","text":' +
    '"notifications/message","level":"info","logger":"data":{"event":"result":{"isError":false,"error":"message":"code":' +
    "https://www.example.com/http://user_id created_at description: string number boolean function return import export " +
    "const the and that with from this have not for are was will you your tion ation ing ment ness able ible ence ance " +
    "file files list search read write error server client request response /home/user/projects/src/index.ts default " +
    '"structuredContent":"_meta":"progressToken":"traceparent":"mimeType":"protocolVersion":"notifications/progress" ' +
    " of the model a model the other in order one of end of open the /.git/ file:// uri directory rect later after " +
    "update delete create version status title started ended time count total length size start end value values items ",
);
/** What choosing one of them costs, as a chance. */
const PENALTY = 0.01;

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

function sums(): Float64Array {
  const table = new Float64Array(16 * 2 * 256);
  for (let row = 0; row < 32; row++) {
    for (let set = 1; set < 256; set++) {
      const lowest = 31 - Math.clz32(set & -set);
      table[row << 8 | set] = table[row << 8 | (set & (set - 1))]! + FREQUENCY[row << 3 | lowest]!;
    }
  }
  return table;
}

function stretches(text: string): Set<string> {
  return new Set(Array.from(text, (_, k) => text.slice(k, k + PLACES).toLowerCase()));
}

/** Chance that a byte has one of the low and one of the high halves. */
function chance(low: number, high: number): number {
  let sum = 0;
  for (let rest = high; rest !== 0; rest &= rest - 1) {
    const row = (31 - Math.clz32(rest & -rest)) << 9;
    sum += SUMS[row | (low & 255)]! + SUMS[row | 256 | low >> 8]!;
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
    const latest = Math.min(STARTS, Math.max(0, text.text.length - PLACES));
    for (let before = 0; before <= latest && best > 0; before++) {
      const penalty = COMMON.has(text.text.slice(before, before + PLACES)) ? PENALTY : 0;
      for (const bucket of buckets) {
        const more = increase(bucket, text.text, before) + penalty;
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
