/**
 * How many a second, over the last seconds.
 *
 * @module
 */

/** Seconds that are looked at. */
const SECONDS = 5;

/** Counts things by the second in which they were told of. */
export class Meter {
  readonly #counts: number[] = new Array<number>(SECONDS).fill(0);
  #second = 0;
  #since = Infinity;

  /** Takes so many at a time in milliseconds. */
  add(count: number, now: number): void {
    this.#advance(now);
    this.#since = Math.min(this.#since, now);
    this.#counts[this.#second % SECONDS]! += count;
  }

  /** How many a second. */
  rate(now: number): number {
    this.#advance(now);
    const ms = Math.min(now - this.#since, (SECONDS - 1) * 1000 + now % 1000);
    const sum = this.#counts.reduce((total, count) => total + count, 0);
    return sum === 0 ? 0 : sum / Math.max(1, ms / 1000);
  }

  #advance(now: number): void {
    const second = Math.floor(now / 1000);
    for (let next = Math.max(this.#second + 1, second - SECONDS + 1); next <= second; next++) {
      this.#counts[next % SECONDS] = 0;
    }
    this.#second = Math.max(second, this.#second);
  }
}
