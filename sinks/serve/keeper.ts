/**
 * Puts events into the store, and sees to it that one that cannot be written stops nothing.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import type { Batch } from "../../pipeline/event.ts";
import type { Store } from "../../pipeline/store/store.ts";

/** Adds batches; what cannot be stored is dropped, counted, and told of once for each reason in a row. */
export class Keeper {
  readonly #store: Store;
  readonly #context: Context;
  #failing = false;

  constructor(store: Store, context: Context) {
    this.#store = store;
    this.#context = context;
  }

  /** Adds one. Never throws. */
  add(batch: Batch): void {
    if (batch.length === 0) return;
    try {
      this.#store.add(batch);
      if (this.#failing) this.#context.log.info("the store can be written again");
      this.#failing = false;
    } catch (error) {
      const { log, metrics } = this.#context;
      metrics.dropped("store_failed", batch.length);
      metrics.error("store_failed");
      if (this.#failing) return;
      this.#failing = true;
      log.error(
        `${error instanceof Error ? error.message : error}; until it can be written again, what comes is not shown`,
      );
    }
  }
}
