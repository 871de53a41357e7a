/**
 * Processes that are started.
 *
 * @module
 */
import process from "node:process";
import { builtin, RUNTIME } from "../builtin.ts";
import { guarded } from "../guard.ts";
import { holderOf, patch, patchOnce } from "../patch.ts";

/** How a process is started: what Node makes of all the ways to say it. It may be changed. */
export interface Start {
  /** The program. */
  readonly file?: unknown;
  /** `argv`, the program's name first. */
  readonly args?: unknown;
  /** `NAME=value`; absent in runtimes that keep the environment otherwise. */
  envPairs?: unknown;
}

/**
 * Told of a process that is about to be started. `child` is absent if it is waited for. What it gives is called once the
 * process was started.
 */
export type Starting = (start: Start, child: object | undefined) => (() => void) | undefined;

/** The command line of a process: the program, then its arguments. */
export function wordsOf({ file, args }: Start): readonly string[] {
  return [String(file), ...(Array.isArray(args) ? args.slice(1).map(String) : [])];
}

/** Sees `spawn`, `exec`, `execFile`, `fork` and their `…Sync`. */
export function watchProcesses(starting: Starting): void {
  const see = (start: unknown, child: object | undefined) =>
    typeof start === "object" && start !== null ? guarded("processes", () => starting(start, child)) : undefined;
  const watchSpawn = (holder: object) =>
    patchOnce(holder, "spawn", (original) =>
      function (this: object, ...args: unknown[]) {
        const started = see(args[0], this);
        const result = Reflect.apply(original, this, args);
        if (started !== undefined) guarded("processes", started);
        return result;
      });
  if (RUNTIME !== "node") {
    // Loading it costs nothing there, and there is no channel.
    const { ChildProcess } = builtin<typeof import("node:child_process")>("node:child_process");
    watchSpawn(ChildProcess.prototype);
    return;
  }
  const { subscribe } = builtin<typeof import("node:diagnostics_channel")>("node:diagnostics_channel");
  // Published when a ChildProcess is made, before it is told what to start: early enough to see the first.
  subscribe("child_process", (message) => {
    guarded("processes", () => {
      const { process: child } = message as { process?: object };
      const holder = child && holderOf(child, "spawn");
      if (holder !== undefined) watchSpawn(holder);
    });
  });
  guarded("processes", () => watchSync(see));
}

/**
 * The binding that all of `spawnSync`, `execSync` and `execFileSync` end in: a CommonJS program may have taken those from
 * `node:child_process` before anything else of it could be seen, and to load that would cost each start 5 ms.
 */
function watchSync(see: (start: unknown, child: undefined) => unknown): void {
  if (process.execArgv.includes("--pending-deprecation") || process.env["NODE_PENDING_DEPRECATION"] === "1") return;
  if (/--pending-deprecation/.test(process.env["NODE_OPTIONS"] ?? "")) return; // it would print a warning
  const { binding } = process as unknown as {
    binding?: (name: string) => object;
  };
  const spawnSync = binding?.("spawn_sync");
  if (spawnSync === undefined) return;
  patch(spawnSync, "spawn", (original) =>
    function (this: unknown, ...args: unknown[]) {
      see(args[0], undefined);
      return Reflect.apply(original, this, args);
    });
}
