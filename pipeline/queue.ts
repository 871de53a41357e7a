/**
 * The bounded queue before a sink that may drop.
 *
 * @module
 */
import type { Batch, Event, GapEvent } from "./event.ts";
import type { Transform } from "./stage.ts";

/** Options of {@linkcode queue}. */
export interface QueueOptions {
  /** How many events may wait. At least 1. */
  readonly limit: number;
  /** Told of every loss as it happens, for the counters. */
  readonly onDrop?: ((events: number) => void) | undefined;
  /** The `source` of the gap events. @default {"queue"} */
  readonly name?: string | undefined;
}

/**
 * Takes every batch at once, so that what comes after never holds up what comes before. Holds at most `limit` events;
 * what does not fit is dropped, and a `gap` event (reason `when_full`) stands in its place when the reader gets there.
 *
 * The events that wait count as acknowledged, and are lost if the process is killed.
 */
export function queue(options: QueueOptions): Transform {
  return (input) => new Queue(input, options);
}

/** Reads ahead from the moment it is made, not from the first time it is asked. */
class Queue implements AsyncIterableIterator<Batch, undefined> {
  readonly #waiting: Waiting;
  readonly #iterator: AsyncIterator<Batch>;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake = () => {};

  constructor(input: AsyncIterable<Batch>, options: QueueOptions) {
    this.#waiting = new Waiting(options);
    this.#iterator = input[Symbol.asyncIterator]();
    void this.#feed();
  }

  async #feed(): Promise<void> {
    try {
      while (!this.#ended) {
        const result = await this.#iterator.next();
        if (result.done) break;
        this.#waiting.add(result.value);
        this.#wake();
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#ended = true;
    this.#wake();
  }

  async next(): Promise<IteratorResult<Batch, undefined>> {
    for (;;) {
      const value = this.#waiting.take();
      if (value !== undefined) return { value, done: false };
      if (this.#ended) break;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    return { value: undefined, done: true };
  }

  return(): Promise<IteratorResult<Batch, undefined>> {
    this.#ended = true;
    this.#iterator.return?.().then(undefined, () => {});
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The events that wait, and the loss after the last of them. */
class Waiting {
  readonly #options: QueueOptions;
  readonly #batches: Batch[] = [];
  #events = 0;
  #lost = 0;
  #lostMessages = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  add(batch: Batch): void {
    if (batch.length === 0) return;
    const room = this.#options.limit - this.#events;
    if (room >= batch.length) {
      this.#push(batch);
    } else {
      if (room > 0) this.#push(batch.slice(0, room));
      this.#drop(room > 0 ? batch.slice(room) : batch);
    }
  }

  take(): Batch | undefined {
    const batch = this.#batches.shift();
    if (batch === undefined) return this.#lost > 0 ? [this.#gap()] : undefined;
    this.#events -= batch.length;
    return batch;
  }

  #push(batch: Batch): void {
    if (this.#lost > 0) batch = [this.#gap(), ...batch];
    this.#batches.push(batch);
    this.#events += batch.length;
  }

  #drop(events: readonly Event[]): void {
    this.#lost += events.length;
    for (const event of events) if (event.kind === "mcp") this.#lostMessages++;
    this.#options.onDrop?.(events.length);
  }

  #gap(): GapEvent {
    const lost = this.#lost;
    const messages = this.#lostMessages;
    this.#lost = this.#lostMessages = 0;
    return {
      kind: "gap",
      time: Date.now(),
      source: this.#options.name ?? "queue",
      reason: "when_full",
      message: `${lost} ${lost === 1 ? "event was" : "events were"} dropped, as the queue was full.`,
      lost: { records: lost, messages },
    };
  }
}
