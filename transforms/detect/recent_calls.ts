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

/** One call's count in the window. */
interface Count {
  count: number;
  /** When the first of them was. */
  readonly since: number;
  /** Whether it was told that they are many. */
  told: boolean;
}

/** A window over calls, bounded in time and to four times the calls that make a loop. */
export class RecentCalls {
  /** Milliseconds in which the equal calls were that {@linkcode add} told of. */
  spanMs = 0;
  readonly #options: LoopOptions;
  readonly #most: number;
  readonly #ms: number;
  /** How many calls, up to the last, took turns with exactly one other: of A B A B it is 4, of A B A C it is 2. */
  #turns = 0;
  #turnsTold = false;
  /** A ring: the oldest is at `#first`. */
  readonly #prints: number[] = [];
  readonly #times: number[] = [];
  #first = 0;
  #size = 0;
  readonly #counts = new Map<number, Count>();

  /** An empty window. */
  constructor(options: LoopOptions) {
    this.#options = options;
    this.#most = 4 * Math.max(options.repeats, options.rounds);
    this.#ms = options.within_s * 1000;
  }

  /** Adds a call. Tells if a loop shows by it, once for each loop. */
  add(print: number, time: number): "repeats" | "takes_turns" | undefined {
    while (this.#size > 0 && (this.#size >= this.#most || time - this.#times[this.#first]! > this.#ms)) this.#drop();
    const last = this.#at(1), before = this.#at(2);
    const slot = (this.#first + this.#size) % this.#most;
    this.#prints[slot] = print;
    this.#times[slot] = time;
    this.#size++;
    if (last === undefined || last === print || before !== print) this.#turnsTold = false;
    this.#turns = last === undefined || last === print ? 1 : before === print ? this.#turns + 1 : 2;
    if (this.#repeats(print, time)) return "repeats";
    const enough = 2 * this.#options.rounds;
    if (this.#turnsTold || this.#turns < enough || this.#size < enough) return undefined;
    this.#turnsTold = true;
    return "takes_turns";
  }

  #repeats(print: number, time: number): boolean {
    let entry = this.#counts.get(print);
    if (entry === undefined) this.#counts.set(print, entry = { count: 0, since: time, told: false });
    entry.count++;
    if (entry.told || entry.count < this.#options.repeats) return false;
    this.spanMs = Math.min(time - entry.since, this.#ms);
    return entry.told = true;
  }

  /** The fingerprint of the call so many before the end. */
  #at(back: number): number | undefined {
    return back > this.#size ? undefined : this.#prints[(this.#first + this.#size - back) % this.#most];
  }

  #drop(): void {
    const print = this.#prints[this.#first]!;
    this.#first = (this.#first + 1) % this.#most;
    this.#size--;
    const entry = this.#counts.get(print);
    if (entry === undefined) return;
    entry.count--;
    if (entry.count < this.#options.repeats / 2) entry.told = false;
    if (entry.count === 0) this.#counts.delete(print);
  }
}
