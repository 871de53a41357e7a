/**
 * Puts windows of texts into buckets so that other text seldom looks like one of a bucket's windows.
 *
 * @module
 */
import { cellOf, chance, lowHalf, PLACES } from "./_cells.ts";
import { common } from "./_common.ts";
import type { Text } from "./needle.ts";

/** Buckets of one set of tables: bits of a byte. */
export const BUCKETS = 8;
/** Where a window may start in its text at most: longer texts are not worth more time. */
const STARTS = 6;
/** How often each text looks for the best place: the second time it knows where all others are. */
const ROUNDS = 2;
/** All halves, or all cells. */
const ANY = 0xffff;
/** What choosing a common window costs, as a chance. */
const PENALTY = 0.01;

/** Where a text went. */
export interface Placed {
  readonly text: Text;
  /** Offset of the window in the text. */
  readonly before: number;
  /** Bytes of it, less than four if the text is shorter. */
  readonly length: number;
}

/** Windows that share a bit. */
export class Bucket {
  /** Of each place: the low halves, and the cells, that a byte may have there. A bit for each. */
  readonly lows: Int32Array = new Int32Array(PLACES);
  readonly cells: Int32Array = new Int32Array(PLACES);
  /** How many windows want each of these. */
  readonly #wantLow = new Uint16Array(16 * PLACES);
  readonly #wantCell = new Uint16Array(16 * PLACES);
  /** How likely a byte fits each place, and bytes fit all. */
  readonly #chances = new Float64Array(PLACES);
  #chance = 0;

  /** How much likelier it gets with the window that starts at `before`. */
  increase({ lows, cells }: Window, before: number): number {
    let then = 1;
    for (let k = 0; k < PLACES; k++) {
      const low = this.lows[k]!, cell = this.cells[k]!;
      const allLows = low | lows[before + k]!, allCells = cell | cells[before + k]!;
      then *= allLows === low && allCells === cell ? this.#chances[k]! : chance(allLows, allCells);
    }
    return then - this.#chance;
  }

  add(window: Window): void {
    this.#count(window, 1);
  }

  delete(window: Window): void {
    this.#count(window, -1);
  }

  #count({ lows, cells, before }: Window, more: 1 | -1): void {
    this.#chance = 1;
    for (let k = 0; k < PLACES; k++) {
      this.lows[k] = counted(this.#wantLow, k, lows[before + k]!, more);
      this.cells[k] = counted(this.#wantCell, k, cells[before + k]!, more);
      this.#chance *= this.#chances[k] = chance(this.lows[k]!, this.cells[k]!);
    }
  }
}

/** Counts those of the sixteen that have a bit as wanted once more, or once less. A bit for each that is wanted. */
function counted(wanted: Uint16Array, place: number, bits: number, more: 1 | -1): number {
  let all = 0;
  for (let k = 0; k < 16; k++) {
    const at = 16 * place + k;
    if ((bits >> k & 1) === 1) wanted[at]! += more;
    if (wanted[at]! > 0) all |= 1 << k;
  }
  return all;
}

/** A text and the window that was chosen of it. */
class Window {
  readonly text: Text;
  /** Of each byte of its beginning: a bit for its low half, and one for its cell. Beyond its end anything may stand. */
  readonly lows: Int32Array;
  readonly cells: Int32Array;
  /** What the window that starts at a place costs besides, as a chance. */
  readonly #penalties: Float64Array;
  before = 0;
  bucket: Bucket | undefined = undefined;

  constructor(text: Text) {
    this.text = text;
    const starts = 1 + Math.min(STARTS, Math.max(0, text.text.length - PLACES));
    this.lows = new Int32Array(starts + PLACES - 1).fill(ANY);
    this.cells = this.lows.slice();
    for (let k = 0; k < Math.min(this.lows.length, text.text.length); k++) {
      const code = text.text.charCodeAt(k);
      this.lows[k] = 1 << lowHalf(code);
      this.cells[k] = 1 << cellOf(code);
    }
    this.#penalties = Float64Array.from(
      { length: starts },
      (_, k) => common().has(text.text.slice(k, k + PLACES)) ? PENALTY : 0,
    );
  }

  /** Goes where it makes other text look like a window least. */
  place(buckets: readonly Bucket[]): void {
    this.bucket?.delete(this);
    let best = Infinity;
    for (let before = 0; before < this.#penalties.length && best > 0; before++) {
      const penalty = this.#penalties[before]!;
      for (const bucket of buckets) {
        const more = bucket.increase(this, before) + penalty;
        if (more >= best) continue;
        best = more;
        this.before = before;
        this.bucket = bucket;
      }
    }
    this.bucket?.add(this);
  }
}

/** Distributes texts over so many buckets. */
export function fillBuckets(
  texts: readonly Text[],
  count: number,
): { buckets: readonly Bucket[]; placed: readonly Placed[] } {
  const buckets = Array.from({ length: count }, () => new Bucket());
  // Those with the least choice first.
  const windows = texts.toSorted((a, b) => a.text.length - b.text.length).map((text) => new Window(text));
  for (let round = 0; round < ROUNDS; round++) {
    for (const window of windows) window.place(buckets);
  }
  const placed = windows.map(({ text, before }) => ({ text, before, length: Math.min(PLACES, text.text.length) }));
  return { buckets, placed };
}
