/**
 * Options of the `mcp` transform.
 *
 * @module
 */
import { z } from "zod";

/** What may be set. */
export const options = z.strictObject({
  max_sessions: z.int().min(2).default(4096)
    .describe("How many sessions are remembered. Beyond it the longest silent ones are forgotten."),
  max_calls: z.int().min(1).default(65_536)
    .describe("How many calls may be open at once, over all sessions. Beyond it the oldest are forgotten."),
  max_waiting: z.int().min(1).default(4096)
    .describe(
      "How many calls may wait for input, or go on as tasks, after a request of theirs was answered. Beyond it the " +
        "oldest are forgotten.",
    ),
  max_waiting_bytes: z.int().min(1024).default(64 * 1024 * 1024)
    .describe("How many bytes of requests such calls may hold together."),
  call_timeout_ms: z.number().min(1000).default(3_600_000)
    .describe("For how long a call may be silent, in milliseconds of traffic, before it counts as hung."),
  check_arguments: z.boolean().default(true)
    .describe(
      "Whether arguments of tool calls are held against the tools' input schemas: the first 256 calls of a session, then " +
        "one of 64.",
    ),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
