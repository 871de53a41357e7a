/**
 * Time as events have it: UTC, RFC 3339 with nanoseconds.
 *
 * @module
 */
import { now } from "../time.ts";

/** How far the wall clock may be from what was expected before it counts as set, in milliseconds. */
const JUMP = 5;

/** Makes wall time of moments on a steady clock, to the microsecond, and follows the wall clock when it is set. */
export class Clock {
  readonly #wall: () => number;
  /** Milliseconds since any moment, with a fraction. */
  readonly steady: () => number;
  #offset: number;
  #second = NaN;
  #prefix = "";

  /** Both in milliseconds: since 1970, and since any moment with a fraction. */
  constructor(wall: () => number = Date.now, steady: () => number = now) {
    this.#wall = wall;
    this.steady = steady;
    this.#offset = wall() - steady();
  }

  /** To be called now and then: looks whether the wall clock was set. */
  check(): void {
    const wall = this.#wall(), steady = this.steady();
    if (!(Math.abs(this.#offset + steady - wall) <= JUMP)) this.#offset = wall - steady;
  }

  /** `2026-11-21T11:40:08.081751198+00:00`, of a moment on the steady clock. */
  text(steady: number): string {
    const time = this.#offset + steady;
    const second = Math.floor(time / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#prefix = new Date(second * 1000).toISOString().slice(0, 20);
    }
    const nanoseconds = Math.floor((time - second * 1000) * 1e6);
    return `${this.#prefix}${String(nanoseconds).padStart(9, "0")}+00:00`;
  }
}
