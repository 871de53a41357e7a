/**
 * `mcpsonde query FILE [EXPR]`: asks a capture.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { RowKind } from "../pipeline/store/filter_fields.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { integer } from "./_flags.ts";
import { captureAndExpression, KINDS } from "./_query/arguments.ts";
import type { AnyKind } from "./_query/columns.ts";
import type { Format } from "./_query/print.ts";
import { type RedactFlags, redactFlags } from "./_redact.ts";

const FORMATS = ["table", "json", "jsonl", "csv"] as const satisfies readonly Format[];

interface Flags extends RedactFlags {
  readonly kind: AnyKind;
  readonly sql?: string;
  readonly format: Format;
  readonly limit: number;
  readonly text: boolean;
}

/** Asks. */
export const query: Command<CliContext> = buildCommand<Flags, [string, string?], CliContext>({
  docs: {
    brief: "Ask a capture or a database: by the filter language, or in SQL",
    fullDescription:
      `Shows calls, messages, findings and the rest of FILE that match EXPR, the newest --limit of them, oldest first. FILE is a
database of the sqlite sink, or any other capture: of record, of the jsonl sink, a file or folder of sensors, a log of MCPSpy or
mcpsnoop. EXPR is in the language of --filter (docs/filter.md).

  mcpsonde query mcp.sqlite 'tool:search* (status:error or latency>500ms)'
  mcpsonde query mcp.sqlite --kind findings 'severity>=high' --format json
  mcpsonde query bug.capture --kind messages text:password --text --format jsonl
  mcpsonde query mcp.sqlite --sql 'SELECT server, name, count(*), avg(duration_ms) FROM calls GROUP BY 1, 2'

In SQL there are the views calls, messages, http, events, findings, servers and tools: docs/store.md. Nothing can be changed.`,
  },
  parameters: {
    positional: captureAndExpression("What to show; all if absent"),
    flags: {
      kind: { kind: "enum", values: KINDS, default: "calls", brief: "What to show" },
      sql: { kind: "parsed", parse: String, optional: true, placeholder: "SELECT", brief: "Ask in SQL instead" },
      format: { kind: "enum", values: FORMATS, default: "table", brief: "How to print" },
      limit: { kind: "parsed", parse: integer, default: "100", placeholder: "N", brief: "How many rows at most" },
      text: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "With the texts of messages, but for tables",
      },
      ...redactFlags,
    },
    aliases: { k: "kind", f: "format", n: "limit" },
  },
  async func(flags, file, filter) {
    const { kind, sql, format, limit } = flags;
    if (sql !== undefined && filter !== undefined) {
      throw new Failure("expected either an expression or --sql, not both", EXIT.usage);
    }
    if (filter !== undefined && (kind === "servers" || kind === "tools")) {
      throw new Failure(
        `--kind ${kind} takes no expression; calls, messages, findings, events and http do. --sql can ask for ${kind} too`,
        EXIT.usage,
      );
    }
    const { openCapture } = await import("./_open.ts");
    const { printRows, printValues } = await import("./_query/print.ts");
    const { stderr } = this.process;
    const capture = await openCapture(file, { redact: flags.redact }, this);
    try {
      const { store } = capture;
      if (sql !== undefined) {
        const { ask } = await import("./_query/sql.ts");
        const { columns, rows, more } = ask(store, sql, limit);
        printValues(columns, rows, format, this);
        if (more) stderr.write(`mcpsonde: more than ${limit} rows: --limit shows more\n`);
        return;
      }
      if (kind === "servers" || kind === "tools") {
        const rows = kind === "servers" ? store.servers() : store.tools(format !== "table");
        printRows(kind, rows as never, format, this);
        if (rows.length === 0 && stderr.isTTY) stderr.write(`mcpsonde: no ${kind}\n`);
        return;
      }
      const { rows, more } = newest(store, kind, filter, limit, flags.text);
      printRows(kind, rows as never, format, this);
      if (rows.length === 0 && stderr.isTTY) stderr.write(`mcpsonde: no ${kind} match\n`);
      if (more) stderr.write(`mcpsonde: the newest ${limit}; --limit shows more, mcpsonde export all\n`);
    } finally {
      capture.close();
    }
  },
});

/** The newest rows, oldest first. */
function newest(
  store: import("../pipeline/store/store.ts").Store,
  kind: RowKind,
  filter: string | undefined,
  limit: number,
  text: boolean,
): { rows: unknown[]; more: boolean } {
  const rows: { readonly id: number }[] = [];
  for (let more = true; more;) {
    const page = store.reader.page(kind, { filter, before: rows.at(-1)?.id, limit: limit - rows.length }, text);
    rows.push(...page.rows);
    more = page.more;
    if (rows.length >= limit) return { rows: rows.reverse(), more };
  }
  return { rows: rows.reverse(), more: false };
}
