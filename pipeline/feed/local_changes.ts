/**
 * Follows a store.
 *
 * @module
 */
import type { MetricsSnapshot } from "../metrics.ts";
import type { Store } from "../store/store.ts";
import type { Change, Feed, Following } from "./feed.ts";
import { matching } from "./matching.ts";

/** Between two looks at the store, in milliseconds: some ten changes of a kind a second. */
const STEP_MS = 100;
/** Between two looks at the pipeline's counters. */
const HEALTH_MS = 1000;
/** Rows of one kind that are told at a time. */
const MOST = 100;

/**
 * The store's changes until the signal is aborted. What comes while the reader works is told together when it asks again,
 * the newest rows and how many there were.
 */
export async function* localChanges(
  store: Store,
  feed: Feed,
  { filter, types }: Following,
  health: (() => MetricsSnapshot) | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change, void, undefined> {
  if (filter !== undefined) await feed.calls({ filter, limit: 1 }); // a mistake is told at once
  const isWanted = ({ type }: Change) => types === undefined || type === "lost" || types.includes(type);
  const watch = store.watch();
  let nextHealth = 0;
  try {
    while (!signal.aborted) {
      if (health !== undefined && performance.now() >= nextHealth) {
        nextHealth = performance.now() + HEALTH_MS;
        const change: Change = { type: "health", metrics: health() };
        if (isWanted(change)) yield change;
      }
      for (const change of watch.isDue ? watch.take(MOST) : []) {
        if (!isWanted(change)) continue;
        const told = filter === undefined ? change : await matching(feed, change, filter);
        if (told !== undefined) yield told;
      }
      await sleep(STEP_MS, signal);
    }
  } finally {
    watch.close();
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", settle);
      resolve();
    };
    const timer = setTimeout(settle, ms);
    if (signal.aborted) settle();
    else signal.addEventListener("abort", settle);
  });
}
