/**
 * Tables without lines, fitted to the terminal.
 *
 * @module
 */
import Table from "cli-table3";

/** Lines are not wider than this, however wide the terminal is. */
export const WIDEST = 110;
const GAP = 2;

/** Columns that output may take. */
export function outputColumns(): number {
  try {
    return Math.max(60, Math.min(Deno.consoleSize().columns, WIDEST));
  } catch {
    return WIDEST;
  }
}

/** Rows of equal length as text, with a newline at its end; the last column is wrapped to what is left of the width. */
export function table(rows: readonly (readonly string[])[], columns: number = outputColumns()): string {
  const count = rows[0]?.length ?? 0;
  if (count === 0) return "";
  const widths = Array.from(
    { length: count - 1 },
    (_, i) => Math.max(...rows.map((row) => bare(row[i] ?? "").length)) + GAP,
  );
  const left = columns - widths.reduce((sum, width) => sum + width, 0);
  const out = new Table({
    chars: BORDERLESS,
    style: { "padding-left": 0, "padding-right": GAP, head: [], border: [], compact: true },
    colWidths: [...widths, Math.max(24, left)],
    wordWrap: true,
  });
  out.push(...rows.map((row) => [...row]));
  return out.toString().replace(/ +$/gm, "") + "\n";
}

function bare(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[\d+m/g, "");
}

const BORDERLESS = {
  "top": "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  "bottom": "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  "left": "",
  "left-mid": "",
  "mid": "",
  "mid-mid": "",
  "right": "",
  "right-mid": "",
  "middle": "",
} as const;
