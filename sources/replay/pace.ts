/**
 * Events at the speed at which they happened.
 *
 * @module
 */
import type { Batch } from "../../pipeline/event.ts";

/** Events less than this apart go out together, in milliseconds. */
const TOGETHER = 10;
/** The longest a clock goes without a batch: other stages may wait for one, in milliseconds. */
const TICK = 100;

/** Waits between events as long as it took between them; at the signal it stops. */
export class Pace {
  readonly #signal: AbortSignal;
  /** What the clock shows, less what the events' time shows. */
  #offset: number | undefined;

  /** Starts with the first event. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The batch in pieces, each when its time has come, and empty ones while it has not. */
  async *batches(batch: Batch): AsyncGenerator<Batch> {
    for (let from = 0; from < batch.length;) {
      const due = batch[from]!.time + (this.#offset ??= performance.now() - batch[from]!.time);
      for (let wait: number; (wait = due - performance.now()) > TOGETHER;) {
        await this.#sleep(Math.min(wait, TICK));
        if (this.#signal.aborted) return;
        yield [];
      }
      const now = performance.now() - this.#offset + TOGETHER;
      let to = from + 1;
      while (to < batch.length && batch[to]!.time <= now) to++;
      yield batch.slice(from, to);
      from = to;
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#signal.addEventListener("abort", done);
    });
  }
}
