/**
 * Options of the `rate_limit` transform.
 *
 * @module
 */
import { z } from "zod";
import { expression, keyFields } from "../../pipeline/query/option.ts";

/** What may be set. */
export const options = z.strictObject({
  events_per_second: z.number().positive().max(1e9)
    .describe("How many events of one key may pass in a second of their own time, in the long run.")
    .meta({ examples: [100] }),
  burst: z.int().min(1).max(1e9).optional()
    .describe("How many events of one key may pass at once. Default: those of a second."),
  by: keyFields().default(["server", "tool"])
    .describe(
      "Fields that make the key: each combination of their values has a rate of its own. An empty array: all events share one.",
    ),
  where: expression().default("kind:(mcp|http)")
    .describe("What is limited; all else passes. An array of expressions stands for any of them."),
  interval_ms: z.number().min(100).default(10_000)
    .describe("How often a gap event tells what was left out, in milliseconds of the events' time."),
  max_keys: z.int().min(2).default(4096)
    .describe("How many keys are remembered. Beyond it those unused for long start anew."),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
