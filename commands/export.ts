/**
 * `mcpsonde export FILE`: all of a capture, in a format of others.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import type { Out } from "./_export/out.ts";
import { captureAndExpression, KINDS } from "./_query/arguments.ts";
import type { AnyKind } from "./_query/columns.ts";
import { type RedactFlags, redactFlags } from "./_redact.ts";
import deno from "../deno.json" with { type: "json" };

const FORMATS = ["json", "jsonl", "csv", "har", "otlp"] as const;

interface Flags extends RedactFlags {
  readonly format: typeof FORMATS[number];
  readonly out?: string;
  readonly kind?: AnyKind;
}

/** Exports. */
export const exportCommand: Command<CliContext> = buildCommand<Flags, [string, string?], CliContext>({
  docs: {
    brief: "Write a capture as JSON, CSV, an HTTP archive or OpenTelemetry's",
    fullDescription:
      `Writes all that FILE has, or what matches EXPR of it, oldest first. FILE is what mcpsonde query takes, EXPR too.

  mcpsonde export mcp.sqlite --format csv -o calls.csv              calls; --kind says what else
  mcpsonde export bug.capture 'status:error' -o errors.json         one document
  mcpsonde export bug.capture --format jsonl | jq 'select(.row == "call")'
  mcpsonde export bug.capture --format har -o bug.har               HTTP with bodies, for a browser's tools
  mcpsonde export mcp.sqlite --format otlp -o calls.otlp.jsonl      spans and logs, for the Collector's otlpjsonfile

A file is readable by its owner only, and replaced once all is written.`,
  },
  parameters: {
    positional: captureAndExpression("What to write; all if absent"),
    flags: {
      format: { kind: "enum", values: FORMATS, default: "json", brief: "What to write" },
      out: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Where to; standard output if absent or -",
      },
      kind: { kind: "enum", values: KINDS, optional: true, brief: "Only this; for csv calls if absent" },
      ...redactFlags,
    },
    aliases: { f: "format", o: "out", k: "kind" },
  },
  async func(flags, file, filter) {
    const { format, kind, out: path } = flags;
    if (kind !== undefined && (format === "har" || format === "otlp")) {
      throw new Failure(
        `--kind goes with json, jsonl and csv; ${format} has ${format === "har" ? "HTTP" : "calls and findings"}`,
        EXIT.usage,
      );
    }
    const { openCapture } = await import("./_open.ts");
    const { openOut } = await import("./_export/out.ts");
    const { progress } = await import("./_progress.ts");
    const { stdout, stderr } = this.process;
    const capture = await openCapture(file, { redact: flags.redact, bodies: format === "har" }, this);
    try {
      const out = openOut(path, stdout);
      const toFile = path !== undefined && path !== "-";
      using bar = toFile ? progress(stderr, { label: "export", unit: "rows" }) : undefined;
      let rows = 0;
      try {
        await write(flags, { file, filter, version: deno.version }, capture.store, out, () => {
          rows++;
          bar?.add(1);
        });
        out.done();
      } catch (error) {
        out.failed();
        throw error;
      }
      bar?.done();
      if (toFile && stderr.isTTY) stderr.write(`mcpsonde: ${rows} rows in ${path}\n`);
      if (format === "har" && rows === 0) {
        stderr.write(
          `mcpsonde: warning: ${
            filter === undefined ? "there is" : "the expression matches"
          } no HTTP here, so the archive is empty; MCP over stdio has none\n`,
        );
      }
    } finally {
      capture.close();
    }
  },
});

async function write(
  { format, kind }: Flags,
  about: { readonly file: string; readonly filter: string | undefined; readonly version: string },
  store: import("../pipeline/store/store.ts").Store,
  out: Out,
  each: () => void,
): Promise<void> {
  const { filter, version } = about;
  const kinds = kind === undefined ? ALL : [kind];
  switch (format) {
    case "json":
      return (await import("./_export/json.ts")).writeJson(store, kinds, about, out, each);
    case "jsonl":
      return (await import("./_export/json.ts")).writeJsonl(store, kinds, filter, out, each);
    case "csv":
      return (await import("./_export/csv.ts")).writeCsv(store, kind ?? "calls", filter, out, each);
    case "har":
      return void (await import("./_export/har.ts")).writeHar(store, filter, version, out, each);
    case "otlp":
      return (await import("./_export/otlp.ts")).writeOtlp(store, filter, version, out, each);
  }
}

/** In the order in which a document has them. */
const ALL: readonly AnyKind[] = ["servers", "tools", "calls", "messages", "http", "events", "findings"];
