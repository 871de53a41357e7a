/**
 * A line under construction: styled spans that are cut to the terminal's width before they are coloured.
 *
 * @module
 */
import type { Palette, Style } from "./palette.ts";
import { leading, shorten, width } from "./width.ts";

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

/** The spans that fit into `columns`; the last one that fits in part ends in `…`, as `render` has it. */
export function clipped(spans: readonly Span[], columns: number): Span[] {
  const clip: Span[] = [], last = lastShown(spans);
  let left = columns;
  for (let i = 0; i <= last && left > 0; i++) {
    const [style, text] = spans[i]!;
    const needed = width(text);
    if (needed > left || (needed === left && i < last)) {
      clip.push([style, shorten(needed > left ? text : text + " ", left).replace(/……$/, "…")]);
      break;
    }
    clip.push([style, text]);
    left -= needed;
  }
  return clip;
}

/**
 * Spreads spans over lines of `columns`, broken at blanks where it can be; all but the first begin with `indent`. The last
 * of `most` lines has all that is left, for `render` to cut.
 */
export function wrapped(spans: readonly Span[], columns: number, indent: string, most: number): Span[][] {
  const room = columns - indent.length;
  let line: Span[] = [];
  const lines = [line];
  let left = columns;
  for (const [style, text] of spans.slice(0, lastShown(spans) + 1)) {
    let rest = text;
    while (lines.length < most && width(rest) > left) {
      const piece = upToBlank(rest, left) || (left < room ? "" : leading(rest, left) || rest);
      line.push([style, piece]);
      rest = rest.slice(piece.length).trimStart();
      lines.push(line = [["plain", indent]]);
      left = room;
    }
    line.push([style, rest]);
    left -= width(rest);
  }
  return lines;
}

/** As many words as fit; empty if there is not even one. */
function upToBlank(text: string, columns: number): string {
  const piece = leading(text, columns);
  return text[piece.length] === " " ? piece : piece.slice(0, piece.lastIndexOf(" ") + 1);
}

/** Index of the last span with something to see, or -1. */
function lastShown(spans: readonly Span[]): number {
  for (let i = spans.length - 1; i >= 0; i--) if (spans[i]![1].trim() !== "") return i;
  return -1;
}
