/**
 * Counts what is found in one session, and says when to tell of it.
 *
 * @module
 */

/** Kinds that one session is counted for; the others are counted together. */
const KINDS = 32;
const OTHER = "other";

/** The counts of one session. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** Counts one more of a kind. Gives the number if it is to be told: the first, and each time it has grown tenfold. */
  count(kind: string): number | undefined {
    const key = this.#counts.has(kind) || this.#counts.size < KINDS ? kind : OTHER;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return isPowerOfTen(count) ? count : undefined;
  }
}

function isPowerOfTen(count: number): boolean {
  while (count >= 10 && count % 10 === 0) count /= 10;
  return count === 1;
}
