/**
 * `when_full` and `queue_events`, which every sink has.
 *
 * @module
 */
import type { Node } from "jsonc-parser";
import { z } from "zod";
import { find } from "./document.ts";
import { evaluate } from "./evaluate.ts";
import { describeIssue } from "./issue.ts";
import type { WhenFull } from "./plan.ts";
import { join, report, type Scope } from "./scope.ts";
import { shorten } from "./_syntax.ts";

/** The schemas of the options that every sink has. */
export const QUEUE_OPTIONS = {
  when_full: z.enum(["block", "drop"]).default("block").describe(
    "What happens when this sink cannot keep up: `block` holds up the pipeline, so that nothing is lost; `drop` drops " +
      "events for this sink, counts them, and tells the sink by a `gap` event.",
  ),
  queue_events: z.int().min(1).max(16_777_216).default(65_536).describe(
    "With `drop`: how many events may wait for this sink.",
  ),
} as const;

/** Checks both. `queue_events` without `drop` is a mistake, as there is no queue then. */
export async function checkQueue(
  scope: Scope,
  sink: Node,
  path: string,
): Promise<{ whenFull: WhenFull; queueEvents: number }> {
  const whenFull = await checkOne(scope, sink, path, "when_full");
  const queueEvents = await checkOne(scope, sink, path, "queue_events");
  const node = find(sink, ["queue_events"]);
  if (whenFull === "block" && node !== undefined) {
    report(scope, node, join(path, ["queue_events"]), 'has no meaning without "when_full": "drop"');
  }
  return { whenFull: whenFull ?? "block", queueEvents: queueEvents ?? 1 };
}

async function checkOne<Name extends keyof typeof QUEUE_OPTIONS>(
  scope: Scope,
  sink: Node,
  path: string,
  name: Name,
): Promise<z.output<(typeof QUEUE_OPTIONS)[Name]> | undefined> {
  const node = find(sink, [name]);
  const at = join(path, [name]);
  const before = scope.problems.length;
  const { value, substituted } = node === undefined
    ? { value: undefined, substituted: new Set() }
    : await evaluate(scope, node, at);
  const number = name === "queue_events" && substituted.has(at) && value !== "" ? Number(value) : NaN;
  const result = QUEUE_OPTIONS[name].safeParse(Number.isNaN(number) ? value : number, { reportInput: true });
  if (result.success) return result.data as z.output<(typeof QUEUE_OPTIONS)[Name]>;
  if (scope.problems.length === before && node !== undefined) {
    for (const issue of result.error.issues) {
      report(scope, node, at, describeIssue(issue, shorten(scope.document.source(node))));
    }
  }
  return undefined;
}
