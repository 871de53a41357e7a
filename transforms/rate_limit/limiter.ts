/**
 * A token bucket for each key, on the events' own clock.
 *
 * @module
 */

import { RecentMap } from "../../pipeline/recent_map.ts";

/** What is known of a key. */
interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch when `tokens` was right. */
  time: number;
}

/** Lets so many events of a key pass. */
export class Limiter {
  readonly #buckets: RecentMap<string, Bucket>;
  readonly #perMs: number;
  readonly #burst: number;

  constructor(perSecond: number, burst: number, maxKeys: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#buckets = new RecentMap(maxKeys);
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** True if an event of this key may pass at this time, in milliseconds. Time that runs backwards stands still. */
  take(key: string, time: number): boolean {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, bucket = { tokens: this.#burst, time });
    if (time > bucket.time) {
      bucket.tokens = Math.min(this.#burst, bucket.tokens + (time - bucket.time) * this.#perMs);
      bucket.time = time;
    }
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
