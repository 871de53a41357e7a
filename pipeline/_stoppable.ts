/**
 * A source that can be left behind.
 *
 * @module
 */
import type { Batch } from "./event.ts";
import type { Source } from "./stage.ts";

type Result = IteratorResult<Batch, undefined>;

const DONE: Result = { value: undefined, done: true };

/** What a stoppable source needs to know. */
export interface StopOptions {
  /** Aborted when the source should deliver what it has, and end. */
  readonly signal: AbortSignal;
  /** How long it may take to do so, in milliseconds. */
  readonly stopMs: number;
  /** Told when the time is up. */
  readonly onLate: () => void;
}

/** Passes a source's batches until it ends, or until it has had its time to end. Iterate it once. */
export class Stoppable implements AsyncIterableIterator<Batch, undefined> {
  /** Resolves when the source has ended and cleaned up, or has been left behind. */
  readonly finished: Promise<void>;
  readonly #iterator: AsyncIterator<Batch>;
  readonly #options: StopOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #finish = () => {};
  #give = (_: Result) => {};
  #asked = false;
  #over = false;

  /** Takes hold of the source; begins to count down when the signal is aborted. */
  constructor(source: Source, options: StopOptions) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#options = options;
    this.finished = new Promise((resolve) => this.#finish = resolve);
    if (options.signal.aborted) this.#countDown();
    else options.signal.addEventListener("abort", this.#countDown);
  }

  next(): Promise<Result> {
    if (this.#over) return Promise.resolve(DONE);
    this.#asked = true;
    return new Promise((resolve, reject) => {
      this.#give = resolve;
      this.#iterator.next().then((result) => {
        if (!result.done) return resolve(result);
        this.#end();
        resolve(DONE);
      }, (error: unknown) => {
        this.#end();
        reject(error);
      });
    });
  }

  async return(): Promise<Result> {
    try {
      await this.#iterator.return?.();
    } finally {
      this.#end();
    }
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #countDown = () => {
    if (!this.#asked) return this.#end(); // it never began
    this.#timer = setTimeout(() => {
      this.#options.onLate();
      this.#end();
      this.#give(DONE);
      this.#iterator.return?.().then(undefined, () => {});
    }, this.#options.stopMs);
  };

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener("abort", this.#countDown);
    this.#finish();
  }
}
