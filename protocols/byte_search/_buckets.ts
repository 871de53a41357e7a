/**
 * Puts windows of texts into buckets so that other text seldom looks like one of a bucket's windows.
 *
 * @module
 */
import { cellOf, chance, lowHalf } from "./_cells.ts";
import type { Text } from "./needle.ts";

/** Bytes of a window. */
export const PLACES = 4;
/** Buckets of one set of tables: bits of a byte. */
export const BUCKETS = 8;
/** Where a window may start in its text at most: longer texts are not worth more time. */
const STARTS = 16;
/** How often each text looks for the best place. With each time all that others took since is taken into account. */
const ROUNDS = 2;
/** All halves, or all cells. */
const ANY = 0xffff;

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
  readonly lows: number[] = new Array<number>(PLACES).fill(0);
  readonly cells: number[] = new Array<number>(PLACES).fill(0);
  readonly windows: Set<Window> = new Set();
  /** How likely a byte fits each place, and bytes fit all. */
  readonly #chances: number[] = new Array<number>(PLACES).fill(0);
  #chance = 0;

  /** How much likelier it gets with the text's window that starts at `before`. */
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
    this.windows.add(window);
    this.#widen(window);
  }

  delete(window: Window): void {
    if (!this.windows.delete(window)) return;
    this.lows.fill(0);
    this.cells.fill(0);
    this.#chances.fill(0);
    this.#chance = 0;
    for (const other of this.windows) this.#widen(other);
  }

  #widen({ lows, cells, before }: Window): void {
    this.#chance = 1;
    for (let k = 0; k < PLACES; k++) {
      this.lows[k]! |= lows[before + k]!;
      this.cells[k]! |= cells[before + k]!;
      this.#chance *= this.#chances[k] = chance(this.lows[k]!, this.cells[k]!);
    }
  }
}

/** A text and the window that was chosen of it. */
class Window {
  readonly text: Text;
  /** Of each byte of its beginning: a bit for its low half, and one for its cell. Beyond its end anything may stand. */
  readonly lows: readonly number[];
  readonly cells: readonly number[];
  /** Whether the window that starts at a place is common. */
  readonly isCommon: readonly boolean[];
  before = 0;
  bucket: Bucket | undefined = undefined;

  constructor(text: Text) {
    this.text = text;
    const bytes = Math.max(PLACES, Math.min(STARTS + PLACES, text.text.length));
    const codes = Array.from({ length: bytes }, (_, k) => text.text.charCodeAt(k)); // NaN beyond the end
    this.lows = codes.map((code) => code >= 0 ? 1 << lowHalf(code) : ANY);
    this.cells = codes.map((code) => code >= 0 ? 1 << cellOf(code) : ANY);
    this.isCommon = codes.map((_, k) => COMMON.has(text.text.slice(k, k + PLACES)));
  }

  /** Goes where it makes other text look like a window least. */
  place(buckets: readonly Bucket[]): void {
    this.bucket?.delete(this);
    let best = Infinity;
    const latest = this.lows.length - PLACES;
    for (let before = 0; before <= latest && best > 0; before++) {
      const penalty = this.isCommon[before] ? PENALTY : 0;
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

function stretches(text: string): Set<string> {
  return new Set(Array.from(text, (_, k) => text.slice(k, k + PLACES).toLowerCase()));
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
