/**
 * Long work in slices, so that the event loop is not held.
 *
 * @module
 */

/** Longest time that work holds the event loop, in milliseconds. */
const SLICE = 8;

/** Call `rest` between the steps of long work; it waits for a turn of the event loop when the slice is over. */
export class Pace {
  #until = performance.now() + SLICE;

  /** Undefined while there is time left, so that `await` can be spared. */
  rest(): Promise<void> | undefined {
    if (performance.now() < this.#until) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        this.#until = performance.now() + SLICE;
        resolve();
      }, 0)
    );
  }
}
