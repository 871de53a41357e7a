/**
 * Lets timers and signals run beside a stream that always has more.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import type { Batch } from "./event.ts";

/** How long a stream may keep the event loop to itself, in milliseconds, give or take one batch. */
const BREATH_MS = 15;

/**
 * Passes batches through, and gives way to the event loop every {@linkcode BREATH_MS}: promises alone never would, so
 * a source that is always ready would starve timers, signals and sockets. One pause takes about 9 µs.
 */
export function breathe(input: AsyncIterable<Batch>): AsyncIterable<Batch> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = input[Symbol.asyncIterator]();
      let last = performance.now();
      return {
        next() {
          if (performance.now() - last < BREATH_MS) return iterator.next();
          return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
            last = performance.now();
            return iterator.next();
          });
        },
        return: () => iterator.return?.() ?? Promise.resolve({ value: undefined, done: true }),
      };
    },
  };
}
