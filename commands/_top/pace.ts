/**
 * When to draw: at once after a key, now and then while rows pour in.
 *
 * @module
 */

/** Between two frames that nobody waits for, in milliseconds. */
const LEAST = 100;
/** Between two frames while keys are pressed. */
const LEAST_URGENT = 25;
/** Drawing takes at most one part in so many of the time. */
const SHARE = 16;

/** Calls a function, not too often. */
export class Pace {
  readonly #draw: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  #last = -Infinity;
  /** What drawing took lately, in milliseconds. */
  #cost = 0;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Asks for a frame. `urgent`: somebody waits for it. */
  request(urgent: boolean): void {
    const now = performance.now();
    const due = Math.max(now, this.#last + (urgent ? LEAST_URGENT : Math.max(LEAST, this.#cost * SHARE)));
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#now(), due - now);
  }

  /** Draws no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#due = -Infinity;
  }

  /** Tells what drawing a frame took, in milliseconds: it goes on after the function has returned. */
  took(ms: number): void {
    this.#cost = 0.7 * this.#cost + 0.3 * ms;
  }

  #now(): void {
    this.#due = Infinity;
    this.#last = performance.now();
    this.#draw();
  }
}
