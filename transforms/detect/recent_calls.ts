/**
 * The latest calls of a session, as fingerprints.
 *
 * @module
 */

/** When calls are a loop. */
export interface LoopOptions {
  /** Equal calls in the window. */
  readonly repeats: number;
  /** Times that two calls take turns. */
  readonly rounds: number;
  /** Seconds of the window. */
  readonly within_s: number;
}

/** Loops that are remembered to have been told of. */
const MOST_TOLD = 64;

/** Of fingerprints this many are told apart at a first look; a power of two. */
const ALIKE = 32;

/** A window over calls, bounded in time and to four times the calls that make a loop. */
export class RecentCalls {
  /** Milliseconds in which the equal calls were that {@linkcode add} told of. */
  spanMs = 0;
  readonly #options: LoopOptions;
  readonly #most: number;
  readonly #mask: number;
  readonly #ms: number;
  /** A ring: the oldest call is at `#first`. Its size is a power of two, of which `#mask` is one less. */
  readonly #prints: Uint32Array;
  readonly #times: Float64Array;
  #first = 0;
  #size = 0;
  /** How many calls of the window have a fingerprint with these low bits. */
  readonly #alike = new Uint16Array(ALIKE);
  /** How many calls, up to the last, took turns with exactly one other: of A B A B it is 4, of A B A C it is 2. */
  #turns = 0;
  #turnsTold = false;
  /** Calls whose repeating was told, while they go on. */
  #told: Set<number> | undefined;

  /** An empty window. */
  constructor(options: LoopOptions) {
    this.#options = options;
    this.#most = 4 * Math.max(options.repeats, options.rounds);
    this.#ms = options.within_s * 1000;
    const size = 2 ** Math.ceil(Math.log2(this.#most));
    this.#mask = size - 1;
    this.#prints = new Uint32Array(size);
    this.#times = new Float64Array(size);
  }

  /** Adds a call. Tells if a loop shows by it, once for each loop. */
  add(print: number, time: number): "repeats" | "takes_turns" | undefined {
    while (this.#size > 0 && (this.#size >= this.#most || time - this.#times[this.#first]! > this.#ms)) {
      this.#alike[this.#prints[this.#first]! & ALIKE - 1]!--;
      this.#first = this.#first + 1 & this.#mask;
      this.#size--;
    }
    const last = this.#at(1), before = this.#at(2);
    const slot = this.#first + this.#size & this.#mask;
    this.#prints[slot] = print;
    this.#times[slot] = time;
    this.#size++;
    this.#alike[print & ALIKE - 1]!++;
    if (last === undefined || last === print || before !== print) this.#turnsTold = false;
    this.#turns = last === undefined || last === print ? 1 : before === print ? this.#turns + 1 : 2;
    if (this.#repeats(print, time)) return "repeats";
    const enough = 2 * this.#options.rounds;
    if (this.#turnsTold || this.#turns < enough || this.#size < enough) return undefined;
    this.#turnsTold = true;
    return "takes_turns";
  }

  /** Whether the call is now there often enough for the first time. */
  #repeats(print: number, time: number): boolean {
    const { repeats } = this.#options;
    if (this.#told === undefined && this.#alike[print & ALIKE - 1]! < repeats) return false;
    let count = 0, since = time;
    for (let k = this.#size, slot = this.#first; k > 0; k--) {
      if (this.#prints[slot] === print && count++ === 0) since = this.#times[slot]!;
      slot = slot + 1 & this.#mask;
    }
    if (count < repeats) {
      if (count < repeats / 2) this.#told?.delete(print);
      return false;
    }
    const told = this.#told ??= new Set();
    if (told.has(print)) return false;
    if (told.size >= MOST_TOLD) told.clear();
    told.add(print);
    this.spanMs = time - since;
    return true;
  }

  /** The fingerprint of the call so many before the end. */
  #at(back: number): number | undefined {
    return back > this.#size ? undefined : this.#prints[this.#first + this.#size - back & this.#mask];
  }
}
