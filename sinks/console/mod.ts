/**
 * The `console` sink: for a person at a terminal.
 *
 * @module
 */
import { z } from "zod";
import { defineSink, type SinkComponent } from "../../pipeline/component.ts";
import { palette } from "./palette.ts";
import { consoleSink } from "./sink.ts";
import { hasColours, isUnicode, lineColumns, stdoutTerminal } from "./terminal.ts";
import { descriptorWriter } from "./writer.ts";

export { type ConsoleParts, consoleSink } from "./sink.ts";
export { palette } from "./palette.ts";
export type { Palette, Style } from "./palette.ts";
export type { Writer } from "./writer.ts";

const options = z.strictObject({
  verbose: z.boolean().default(false).describe(
    "Show params, results and errors in full (within bounds) below each line.",
  ),
  color: z.enum(["auto", "always", "never"]).default("auto").describe(
    "When to colour: `auto` colours a terminal, and heeds NO_COLOR and FORCE_COLOR.",
  ),
  tree: z.boolean().default(false).describe(
    "Show calls as a tree by client and server when they end, with what belongs to them, instead of a line for each message.",
  ),
  summary: z.boolean().default(true).describe("Write a table of methods, counts, errors and latencies at the end."),
  width: z.int().min(40).max(10_000).optional().describe(
    "Columns a line may take. Default: the terminal's width, or 200 into a pipe or file.",
  ),
});

const STDOUT = 1;

/** One line a message on standard output, and a summary at the end. */
const component: SinkComponent<typeof options> = defineSink({
  type: "console",
  summary: "Shows one line a message on standard output, and a summary at the end.",
  options,
  create: ({ verbose, color, tree, summary, width }) =>
    consoleSink({
      writer: descriptorWriter(STDOUT),
      palette: palette(hasColours(color, stdoutTerminal)),
      columns: () => lineColumns(width, stdoutTerminal),
      verbose,
      tree,
      summary,
      unicode: isUnicode(stdoutTerminal.env),
    }),
});

export default component;
