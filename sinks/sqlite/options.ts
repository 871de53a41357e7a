/**
 * The options of the `sqlite` sink.
 *
 * @module
 */
import { z } from "zod";
import { path } from "../../pipeline/component.ts";

const MIB = 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const AGE = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d|w)$/;

/** Milliseconds of `30d`, `12h`; undefined for what is none. */
export function milliseconds(text: string): number | undefined {
  const [, number, unit] = AGE.exec(text.trim()) ?? [];
  return number === undefined || unit === undefined ? undefined : Number(number) * UNITS[unit]!;
}

/** The options. */
export const options = z.strictObject({
  path: path().describe("The database, made readable by its owner only. What is in it already is kept."),
  max_age: z.string().refine((text) => milliseconds(text) !== undefined, "expected a time such as 30d, 12h or 90m")
    .optional()
    .describe("What is older is deleted: `30d`, `12h`. Everything is kept if absent."),
  max_bytes: z.int().min(MIB).optional().describe(
    "Bytes that the rows may take: the oldest are deleted beyond it. The file itself may be a little larger.",
  ),
  max_text: z.int().min(1024).default(256 * 1024).describe("Bytes kept of a message's text or of an HTTP body."),
  other_http: z.enum(["heads", "whole", "none"]).default("heads").describe(
    "What is kept of HTTP that shares a connection with MCP and has nothing to do with it: its heads, its bodies too, or nothing.",
  ),
  tokens: z.boolean().default(false).describe(
    "Count what each call's arguments and result take in a model's context, in tokens (an estimate).",
  ),
  text_index: z.boolean().default(true).describe(
    "Index the words of messages, behind the rows, whenever the writer has nothing else to do. Searching works without it, by reading all.",
  ),
  queue_bytes: z.int().min(0).default(8 * MIB).describe(
    "Bytes of rows that may wait in memory for the thread that writes them: what is lost if mcpsonde is killed. With 0 each batch is in the file before the next is asked for.",
  ),
  max_buffer_bytes: z.int().min(65_536).default(32 * MIB).describe(
    "Bytes of rows that are kept while the file cannot be written. Events that come beyond it are dropped and counted.",
  ),
});
/** The options' values. */
export type Options = z.output<typeof options>;
