/**
 * Waits for something to happen, or for a while.
 *
 * @module
 */

/** Who waits is woken by the next `notify`, or by the time. */
export class Wake {
  readonly #waiting = new Set<() => void>();

  /** Wakes all who wait. */
  notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves at the next `notify`, or after so many milliseconds. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(0, Math.ceil(ms)));
      this.#waiting.add(wake);
    });
  }
}
