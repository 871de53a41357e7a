/**
 * A line under construction: styled spans that are cut to the terminal's width before they are coloured.
 *
 * @module
 */
import type { Palette, Style } from "./palette.ts";
import { shorten, width } from "./width.ts";

/** A piece of text in one style. The text must have passed through `visible`. */
export type Span = readonly [style: Style, text: string];

/** Columns that spans take. */
export function spansWidth(spans: readonly Span[]): number {
  let columns = 0;
  for (const [, text] of spans) columns += width(text);
  return columns;
}

/** Colours spans, cut to `columns`: the last one that fits in part ends in `…`. Blanks at the end are left out. */
export function render(spans: readonly Span[], columns: number, palette: Palette): string {
  const last = lastShown(spans);
  let line = "";
  let left = columns;
  for (let i = 0; i <= last; i++) {
    const [style, full] = spans[i]!;
    const text = i === last ? full.trimEnd() : full;
    if (text === "") continue;
    const needed = width(text);
    if (needed > left || (needed === left && i < last)) {
      const cut = shorten(needed > left ? text : text + " ", left);
      return line + palette[style](cut.replace(/……$/, "…"));
    }
    line += palette[style](text);
    left -= needed;
  }
  return line;
}

/** Index of the last span with something to see, or -1. */
function lastShown(spans: readonly Span[]): number {
  for (let i = spans.length - 1; i >= 0; i--) if (spans[i]![1].trim() !== "") return i;
  return -1;
}
