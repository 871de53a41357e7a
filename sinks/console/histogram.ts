/**
 * Percentiles in constant memory: buckets that grow by about 4 % each.
 *
 * @module
 */

/** Buckets for each doubling. */
const PER_OCTAVE = 16;
/** The first bucket ends at 2^-10 ms, about 1 µs. */
const FIRST_OCTAVE = -10;
/** The last one starts at about 4.6 hours. */
const OCTAVES = 34;

/** Counts durations in milliseconds. */
export class Histogram {
  readonly #buckets = new Uint32Array(PER_OCTAVE * OCTAVES);
  count = 0;
  max = 0;
  min = Infinity;

  /** Adds one value. */
  add(value: number): void {
    this.count++;
    if (value > this.max) this.max = value;
    if (value < this.min) this.min = value;
    const position = value <= 0 ? 0 : Math.floor((Math.log2(value) - FIRST_OCTAVE) * PER_OCTAVE);
    const bucket = Math.max(0, Math.min(this.#buckets.length - 1, position));
    this.#buckets[bucket] = this.#buckets[bucket]! + 1;
  }

  /** The value below which `fraction` of all lie, to about 2 %; undefined when empty. */
  quantile(fraction: number): number | undefined {
    if (this.count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(fraction * this.count));
    let seen = 0;
    for (let i = 0; i < this.#buckets.length; i++) {
      seen += this.#buckets[i]!;
      if (seen >= rank) return Math.min(this.max, Math.max(this.min, 2 ** ((i + 0.5) / PER_OCTAVE + FIRST_OCTAVE)));
    }
    return this.max;
  }
}
