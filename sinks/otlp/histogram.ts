/**
 * Distributions of durations: explicit buckets, one exemplar each.
 *
 * @module
 */
import { nanos } from "./time.ts";
import type { HistogramPoint, KeyValue } from "./types.ts";

/** Upper bounds of the buckets, in seconds: semantic-conventions-genai, mcp.md, "Metrics". */
export const BOUNDS: readonly number[] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const BUCKETS = BOUNDS.length + 1;
/** Words of an exemplar: trace and span. */
const WORDS = 6;

/** One series of a metric. */
export class Series {
  readonly attributes: readonly KeyValue[];
  /** When it began, or was sent last where points are deltas, in milliseconds. */
  #start: number;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;
  readonly #buckets = new Float64Array(BUCKETS);
  /** Of each bucket's exemplar: value (NaN if there is none), time in milliseconds, ids. */
  readonly #values = new Float64Array(BUCKETS).fill(NaN);
  readonly #times = new Float64Array(BUCKETS);
  readonly #ids = new Uint32Array(BUCKETS * WORDS);

  constructor(attributes: readonly KeyValue[], start: number) {
    this.attributes = attributes;
    this.#start = start;
  }

  /** Whether anything was recorded since it began. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Adds a duration. `ids` has the trace's four words at `trace` and the span's two at `span`. */
  record(millis: number, time: number, ids?: Uint32Array, trace = 0, span = 0): void {
    const seconds = millis / 1000;
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket++;
    this.#count++;
    this.#sum += seconds;
    if (seconds < this.#min) this.#min = seconds;
    if (seconds > this.#max) this.#max = seconds;
    this.#buckets[bucket]!++;
    if (ids === undefined) return;
    this.#values[bucket] = seconds;
    this.#times[bucket] = time;
    const at = bucket * WORDS;
    for (let k = 0; k < 4; k++) this.#ids[at + k] = ids[trace + k]!;
    this.#ids[at + 4] = ids[span]!;
    this.#ids[at + 5] = ids[span + 1]!;
  }

  /** The point now. With `reset` the series begins anew, at the end of this one. Exemplars are told once. */
  point(now: number, reset: boolean): HistogramPoint {
    const exemplars = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const value = this.#values[bucket]!;
      if (Number.isNaN(value)) continue;
      const at = bucket * WORDS;
      exemplars.push({
        timeUnixNano: nanos(this.#times[bucket]!),
        asDouble: value,
        spanId: this.#hex(at + 4, at + 6),
        traceId: this.#hex(at, at + 4),
      });
    }
    this.#values.fill(NaN);
    const point: HistogramPoint = {
      startTimeUnixNano: nanos(this.#start),
      timeUnixNano: nanos(now),
      count: String(this.#count),
      sum: this.#sum,
      bucketCounts: Array.from(this.#buckets, String),
      explicitBounds: BOUNDS,
      exemplars,
      min: this.#min,
      max: this.#max,
      attributes: this.attributes,
    };
    if (reset) {
      this.#start = now;
      this.#count = this.#sum = 0;
      this.#min = Infinity;
      this.#max = -Infinity;
      this.#buckets.fill(0);
    }
    return point;
  }

  #hex(from: number, to: number): string {
    let text = "";
    for (let k = from; k < to; k++) text += this.#ids[k]!.toString(16).padStart(8, "0");
    return text;
  }
}
