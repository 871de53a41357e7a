/**
 * The `jsonl` sink: one JSON object a line.
 *
 * @module
 */
import { z } from "zod";
import { type Context, defineSink, path, type SinkComponent } from "../../pipeline/component.ts";
import { writeDescriptor } from "../../pipeline/output/descriptor.ts";
import { RotatingFile } from "../../pipeline/output/rotating_file.ts";
import type { Target } from "../../pipeline/output/unit_writer.ts";
import { jsonlSink } from "./sink.ts";

const MIB = 1024 * 1024;
const STDOUT = 1, NEWLINE = 0x0a;

const options = z.strictObject({
  path: path().describe("The file, made readable by its owner only. `-` is standard output."),
  append: z.boolean().default(true).describe("Keep what is in the file already."),
  raw: z.boolean().default(false).describe("Add each message's own text as a string, `raw`."),
  compat: z.enum(["mcpspy"]).optional().describe(
    'For programs that read what MCPSpy writes: adds `raw`, and `"error":{}` where there is no error.',
  ),
  details: z.boolean().default(false).describe("Add each end's executable, command line and cgroup."),
  chunks: z.boolean().default(false).describe("Write the bytes of chunk events too, in Base64."),
  other_http: z.enum(["heads", "whole", "none"]).default("heads").describe(
    "What is written of HTTP that shares a connection with MCP and has nothing to do with it, such as a web site's: " +
      "its heads, its bodies too, or nothing.",
  ),
  tokens: z.boolean().default(false).describe(
    "Add to each call's record what its arguments and its result take in a model's context, in tokens (an estimate).",
  ),
  rotate_bytes: z.int().min(4096).optional().describe("Set the file aside before it grows beyond this many bytes."),
  rotate_ms: z.number().min(100).optional().describe(
    "Set the file aside when it has been written to for this long, in milliseconds.",
  ),
  rotate_gzip: z.boolean().default(true).describe("Compress files set aside."),
  rotate_keep: z.int().min(0).default(10).describe("How many files set aside are kept."),
  fsync: z.union([z.enum(["none", "batch"]), z.int().min(1)]).default("none").describe(
    "When to wait for the disk: never, after each batch, or every so many milliseconds.",
  ),
  max_buffer_bytes: z.int().min(65_536).default(16 * MIB).describe(
    "How much is kept while the file cannot be written. What comes beyond it is dropped, and counted in a gap line.",
  ),
});

/** Writes JSON lines. */
const jsonl: SinkComponent<typeof options> = defineSink({
  type: "jsonl",
  summary: "Writes one JSON object a line to a file or standard output",
  options,
  create(options, context) {
    const { path, raw, compat, details, chunks, tokens, other_http: otherHttp, max_buffer_bytes: maxBytes } = options;
    const toStdout = path === "-";
    const target = toStdout ? stdout() : file(options, context);
    const quietEnd = toStdout ? "EPIPE" : undefined;
    return jsonlSink(target, { raw, compat, details, chunks, tokens, otherHttp, maxBytes, quietEnd }, context);
  },
});
export default jsonl;

function file(settings: z.output<typeof options>, { log, metrics }: Context): Target {
  return new RotatingFile(settings.path, {
    append: settings.append,
    terminator: NEWLINE,
    maxBytes: settings.rotate_bytes,
    maxMs: settings.rotate_ms,
    gzip: settings.rotate_gzip,
    keep: settings.rotate_keep,
    fsync: settings.fsync,
    onProblem(message) {
      metrics.error("rotate");
      log.warn(message);
    },
  });
}

function stdout(): Target {
  return { write: (bytes) => writeDescriptor(STDOUT, bytes), close() {} };
}
