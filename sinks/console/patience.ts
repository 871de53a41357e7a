/**
 * Lets text wait a moment for what belongs to it, in order.
 *
 * @module
 */

/** How long a line may wait for what a sensor tells of its call, in milliseconds: sensors send in batches. */
export const PATIENCE_MS = 250;
/** Most that waits; with more the oldest goes early. */
const MOST_WAITING = 1000;

/** Something to be written. */
export interface Waiting {
  /** Until when it waits, in milliseconds of the view's clock; 0 for what need not wait. */
  until: number;
}

/** A queue whose first entry holds up the others as long as it waits. */
export class Patience<T extends Waiting> {
  #queue: T[] = [];

  /** All that waits, oldest first. */
  get waiting(): readonly T[] {
    return this.#queue;
  }

  /** When the first entry need not wait any more; undefined if nothing waits. */
  get due(): number | undefined {
    return this.#queue[0]?.until;
  }

  add(entry: T): void {
    this.#queue.push(entry);
  }

  /** Takes an entry out, wherever it is. */
  remove(entry: T): void {
    const at = this.#queue.indexOf(entry);
    if (at >= 0) this.#queue.splice(at, 1);
  }

  /** Takes out what has waited long enough, in order. `Infinity` takes all. */
  take(now: number): readonly T[] {
    const queue = this.#queue;
    const spare = queue.length - MOST_WAITING;
    let count = 0;
    for (const { until } of queue) {
      if (until > now && count >= spare) break;
      count++;
    }
    if (count === 0) return [];
    this.#queue = queue.slice(count);
    return count === queue.length ? queue : queue.slice(0, count);
  }
}
