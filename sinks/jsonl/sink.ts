/**
 * The sink's loop.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import type { Batch, GapEvent } from "../../pipeline/event.ts";
import { type Target, UnitWriter } from "../../pipeline/output/unit_writer.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { type LineOptions, McpLines } from "./mcp_line.ts";
import { writeOther } from "./other_lines.ts";

/** What the sink needs to know. */
export interface JsonlOptions extends LineOptions {
  /** Write chunk events too. */
  readonly chunks: boolean;
  /** Bytes kept while writing fails. */
  readonly maxBytes: number;
  /** End quietly on this error code. */
  readonly quietEnd?: string | undefined;
}

/** Writes each event as one line to `target`. All lines of a batch are out before the next is asked for. */
export function jsonlSink(target: Target, options: JsonlOptions, context: Context): Sink {
  return async (input: AsyncIterable<Batch>) => {
    const lines = new McpLines(options);
    const writer = new UnitWriter(target, context, {
      maxBytes: options.maxBytes,
      quietEnd: options.quietEnd,
      onDropped: (events) => writeOther(writer.buffer, gap(events, context.name)),
    });
    let chunks = 0;
    try {
      for await (const batch of input) {
        for (const event of batch) {
          if (event.kind === "chunk" && !options.chunks) {
            chunks++;
            continue;
          }
          if (writer.full) {
            writer.drop();
            continue;
          }
          if (event.kind === "mcp") lines.write(writer.buffer, event);
          else writeOther(writer.buffer, event);
          const written = writer.added();
          if (written !== undefined) await written;
        }
        const written = writer.flush();
        if (written !== undefined) await written;
        if (chunks > 0) context.metrics.set("chunks_left_out", chunks);
        if (writer.ended) break;
      }
    } finally {
      await writer.close();
    }
  };
}

function gap(events: number, source: string): GapEvent {
  return {
    kind: "gap",
    time: Date.now(),
    source,
    reason: "write_failed",
    message: `${events} ${
      events === 1 ? "event was" : "events were"
    } dropped here while this file could not be written`,
    lost: { records: events },
  };
}
