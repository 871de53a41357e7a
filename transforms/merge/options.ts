/**
 * The options of `merge`.
 *
 * @module
 */
import { z } from "zod";

/** The options' schema. */
export const options = z.strictObject({
  window_ms: z.int().min(0).max(60_000).default(300).describe(
    "How long a message is held back for what others tell of it, in milliseconds. Only messages of processes that more than one sees are held back.",
  ),
  first_ms: z.int().min(0).max(60_000).default(3000).describe(
    "How long the first message of a session that a sensor tells of is held back for the kernel, which tells of it when it knows who reads, in milliseconds. 0 where no source sees messages on their way.",
  ),
  remember_ms: z.int().min(0).max(600_000).default(5000).describe(
    "How long after a message passed the same message, as another saw it, is left out, in milliseconds.",
  ),
  max_held: z.int().min(1).max(1 << 20).default(8192).describe(
    "Most events held back at once; with more the oldest pass early and are counted.",
  ),
  max_remembered: z.int().min(1).max(1 << 20).default(16_384).describe("Most messages that are remembered."),
});

/** The options of `merge`. */
export type Options = z.output<typeof options>;
