/**
 * Ctrl-C: once to finish in good order, twice to leave at once.
 *
 * @module
 */
import type { Log } from "../pipeline/component.ts";
import { EXIT } from "./_exit.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** When to say that finishing takes a while, in milliseconds. */
const PATIENCE = 1000;

/** A signal that is aborted by the first SIGINT, SIGTERM or SIGHUP; the second one exits with 130. */
export function untilSignal(log: Log): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listener = () => {
    if (controller.signal.aborted) Deno.exit(EXIT.forced);
    timer = setTimeout(() => log.info("finishing; Ctrl-C again leaves at once"), PATIENCE);
    controller.abort();
  };
  for (const name of SIGNALS) Deno.addSignalListener(name, listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      for (const name of SIGNALS) Deno.removeSignalListener(name, listener);
    },
  };
}
