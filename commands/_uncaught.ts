/**
 * What a plug-in throws where nobody waits for it: in a timer, a callback, a promise of its own.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { Log } from "../pipeline/component.ts";

/** How many are told of in full; one that comes each second would hide all else. */
const MOST_TOLD = 3;

/** Errors that nobody caught. */
export interface Uncaught extends Disposable {
  readonly count: number;
  /** How many of them were not told of. */
  readonly untold: number;
}

/** Keeps the process alive through uncaught errors, tells of them, and counts them, until it is disposed of. */
export function catchUncaught(log: Log): Uncaught {
  let count = 0;
  const note = (event: Event, error: unknown) => {
    event.preventDefault();
    if (isAbandoned(error)) return;
    count++;
    if (count <= MOST_TOLD) log.error(`something failed outside of its stage, and all others go on: ${said(error)}`);
  };
  const onError = (event: ErrorEvent) => note(event, event.error);
  const onRejection = (event: PromiseRejectionEvent) => note(event, event.reason);
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  return {
    get count() {
      return count;
    },
    get untold() {
      return Math.max(0, count - MOST_TOLD);
    },
    [Symbol.dispose]: () => {
      globalThis.removeEventListener("error", onError);
      globalThis.removeEventListener("unhandledrejection", onRejection);
    },
  };
}

/**
 * The end of a connection that a library had given up and listens to no longer, as that of NATS does with one that the
 * server refused.
 */
function isAbandoned(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "code" in error && error.code === "ECONNRESET";
}

/** What was thrown, and the place that is nearest to its cause. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frames = stripVTControlCharacters(error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const place = frames.map((line) => /(?:file|https?|npm):\S+?:\d+:\d+/.exec(line)?.[0]).find(Boolean);
  return `${error.name}: ${error.message}${place === undefined ? "" : ` (${place})`}`;
}
