/**
 * How often something fails, now and usually.
 *
 * @module
 */

/** Parts that the window is counted in. */
const SLICES = 6;
/** Milliseconds in which what is usual forgets half of what it knew. */
const HALF_LIFE = 3_600_000;
/** Calls before the window that it takes to know what is usual. */
const ENOUGH = 10;

/** When errors are a burst. */
export interface BurstOptions {
  /** Seconds of the window. */
  readonly within_s: number;
  /** Least errors in the window. */
  readonly errors: number;
  /** Least share of errors in the window. */
  readonly share: number;
  /** How many times as large as usual the share must be. */
  readonly factor: number;
}

/** Counts calls and errors in a window of slices, and those before it with a half-life of an hour. */
export class ErrorRate {
  /** Calls in the window. */
  calls = 0;
  /** Errors in the window. */
  errors = 0;
  /** Whether this burst was told already. */
  told = false;
  readonly #options: BurstOptions;
  readonly #sliceMs: number;
  /** Counts of the slices; the latest is at `#slice % SLICES`. */
  readonly #sliceCalls = new Array<number>(SLICES).fill(0);
  readonly #sliceErrors = new Array<number>(SLICES).fill(0);
  #slice = 0;
  #usualCalls = 0;
  #usualErrors = 0;

  /** Nothing counted yet. */
  constructor(options: BurstOptions) {
    this.#options = options;
    this.#sliceMs = options.within_s * 1000 / SLICES;
  }

  /** The share of errors before the window, 0 to 1; NaN while it is not known. */
  get usual(): number {
    return this.#usualCalls < ENOUGH ? NaN : this.#usualErrors / this.#usualCalls;
  }

  /** Counts a call that ended at this time, in milliseconds. True if this begins a burst. */
  add(time: number, failed: boolean): boolean {
    this.#moveTo(Math.floor(time / this.#sliceMs));
    const at = this.#slice % SLICES;
    this.#sliceCalls[at]!++;
    this.calls++;
    if (failed) {
      this.#sliceErrors[at]!++;
      this.errors++;
    }
    const { errors, share, factor } = this.#options;
    if (this.told && this.errors < errors / 2) this.told = false;
    if (!failed || this.told || this.errors < errors || this.errors < this.calls * share) return false;
    const usual = this.usual;
    if (!Number.isNaN(usual) && this.errors < this.calls * Math.min(1, usual * factor)) return false;
    return this.told = true;
  }

  /** Makes this slice the latest: what falls out of the window becomes usual. */
  #moveTo(slice: number): void {
    if (slice <= this.#slice) return; // late events count as the latest
    const passed = slice - this.#slice;
    const kept = 0.5 ** (passed * this.#sliceMs / HALF_LIFE);
    this.#usualCalls *= kept;
    this.#usualErrors *= kept;
    for (let k = 1; k <= Math.min(passed, SLICES); k++) {
      const at = (this.#slice + k) % SLICES;
      const calls = this.#sliceCalls[at]!, errors = this.#sliceErrors[at]!;
      this.#usualCalls += calls;
      this.#usualErrors += errors;
      this.calls -= calls;
      this.errors -= errors;
      this.#sliceCalls[at] = this.#sliceErrors[at] = 0;
    }
    this.#slice = slice;
  }
}
