/**
 * Rows for people: a line each, fitted to the terminal.
 *
 * @module
 */
import { visible } from "../../pipeline/visible.ts";
import type { Palette, Style } from "../../sinks/console/palette.ts";
import { shorten, width } from "../../sinks/console/width.ts";

/** A cell. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/** A column. */
export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly right?: boolean;
  /** Not wider than this, in columns of the terminal. The last one takes what is left. */
  readonly most?: number;
}

const GAP = "  ";

/** The lines, with a head. Columns in which nothing stands are left out unless `keepsEmpty`. Texts are made harmless. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  columnsOfTerminal: number,
  paint: Palette,
  keepsEmpty = false,
): string[] {
  const shown = rows.map((row) => row.map(({ text, style }) => ({ text: visible(text), style })));
  const used = columns.map((_, at) => at).filter((at) =>
    keepsEmpty || shown.some((row) => (row[at]?.text ?? "") !== "")
  );
  const widths = used.map((at) => {
    const { title, most = Infinity } = columns[at]!;
    const widest = shown.reduce((best, row) => Math.max(best, width(row[at]?.text ?? "")), width(title));
    return Math.min(most, widest);
  });
  const last = used.length - 1;
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, 0);
  if (last >= 0) widths[last] = Math.min(widths[last]!, Math.max(12, columnsOfTerminal - before));
  const line = (row: readonly { text: string; style?: Style | undefined }[]): string =>
    used.map((at, k) => {
      const { text, style = "plain" } = row[at] ?? { text: "" };
      const fitted = shorten(text, widths[k]!);
      const space = " ".repeat(Math.max(0, widths[k]! - width(fitted)));
      if (columns[at]!.right === true) return space + paint[style](fitted);
      return paint[style](fitted) + (k === last ? "" : space);
    }).join(GAP).trimEnd();
  return [line(columns.map(({ title }) => ({ text: title, style: "dim" }))), ...shown.map(line)];
}
