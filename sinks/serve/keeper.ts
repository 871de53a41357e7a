/**
 * Puts events into the store, and sees to it that one that cannot be written stops nothing.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import type { Batch } from "../../pipeline/event.ts";
import type { Retention } from "../../pipeline/store/retention.ts";
import type { Store } from "../../pipeline/store/store.ts";

/** Between two looks at whether there is too much, in milliseconds; a tenth of it may be worked. */
const PRUNE_MS = 200;

/** Adds batches; what cannot be stored is dropped, counted, and told of once for each reason in a row. */
export class Keeper {
  readonly #store: Store;
  readonly #retention: Retention;
  readonly #context: Context;
  #failing = false;
  #pruned = 0;

  constructor(store: Store, retention: Retention, context: Context) {
    this.#store = store;
    this.#retention = retention;
    this.#context = context;
  }

  /** Adds one. Never throws. */
  add(batch: Batch): void {
    if (batch.length === 0) return;
    try {
      this.#store.add(batch);
      this.#prune();
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

  /** A little now and then: what is too much goes as fast as it comes. */
  #prune(): void {
    const now = performance.now();
    if (now - this.#pruned < PRUNE_MS) return;
    this.#pruned = now;
    const end = now + PRUNE_MS / 10;
    while (this.#store.prune(this.#retention) && performance.now() < end);
  }
}
