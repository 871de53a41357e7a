/**
 * The MCP request that is being handled, carried along by everything that it leads to.
 *
 * @module
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import { builtin } from "./builtin.ts";
import type { Call } from "./events/event.ts";

let storage: AsyncLocalStorage<Call> | undefined;

/** Runs `work` as the handling of a call. */
export function within<Result>(call: Call, work: () => Result): Result {
  storage ??= new (builtin<typeof import("node:async_hooks")>("node:async_hooks")
    .AsyncLocalStorage)();
  return storage.run(call, work);
}

/** The call that is being handled here, if one is. */
export function currentCall(): Call | undefined {
  return storage?.getStore();
}
