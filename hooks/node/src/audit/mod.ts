/**
 * The `audit` feature: what code does.
 *
 * @module
 */
import { guarded } from "../guard.ts";
import type { Sensor } from "../sensor.ts";
import { Aggregate, type AuditOptions } from "./aggregate.ts";
import { watchCode } from "./code.ts";
import { watchFiles } from "./files.ts";
import { watchNetwork, watchSockets } from "./network.ts";
import { sensitivePaths } from "./paths.ts";
import { type Start, wordsOf } from "./processes.ts";

/** The parts of it that others call. */
export interface Audit {
  /** A process is about to be started. */
  starting(start: Start, child: object | undefined): void;
  /** The program has loaded what it is made of, or most of it. */
  loaded(): void;
}

/** Begins to watch. */
export function watchActs(sensor: Sensor, options: AuditOptions): Audit {
  const aggregate = new Aggregate(sensor, options);
  guarded("audit.files", () => watchFiles(aggregate, sensitivePaths(options.sensitivePaths)));
  guarded("audit.network", () => watchNetwork(aggregate));
  guarded("audit.code", () => watchCode(aggregate));
  return {
    starting(start, child) {
      aggregate.told(child === undefined ? "child_process.spawnSync" : "child_process.spawn", wordsOf(start));
    },
    loaded() {
      if (aggregate.wants("net.connect")) watchSockets(aggregate);
    },
  };
}
