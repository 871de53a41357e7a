/**
 * Options of the `jsonrpc` transform.
 *
 * @module
 */
import { z } from "zod";

const MIB = 1024 * 1024;

/** What may be set. */
export const options = z.strictObject({
  max_line: z.int().min(1024).max(256 * MIB).default(8 * MIB)
    .describe("Longest message in bytes. A longer one is passed over and told in a gap event."),
  max_depth: z.int().min(1).max(4096).default(256)
    .describe("How deep a message may nest before it counts as malformed."),
  max_batch: z.int().min(1).default(10_000)
    .describe("How many messages a JSON-RPC batch may hold before it counts as malformed."),
  max_streams: z.int().min(2).default(65_536)
    .describe("How many streams may be open at once. Beyond it the longest silent ones are forgotten."),
  max_sessions: z.int().min(2).default(16_384)
    .describe("How many MCP sessions over HTTP are remembered. Beyond it the longest silent ones are forgotten."),
  max_pending: z.int().min(1).default(4096)
    .describe(
      "How many requests of one stream, or of one side of an HTTP session, may wait for their response. Beyond it " +
        "the oldest is forgotten.",
    ),
  max_pending_bytes: z.int().min(1024).default(64 * MIB)
    .describe(
      "How many bytes of requests may wait for their responses, over all streams, and as many over all HTTP sessions.",
    ),
  max_held: z.int().min(0).default(1024)
    .describe("How many responses may be held back for a request that the kernel tells of a little later."),
  hold_ms: z.number().min(0).default(100)
    .describe("For how many milliseconds of traffic a response may be held back."),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
