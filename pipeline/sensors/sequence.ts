/**
 * Numbers that one process gives to its events.
 *
 * @module
 */

/** Numbers that are missing, for now. */
interface Missing {
  from: number;
  to: number;
  /** When it was noticed: what was told then. */
  readonly time: number;
  /** Likewise, by the clock. */
  readonly now: number;
}

/**
 * For so long an event may come behind a later one, in milliseconds: threads write to files of their own, and our sensors hash
 * what was loaded when the program has come to rest.
 */
const LATE_MS = 10_000;
/** Holes that are waited for; of more, the oldest are lost. */
const MOST = 64;

/** Follows the numbers of one process and tells which are lost. */
export class Sequence {
  #next = -1;
  #missing: Missing[] = [];
  #lost = 0;
  #first = -1;
  #last = -1;

  /** True if numbers are missing or lost. */
  get hasHoles(): boolean {
    return this.#missing.length > 0 || this.#lost > 0;
  }

  /** A number was told. `isNew` says that the process may have begun anew, so that 0 is no repetition. */
  saw(number: number, time: number, now: number, isNew: boolean): void {
    if (number === this.#next) {
      this.#next++;
      return;
    }
    if (this.#next < 0) this.#next = number + 1; // the first that was seen: what came before was not ours to see
    else if (number > this.#next) {
      this.#missing.push({ from: this.#next, to: number - 1, time, now });
      this.#next = number + 1;
      if (this.#missing.length > MOST) this.#lose(this.#missing.shift()!);
    } else if (number === 0 && isNew) {
      this.#loseAll();
      this.#next = 1;
    } else this.#fill(number);
  }

  /** What is lost for good by now, since the last time; undefined if nothing is. `time` is the events', `now` the clock's. */
  take(time: number, now: number, all: boolean): { events: number; from: number; to: number } | undefined {
    if (all) this.#loseAll();
    while (this.#missing.length > 0) {
      const { time: noticed, now: since } = this.#missing[0]!;
      if (time - noticed < LATE_MS && now - since < LATE_MS) break;
      this.#lose(this.#missing.shift()!);
    }
    if (this.#lost === 0) return undefined;
    const taken = { events: this.#lost, from: this.#first, to: this.#last };
    this.#lost = 0;
    this.#first = this.#last = -1;
    return taken;
  }

  #fill(number: number): void {
    const at = this.#missing.findIndex(({ from, to }) => number >= from && number <= to);
    if (at < 0) return;
    const hole = this.#missing[at]!;
    const rest = [{ ...hole, to: number - 1 }, { ...hole, from: number + 1 }].filter(({ from, to }) => from <= to);
    this.#missing.splice(at, 1, ...rest);
  }

  #loseAll(): void {
    for (const hole of this.#missing) this.#lose(hole);
    this.#missing = [];
  }

  #lose({ from, to }: Missing): void {
    if (this.#lost === 0) this.#first = from;
    this.#last = to;
    this.#lost += to - from + 1;
  }
}
