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

/** Colours spans, cut to `columns`: the last one that fits in part ends in `…`. */
export function render(spans: readonly Span[], columns: number, palette: Palette): string {
  let line = "";
  let left = columns;
  for (let i = 0; i < spans.length; i++) {
    const [style, text] = spans[i]!;
    if (text === "") continue;
    const needed = width(text);
    if (needed > left || (needed === left && hasMore(spans, i + 1))) {
      return line + palette[style](shorten(needed > left ? text : text + " ", left));
    }
    line += palette[style](text);
    left -= needed;
  }
  return line;
}

function hasMore(spans: readonly Span[], from: number): boolean {
  for (let i = from; i < spans.length; i++) if (spans[i]![1].trim() !== "") return true;
  return false;
}
