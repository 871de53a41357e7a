/**
 * The `record` sink: the raw chunk stream to a file that the `replay` source reads.
 *
 * @module
 */
import { z } from "zod";
import { type Context, defineSink, path } from "../../pipeline/component.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { CaptureEncoder, fileHead } from "../../protocols/capture/mod.ts";

const options = z.strictObject({
  path: path().describe("The file to write, mode 0600. A file that is there is replaced."),
});

/** Options of the `record` sink. */
export type RecordOptions = z.output<typeof options>;

/** Writes all of it: a write may take only a part. */
function writeAll(file: Deno.FsFile, bytes: Uint8Array<ArrayBuffer>): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}

function record(file: Deno.FsFile, options: RecordOptions, context: Context): Sink {
  return async (input) => {
    const encoder = new CaptureEncoder();
    let size = fileHead().length, failed = false;
    const flush = () => {
      const bytes = encoder.take();
      if (bytes.length === 0) return;
      try {
        writeAll(file, bytes);
        size += bytes.length;
      } catch (error) {
        // Back to the last whole record; what follows refers to records that are not there, so this is the end.
        failed = true;
        context.metrics.error("write");
        context.log.error(
          `cannot write ${options.path}, recording ends here: ${error instanceof Error ? error.message : error}`,
        );
        try {
          file.truncateSync(size);
        } catch { /* a torn tail is read as a gap */ }
      }
    };
    try {
      for await (const batch of input) {
        if (failed) {
          context.metrics.dropped("write_failed", batch.length);
          continue;
        }
        let unknown = 0;
        for (const event of batch) if (!encoder.add(event)) unknown++;
        if (unknown > 0) context.metrics.dropped("not_recorded", unknown);
        flush();
      }
      context.metrics.set("bytes", size);
    } finally {
      file.close();
    }
  };
}

export default defineSink({
  type: "record",
  summary: "The raw bytes of every stream, in a file that the replay source reads.",
  options,
  async create(options, context) {
    try {
      const file = await Deno.open(options.path, { write: true, create: true, truncate: true, mode: 0o600 });
      writeAll(file, fileHead());
      await Deno.chmod(options.path, 0o600).catch(() => {}); // an existing file, or one that is not a file
      return record(file, options, context);
    } catch (error) {
      throw new Error(`Cannot write the capture ${options.path}: ${error instanceof Error ? error.message : error}.`);
    }
  },
});
