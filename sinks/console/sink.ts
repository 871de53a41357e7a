/**
 * The console sink itself: one write a batch, a summary at the end.
 *
 * @module
 */
import type { Sink } from "../../pipeline/stage.ts";
import { box } from "./box.ts";
import { Formatter, mostLines } from "./format.ts";
import { LinesView } from "./lines_view.ts";
import type { Palette } from "./palette.ts";
import { Screen } from "./screen.ts";
import { Tally } from "./tally.ts";
import type { View } from "./view.ts";
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
  /** Whether calls are shown as a tree, as they end. */
  readonly tree?: boolean | undefined;
  /** Whether signs beyond ASCII may be written. @default {true} */
  readonly unicode?: boolean | undefined;
}

/**
 * Writes a line for every message, finding and gap. Ends early, without an error, when the reader of the output
 * has gone away.
 */
export function consoleSink(parts: ConsoleParts): Sink {
  const { writer, palette, columns } = parts;
  return async (input) => {
    const tally = new Tally();
    const screen = new Screen(await viewOf(parts), parts);
    try {
      for await (const batch of input) {
        const width = columns();
        for (const event of batch) {
          tally.add(event);
          screen.add(event, width);
        }
        await screen.write();
      }
      await screen.end();
      if (!parts.summary) return;
      const { summary } = await import("./summary.ts");
      const text = summary(tally, columns(), palette);
      if (text !== "") await writer.write(new TextEncoder().encode(text));
    } catch (error) {
      if (!isClosed(error)) throw error;
    } finally {
      screen.stop();
    }
  };
}

/** Lines, or a tree, whose code is loaded when it is asked for. */
async function viewOf({ palette, verbose, tree = false, unicode = true }: ConsoleParts): Promise<View> {
  const how = { palette, verbose, box: box(unicode), mostLines: mostLines(verbose) };
  const formatter = new Formatter(how);
  if (!tree) return new LinesView(formatter, how);
  const { TreeView } = await import("./tree/view.ts");
  return new TreeView({ ...how, formatter });
}
