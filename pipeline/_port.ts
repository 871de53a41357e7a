/**
 * Where one sink of a fan-out gets its batches.
 *
 * @module
 */
import type { Batch } from "./event.ts";

type Result = IteratorResult<Batch, undefined>;

const DONE: Result = { value: undefined, done: true };

/** One sink's end of a fan-out: the fan-out offers, the sink pulls. */
export class Port implements AsyncIterableIterator<Batch, undefined> {
  #closed = false;
  #waiting: Batch | undefined;
  #taken: (() => void) | undefined;
  readonly #wanted: ((result: Result) => void)[] = [];

  /** Resolves once the sink has asked for more than this batch, or has left. */
  offer(batch: Batch): Promise<void> | undefined {
    if (this.#closed) return undefined;
    const give = this.#wanted.shift();
    if (give === undefined) this.#waiting = batch;
    else give({ value: batch, done: false });
    if (this.#wanted.length > 0) return undefined; // it asked for two at once
    return new Promise((resolve) => this.#taken = resolve);
  }

  /** No more will come. */
  end(): void {
    this.#closed = true;
    for (const give of this.#wanted.splice(0)) give(DONE);
  }

  /** The sink wants no more: nothing waits for it any longer. */
  leave(): void {
    this.#waiting = undefined;
    this.end();
    this.#taken?.();
  }

  /** Acknowledges the last batch and asks for the next. */
  next(): Promise<Result> {
    const batch = this.#waiting;
    if (batch !== undefined) {
      this.#waiting = undefined;
      return Promise.resolve({ value: batch, done: false });
    }
    this.#taken?.();
    if (this.#closed) return Promise.resolve(DONE);
    return new Promise((resolve) => this.#wanted.push(resolve));
  }

  /** What `break` in a sink's `for await` calls. */
  return(): Promise<Result> {
    this.leave();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
