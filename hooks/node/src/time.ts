/**
 * Timers and clocks as they were when the sensor was loaded: tests replace the global ones, and count on what they find.
 *
 * @module
 */

const { setImmediate, setTimeout, clearTimeout, performance } = globalThis;

/** A timer that was set. */
export type Timer = ReturnType<typeof setTimeout>;

/** Milliseconds since any moment, with a fraction. */
export const now: () => number = performance.now.bind(performance);

/** Does something at the end of this turn of the event loop. */
export function soon(work: () => void): void {
  setImmediate(work);
}

/** Does something after so many milliseconds, if the program still runs then. */
export function later(work: () => void, ms: number): Timer {
  const timer = setTimeout(work, ms);
  (timer as { unref?: () => void }).unref?.();
  return timer;
}

/** Lets it be. */
export function cancel(timer: Timer | undefined): void {
  clearTimeout(timer);
}
