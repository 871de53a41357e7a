/**
 * What stands between two nodes of a running pipeline.
 *
 * @module
 */
import type { Batch, Event } from "./event.ts";
import type { NodeMetrics } from "./metrics.ts";

type Result = IteratorResult<Batch, undefined>;

const DONE: Result = { value: undefined, done: true };

/** Who stands on either side of a boundary, and what becomes of a failure. */
export interface Sides {
  /** The node whose output this is. */
  readonly up?: NodeMetrics | undefined;
  /** The node whose input this is. */
  readonly down?: NodeMetrics | undefined;
  /** True if `up` is a source: what it takes is waiting for the world, as a rule, and no work. */
  readonly fromSource?: boolean | undefined;
  /** True if `down` is a sink: what it asks past counts as sent. */
  readonly toSink?: boolean | undefined;
  /** Told what `up` threw; the event that it returns is the last one that passes. */
  readonly onError?: ((error: unknown) => Event) | undefined;
}

/**
 * Passes batches from one node to the next, counts them, and takes the time of both: asking hands the work to the node
 * above, delivering hands it to the node below. A node that throws ends the stream with an event that says so.
 */
export class Boundary implements AsyncIterableIterator<Batch, undefined> {
  readonly #iterator: AsyncIterator<Batch>;
  readonly #sides: Sides;
  #passed = 0; // events of the batch that is with the node below
  #failed = false;

  /** A boundary below `input`. Call it only where the input is to be iterated. */
  constructor(input: AsyncIterable<Batch>, sides: Sides) {
    this.#iterator = input[Symbol.asyncIterator]();
    this.#sides = sides;
  }

  next(): Promise<Result> {
    const { up, down, fromSource, toSink } = this.#sides;
    const now = performance.now();
    if (down !== undefined) {
      down.stop(now);
      if (toSink) down.sent += this.#passed;
    }
    this.#passed = 0;
    if (this.#failed) return Promise.resolve(DONE);
    if (!fromSource) up?.start(now);
    try {
      return Promise.resolve(this.#iterator.next()).then(this.#deliver, this.#fail);
    } catch (error) {
      return Promise.resolve(this.#fail(error));
    }
  }

  async return(): Promise<Result> {
    this.#sides.down?.stop(performance.now());
    try {
      await this.#iterator.return?.();
    } catch (error) {
      if (this.#sides.onError === undefined) throw error;
      this.#sides.onError(error);
    }
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #deliver = (result: IteratorResult<Batch>): Result => {
    if (result.done) {
      this.#sides.up?.stop(performance.now());
      return DONE;
    }
    if (Array.isArray(result.value)) return this.#pass(result.value);
    return this.#fail(new TypeError("It yielded something that is not an array of events"));
  };

  readonly #fail = (error: unknown): Result => {
    if (this.#sides.onError === undefined) throw error;
    this.#failed = true;
    return this.#pass([this.#sides.onError(error)]);
  };

  #pass(batch: Batch): Result {
    const { up, down } = this.#sides;
    const now = performance.now();
    this.#passed = batch.length;
    if (up !== undefined) {
      up.stop(now);
      up.sent += batch.length;
    }
    if (down !== undefined) {
      down.received += batch.length;
      down.start(now);
    }
    return { value: batch, done: false };
  }
}
