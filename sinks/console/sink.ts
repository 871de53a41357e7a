/**
 * The console sink itself: one write a batch, a summary at the end.
 *
 * @module
 */
import type { Sink } from "../../pipeline/stage.ts";
import { Formatter } from "./format.ts";
import type { Palette } from "./palette.ts";
import { Tally } from "./tally.ts";
import { isClosed, type Writer } from "./writer.ts";

/** What the sink works with; tests put their own in. */
export interface ConsoleParts {
  readonly writer: Writer;
  readonly palette: Palette;
  /** Columns a line may take now; asked once a batch, as terminals are resized. */
  columns(): number;
  readonly verbose: boolean;
  /** Whether the summary is written at the end. */
  readonly summary: boolean;
}

/**
 * Writes a line for every message, finding and gap. Ends early, without an error, when the reader of the output
 * has gone away.
 */
export function consoleSink(parts: ConsoleParts): Sink {
  const { writer, palette, columns, verbose } = parts;
  return async (input) => {
    const formatter = new Formatter({ palette, verbose });
    const tally = new Tally();
    const encoder = new TextEncoder();
    try {
      for await (const batch of input) {
        const width = columns();
        let text = "";
        for (const event of batch) {
          tally.add(event);
          text += formatter.format(event, width);
        }
        if (text !== "") await writer.write(encoder.encode(text));
      }
      if (!parts.summary) return;
      const { summary } = await import("./summary.ts");
      const text = summary(tally, columns(), palette);
      if (text !== "") await writer.write(encoder.encode(text));
    } catch (error) {
      if (!isClosed(error)) throw error;
    }
  };
}
