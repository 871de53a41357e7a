/**
 * Options of the `sample` transform.
 *
 * @module
 */
import { z } from "zod";
import { expression, keyFields } from "../../pipeline/query/option.ts";

const MIB = 1024 * 1024;

/** What may be set. */
export const options = z.strictObject({
  rate: z.number().min(0).max(1)
    .describe("Which part of the calls is kept: 0.1 is one in ten. All messages of a call are kept or none.")
    .meta({ examples: [0.1] }),
  by: keyFields().default(["server", "tool"])
    .describe('Fields that make the key of "first".'),
  first: z.int().min(0).default(1)
    .describe("How many calls of each key are kept in any case, in each interval: so that what is rare is seen."),
  interval_ms: z.number().min(1).default(60_000)
    .describe("The interval, in milliseconds of the events' time."),
  keep: z.union([expression(), z.literal(false)]).default("status:(error|cancelled|hung) or latency>1s")
    .describe(
      "Filter expression of what is kept in any case. A call that is not to be kept otherwise is held until it ends, and " +
        "passes as a whole if one of its messages matches. false: nothing is held, and failed calls are sampled as all others.",
    ),
  max_calls: z.int().min(1).default(4096)
    .describe(
      "How many calls may be held. Beyond it the oldest is left out; if it fails later, its last message passes all the same.",
    ),
  max_bytes: z.int().min(1024).default(32 * MIB)
    .describe("How many bytes of messages may be held, likewise."),
  max_wait_ms: z.number().min(1).default(60_000)
    .describe("How long a call may be held, in milliseconds of the events' time. One that takes longer is kept."),
  max_open: z.int().min(2).default(65_536)
    .describe(
      "How many open calls are remembered after it was decided whether they pass. Beyond it the oldest are decided anew.",
    ),
  max_keys: z.int().min(2).default(4096)
    .describe("How many keys are remembered. Beyond it all are forgotten."),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
