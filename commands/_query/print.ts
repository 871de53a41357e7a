/**
 * Prints rows in the format that was asked for.
 *
 * @module
 */
import { palette } from "../../sinks/console/palette.ts";
import { hasColours, PIPED_COLUMNS } from "../../sinks/console/terminal.ts";
import type { CliContext } from "../_context.ts";
import { type AnyKind, type AnyRows, LAYOUTS, timesOf } from "./columns.ts";
import { csvLine, flat } from "./csv.ts";
import { CSV_COLUMNS } from "./csv_columns.ts";
import { type Cell, type Column, tableLines } from "./table.ts";

/** How rows are printed. */
export const FORMATS = ["table", "json", "jsonl", "csv"] as const;
/** One of them. */
export type Format = typeof FORMATS[number];

/** Rows of one kind. */
export function printRows<K extends AnyKind>(
  kind: K,
  rows: readonly AnyRows[K][],
  format: Format,
  context: CliContext,
): void {
  const { stdout } = context.process;
  switch (format) {
    case "json":
      return stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    case "jsonl":
      for (const row of rows) stdout.write(`${JSON.stringify(row)}\n`);
      return;
    case "csv": {
      const columns = CSV_COLUMNS[kind];
      stdout.write(csvLine(columns));
      for (const row of rows) {
        const values = flat(row);
        stdout.write(csvLine(columns.map((name) => values.get(name))));
      }
      return;
    }
    case "table": {
      if (rows.length === 0) return;
      const { columns, cells } = LAYOUTS[kind];
      const when = timesOf(rows.flatMap((row) => "time" in row ? [row.time] : []));
      printTable(
        columns,
        rows.map((row) => cells(row, when).map((cell) => typeof cell === "string" ? { text: cell } : cell)),
        context,
      );
    }
  }
}

/** Any values, under their columns' names. */
export function printValues(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  format: Format,
  context: CliContext,
): void {
  const { stdout } = context.process;
  const objects = () => rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, shown(row[at])])));
  switch (format) {
    case "json":
      return stdout.write(`${JSON.stringify(objects(), null, 2)}\n`);
    case "jsonl":
      for (const row of objects()) stdout.write(`${JSON.stringify(row)}\n`);
      return;
    case "csv":
      stdout.write(csvLine(columns));
      for (const row of rows) stdout.write(csvLine(row.map(shown)));
      return;
    case "table": {
      const heads = columns.map((title, at): Column => ({
        title,
        most: at === columns.length - 1 ? Infinity : 60,
        right: rows.every((row) => row[at] === null || typeof row[at] === "number" || typeof row[at] === "bigint"),
      }));
      printTable(heads, rows.map((row) => row.map((value): Cell => ({ text: cellText(value) }))), context, true);
    }
  }
}

function printTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { process: { stdout, env } }: CliContext,
  keepsEmpty = false,
): void {
  const terminal = { isTTY: stdout.isTTY, columns: () => undefined, env: (name: string) => env[name] };
  const paint = palette(hasColours("auto", terminal));
  const width = stdout.isTTY ? terminalColumns() : PIPED_COLUMNS;
  for (const line of tableLines(columns, rows, width, paint, keepsEmpty)) stdout.write(`${line}\n`);
}

/** Columns of the terminal. */
export function terminalColumns(): number {
  try {
    return Math.max(40, Deno.consoleSize().columns);
  } catch {
    return PIPED_COLUMNS;
  }
}

/** Integers beyond 2^53 and bytes, as JSON can have them. */
function shown(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array
    ? `x'${[...value].map((byte) => byte.toString(16).padStart(2, "0")).join("")}'`
    : value;
}

function cellText(value: unknown): string {
  const one = shown(value);
  return one === null || one === undefined ? "" : String(one);
}
