/**
 * Options of the `http` transform.
 *
 * @module
 */
import { z } from "zod";

const KIB = 1024;
const MIB = 1024 * KIB;

/** What may be set. */
export const options = z.strictObject({
  max_head: z.int().min(1024).max(16 * MIB).default(64 * KIB)
    .describe("Longest head of a message in bytes; of HTTP/2: longest header block as sent."),
  max_headers: z.int().min(1).max(65_536).default(256)
    .describe("How many header fields a message may have."),
  max_body: z.int().min(0).max(256 * MIB).default(16 * MIB)
    .describe("Longest body in bytes, decoded. A longer one is not kept and is told in a gap event."),
  max_expansion: z.int().min(1).default(1000)
    .describe("How many times as long as its coded form (gzip, br, ...) a body may get."),
  max_event: z.int().min(1024).max(256 * MIB).default(8 * MIB)
    .describe("Longest server-sent event in bytes. A longer one is passed over and told in a gap event."),
  max_connections: z.int().min(1).default(16_384)
    .describe("How many connections may be open at once. Beyond it the longest silent ones are forgotten."),
  max_streams: z.int().min(1).default(1024)
    .describe("How many streams of one HTTP/2 connection may be open at once. Beyond it the oldest is forgotten."),
  max_pending_bytes: z.int().min(1024).default(128 * MIB)
    .describe(
      "How many bytes of unfinished bodies and events are kept, over all connections. Beyond it the oldest is given up.",
    ),
  hold_ms: z.number().min(0).default(100)
    .describe("For how many milliseconds of traffic a response may be held back for a request told a little later."),
  credentials: z.enum(["hash", "keep"]).default("hash")
    .describe(
      "What becomes of tokens, cookies and keys: the beginning of their SHA-256 in their place, or kept in clear.",
    ),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
