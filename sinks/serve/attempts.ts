/**
 * How often who has shown a wrong token.
 *
 * @module
 */

/** Wrong tokens that an address may show within so many milliseconds. */
const MOST = 20, WINDOW_MS = 60_000;
/** Addresses that are remembered; the one that began first is forgotten. */
const ADDRESSES = 1024;

/** Counts wrong tokens by address. */
export class Attempts {
  readonly #now: () => number;
  readonly #wrong = new Map<string, { since: number; count: number }>();

  /** `now` in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** For how many seconds no token of this address is looked at; 0 if it may go on. */
  wait(address: string): number {
    const entry = this.#wrong.get(address);
    if (entry === undefined || entry.count < MOST) return 0;
    const left = entry.since + WINDOW_MS - this.#now();
    if (left > 0) return Math.ceil(left / 1000);
    this.#wrong.delete(address);
    return 0;
  }

  /** A wrong one was shown. */
  failed(address: string): void {
    const now = this.#now(), entry = this.#wrong.get(address);
    if (entry !== undefined && now - entry.since < WINDOW_MS) {
      entry.count++;
      return;
    }
    this.#wrong.delete(address);
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size >= ADDRESSES && oldest !== undefined) this.#wrong.delete(oldest);
    this.#wrong.set(address, { since: now, count: 1 });
  }
}
