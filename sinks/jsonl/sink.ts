/**
 * The sink's loop.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import type { Batch, GapEvent } from "../../pipeline/event.ts";
import { Gather } from "../../pipeline/output/gather.ts";
import { type Target, UnitWriter } from "../../pipeline/output/unit_writer.ts";
import { Related } from "../../pipeline/http_related.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { loadTokenizer } from "../../pipeline/tokens.ts";
import { type LineOptions, McpLines } from "../../pipeline/lines/mcp_line.ts";
import { writeOther } from "../../pipeline/lines/other_lines.ts";

/** What the sink needs to know. */
export interface JsonlOptions extends LineOptions {
  /** Write chunk events too. */
  readonly chunks: boolean;
  /** What to write of HTTP that has nothing to do with MCP. */
  readonly otherHttp: "heads" | "whole" | "none";
  /** Bytes kept while writing fails. */
  readonly maxBytes: number;
  /** End quietly on this error code. */
  readonly quietEnd?: string | undefined;
}

/** Lines are put together when there are this many bytes of them. */
const RUN = 480 * 1024;

/** Writes each event as one line to `target`. All lines of a batch are out before the next is asked for. */
export function jsonlSink(target: Target, options: JsonlOptions, context: Context): Sink {
  return async (input: AsyncIterable<Batch>) => {
    const writer = new UnitWriter(target, context, {
      maxBytes: options.maxBytes,
      quietEnd: options.quietEnd,
      onDropped: (events) => writeOther(writer.buffer, gap(events, context.name)),
    });
    // True once something has come to the writer's buffer, which may end in the middle of a line until all has.
    let due = false;
    const gather = new Gather((bytes) => {
      due = true;
      writer.buffer.append(bytes);
    });
    const lines = new McpLines(gather, options);
    let noted = 0;
    /** Makes whole lines of what was noted, and hands them on; wait for the promise if there is one. */
    const settle = (): Promise<void> | undefined => {
      const units = noted;
      noted = 0;
      if (!due) return units > 0 ? writer.write(gather.take(), units) : undefined;
      gather.drain();
      due = false;
      return writer.added(units);
    };
    const related = new Related();
    if (options.tokens) await loadTokenizer();
    let chunks = 0, others = 0;
    /** Notes the lines of a batch's events from one on, until it is time to settle; tells which event is next. */
    const note = (batch: Batch, from: number): number => {
      let k = from;
      while (k < batch.length) {
        const event = batch[k++]!;
        if (event.kind === "chunk" && !options.chunks) {
          chunks++;
          continue;
        }
        const isOther = event.kind === "http" && !related.has(event.exchange);
        if (isOther && options.otherHttp === "none") {
          others++;
          continue;
        }
        if (writer.full) {
          writer.drop();
          continue;
        }
        noted++;
        if (event.kind === "mcp") {
          if (event.http !== undefined) related.add(event.http);
          lines.write(event);
        } else {
          gather.drain();
          writeOther(writer.buffer, event, !isOther || options.otherHttp === "whole", options.tokens);
          due = true;
        }
        if (due || gather.length >= RUN || writer.failing) break;
      }
      return k;
    };
    try {
      for await (const batch of input) {
        for (let k = 0; k < batch.length;) {
          k = note(batch, k);
          const settled = settle();
          if (settled !== undefined) await settled;
        }
        gather.forget();
        const written = writer.flush();
        if (written !== undefined) await written;
        if (chunks > 0) context.metrics.set("chunks_left_out", chunks);
        if (others > 0) context.metrics.set("http_left_out", others);
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
