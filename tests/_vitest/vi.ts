/** The part of vitest's `vi` that needs neither a module loader nor a fake clock. */
import { clearAllMocks, fn, isMockFunction, resetAllMocks, restoreAllMocks, spyOn } from "@vitest/spy";

/** How long and how often to try. */
export interface WaitOptions {
  /** Milliseconds in all. @default {1000} */
  timeout?: number;
  /** Milliseconds between two tries. @default {50} */
  interval?: number;
}

async function waitFor<T>(attempt: () => T | Promise<T>, options: WaitOptions | number = {}): Promise<T> {
  const { timeout = 1000, interval = 50 } = typeof options === "number" ? { timeout: options } : options;
  const end = performance.now() + timeout;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}

function waitUntil<T>(attempt: () => T | Promise<T>, options: WaitOptions | number = {}): Promise<T> {
  return waitFor(async () => {
    const value = await attempt();
    if (!value) throw new Error("Timed out in waitUntil!");
    return value;
  }, options);
}

/** Spies and waiting. */
export const vi: {
  readonly fn: typeof fn;
  readonly spyOn: typeof spyOn;
  readonly isMockFunction: typeof isMockFunction;
  readonly clearAllMocks: typeof clearAllMocks;
  readonly resetAllMocks: typeof resetAllMocks;
  readonly restoreAllMocks: typeof restoreAllMocks;
  /** Calls until it does not throw. */
  readonly waitFor: typeof waitFor;
  /** Calls until it returns something truthy. */
  readonly waitUntil: typeof waitUntil;
} = { fn, spyOn, isMockFunction, clearAllMocks, resetAllMocks, restoreAllMocks, waitFor, waitUntil };
