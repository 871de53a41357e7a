/**
 * Native libraries, code from texts, and threads.
 *
 * @module
 */
import process from "node:process";
import { builtin } from "../builtin.ts";
import { guarded } from "../guard.ts";
import { patch } from "../patch.ts";
import type { Aggregate } from "./aggregate.ts";

/** Functions of `node:vm` that run or compile a text, and which argument has the name of its file. */
const VM = ["runInThisContext", "runInNewContext", "runInContext", "compileFunction"] as const;
/** How much of a text is shown, in UTF-16 units. */
const SHOWN = 200;

/** Patches `process.dlopen` and `node:vm`. `eval` and `new Function` go unseen: to see them would change the program. */
export function watchCode(aggregate: Aggregate): void {
  if (aggregate.wants("process.dlopen")) {
    patch(process, "dlopen", (original) =>
      function (this: unknown, ...args: unknown[]) {
        guarded("audit.code", () => aggregate.told("process.dlopen", [String(args[1])]));
        return Reflect.apply(original, this, args);
      });
  }
  const vm = builtin<object>("node:vm");
  for (const name of VM) {
    if (!aggregate.wants(`vm.${name}`)) continue;
    patch(vm, name, (original) =>
      function (this: unknown, ...args: unknown[]) {
        guarded("audit.code", () => {
          if (typeof args[0] === "string") {
            aggregate.told(`vm.${name}`, [args[0].slice(0, SHOWN)]);
          }
        });
        return Reflect.apply(original, this, args);
      });
  }
  if (!aggregate.wants("worker_threads.Worker")) return;
  const { subscribe } = builtin<typeof import("node:diagnostics_channel")>("node:diagnostics_channel");
  subscribe("worker_threads", (message) => {
    guarded("audit.code", () => {
      const { worker } = message as { worker?: { threadId?: number } };
      aggregate.told("worker_threads.Worker", [`thread ${worker?.threadId ?? "?"}`]);
    });
  });
}
