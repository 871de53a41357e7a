/**
 * The server that `mcpsonde proxy` started before anything else was loaded, for the source that is made later.
 *
 * @module
 */
import type { RunningServer } from "./server.ts";

let current: RunningServer | undefined;

/** Leaves a server for the next source without a command. */
export function handOver(server: RunningServer): void {
  current = server;
}

/** The server, once. */
export function takeOver(): RunningServer | undefined {
  const server = current;
  current = undefined;
  return server;
}
