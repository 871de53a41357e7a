/**
 * The events' own clock: the latest time that any of them had. It goes on while none come.
 *
 * @module
 */

/** How often detectors are told the time, in milliseconds. */
const TICK = 1000;

/** The real time, where events have none: another one in tests. */
export interface Wall {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back after so many milliseconds, unless what it gives is called before. */
  after(ms: number, call: () => void): () => void;
}

const WALL: Wall = {
  now: Date.now,
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** Tells the time of the events, and when a tick is due. */
export class Clock {
  /** Milliseconds since the epoch; 0 before the first event. */
  now = 0;
  #due = 0;
  /** The local clock when `now` was last set by an event. */
  #set = 0;
  #latest = 0;
  /** The real time. */
  readonly wall: Wall;
  readonly #local: () => number;

  /** A clock that takes what passes between events from `local`, in milliseconds. */
  constructor(local: () => number = () => performance.now(), wall: Wall = WALL) {
    this.#local = local;
    this.wall = wall;
  }

  /** An event of this time was seen. True if a tick is due. */
  advance(time: number): boolean {
    if (time > this.now) this.now = time;
    return this.#isDue();
  }

  /** A batch is over, and whether it had events. True if a tick is due. */
  pause(events: number): boolean {
    if (this.now === 0) return false;
    if (events > 0) {
      this.#set = this.#local();
      this.#latest = this.now;
      return false;
    }
    this.now = Math.max(this.now, this.#latest + this.#local() - this.#set);
    return this.#isDue();
  }

  #isDue(): boolean {
    if (this.now < this.#due) return false;
    this.#due = this.now + TICK;
    return true;
  }
}
