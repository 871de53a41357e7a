/**
 * A token bucket for each key, on the events' own clock.
 *
 * @module
 */

/** What is known of a key. */
interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch when `tokens` was right. */
  time: number;
}

/** Lets so many events of a key pass. */
export class Limiter {
  /** The longest unused first. */
  readonly #buckets = new Map<string, Bucket>();
  readonly #perMs: number;
  readonly #burst: number;
  readonly #maxKeys: number;

  constructor(perSecond: number, burst: number, maxKeys: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#maxKeys = maxKeys;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** True if an event of this key may pass at this time, in milliseconds. Time that runs backwards stands still. */
  take(key: string, time: number): boolean {
    const known = this.#buckets.get(key);
    const bucket = known ?? { tokens: this.#burst, time };
    if (known !== undefined) this.#buckets.delete(key);
    else if (this.#buckets.size >= this.#maxKeys) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    this.#buckets.set(key, bucket);
    if (time > bucket.time) {
      bucket.tokens = Math.min(this.#burst, bucket.tokens + (time - bucket.time) * this.#perMs);
      bucket.time = time;
    }
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
