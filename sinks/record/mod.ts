/**
 * The `record` sink: chunks as they are, for the `replay` source.
 *
 * @module
 */
import { z } from "zod";
import { type Context, defineSink, path, type SinkComponent } from "../../pipeline/component.ts";
import type { Batch, GapEvent } from "../../pipeline/event.ts";
import { RotatingFile } from "../../pipeline/output/rotating_file.ts";
import { type Target, UnitWriter } from "../../pipeline/output/unit_writer.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { CaptureEncoder } from "../../protocols/capture/mod.ts";

const options = z.strictObject({
  path: path().describe("The capture file. One that is there is replaced. Readable by its owner only."),
  fsync: z.union([z.enum(["none", "batch"]), z.int().min(1)]).default("none").describe(
    "When to wait for the disk: never, after each batch, or every so many milliseconds.",
  ),
  max_buffer_bytes: z.int().min(65_536).default(16 * 1024 * 1024).describe(
    "How much is kept while the file cannot be written. What comes beyond it is dropped, and counted in a gap.",
  ),
});

/** Records. */
const record: SinkComponent<typeof options> = defineSink({
  type: "record",
  summary: "Records the raw chunks to a file that the replay source reads",
  options,
  create({ path, fsync, max_buffer_bytes }, context) {
    const onProblem = (message: string) => context.log.warn(message);
    try {
      const file = new RotatingFile(path, { append: false, follow: false, fsync, gzip: false, keep: 0, onProblem });
      return recordSink(file, max_buffer_bytes, context);
    } catch (error) {
      throw new Error(`Cannot write the capture ${path}: ${error instanceof Error ? error.message : error}`);
    }
  },
});
export default record;

/** Writes chunk, gap and finding events. Messages are left out: they are decoded again from the chunks. */
function recordSink(target: Target, maxBytes: number, context: Context): Sink {
  return async (input: AsyncIterable<Batch>) => {
    const onDropped = (events: number) => encoder.event(writer.buffer, gap(events, context.name));
    const writer = new UnitWriter(target, context, { maxBytes, onDropped });
    const encoder = new CaptureEncoder(writer.buffer, Date.now());
    let left = 0;
    try {
      for await (const batch of input) {
        for (const event of batch) {
          if (event.kind === "mcp" || event.kind === "http") left++;
          else if (writer.full) writer.drop();
          else {
            if (event.kind === "chunk") encoder.chunk(writer.buffer, event);
            else encoder.event(writer.buffer, event);
            const written = writer.added();
            if (written !== undefined) await written;
          }
        }
        await writer.flush();
        if (left > 0) context.metrics.set("messages_left_out", left);
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
