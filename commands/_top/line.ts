/**
 * Lines of the screen: pieces of text, each with a look, that take a known number of columns.
 *
 * @module
 */
import { palette, type Style } from "../../sinks/console/palette.ts";
import { visible } from "../../pipeline/visible.ts";
import { shorten, width } from "../../sinks/console/width.ts";

/** What a piece of text is: a style of the console, or one that only a screen has. */
export type Look = Style | "heading" | "key" | "tab" | "mark";

/** A piece of text in one look. Made by {@linkcode piece}, which makes hostile text harmless. */
export type Piece = readonly [look: Look, text: string];

/** A line of the screen. */
export interface Line {
  readonly pieces: readonly Piece[];
  /** Whether it is the one under the cursor: shown in reverse. */
  readonly chosen?: boolean;
}

/** How looks become what a terminal is sent. */
export type Paint = Readonly<Record<Look | "chosen", (text: string) => string>>;

const GAP: Piece = ["plain", "  "];

/** A piece of text that may come from anybody. */
export function piece(look: Look, text: string): Piece {
  return [look, visible(text)];
}

/** Reverse video marks the chosen line: it is no colour, and can be seen on any background. */
export function paintFor(colours: boolean): Paint {
  const reverse = (text: string) => `\x1b[7m${text}\x1b[27m`;
  const styles = palette(colours);
  const bold = (text: string) => colours ? `\x1b[1m${text}\x1b[22m` : text;
  return {
    ...styles,
    heading: styles.dim,
    key: bold,
    tab: reverse,
    mark: colours ? (text) => styles.warn(bold(text)) : reverse,
    chosen: reverse,
  };
}

/** Columns that pieces take. */
export function piecesWidth(pieces: readonly Piece[]): number {
  let columns = 0;
  for (const [, text] of pieces) columns += width(text);
  return columns;
}

/** Pieces cut, the last that is seen ending in `…`, or filled up with blanks to exactly `columns`. */
export function fit(pieces: readonly Piece[], columns: number, align: "left" | "right" = "left"): Piece[] {
  const out: Piece[] = [];
  let left = columns;
  for (let i = 0; i < pieces.length && left > 0; i++) {
    const [look, text] = pieces[i]!;
    const wide = width(text);
    const isCut = wide > left || (wide === left && pieces.slice(i + 1).some(([, more]) => more.trim() !== ""));
    const shown = isCut ? shorten(`${text} `, left) : text;
    if (shown === "") continue;
    out.push([look, shown]);
    left -= isCut ? width(shown) : wide;
    if (isCut) break;
  }
  if (left > 0) {
    const blanks: Piece = ["plain", " ".repeat(left)];
    if (align === "right") out.unshift(blanks);
    else out.push(blanks);
  }
  return out;
}

/** A line with something at its left and something at its right; what is left gives way. */
export function spread(left: readonly Piece[], right: readonly Piece[], columns: number): Piece[] {
  const wanted = piecesWidth(right);
  if (wanted === 0 || wanted + 2 > columns) return fit(left, columns);
  return [...fit(left, columns - wanted - 2), GAP, ...right];
}

/** A line as a terminal takes it: of exactly `columns`, and without anything that moves the cursor. */
export function draw({ pieces, chosen = false }: Line, columns: number, paint: Paint): string {
  const fitted = fit(pieces, columns);
  if (chosen) return paint.chosen(fitted.map(([, text]) => visible(text)).join(""));
  let line = "";
  for (const [look, text] of fitted) line += paint[look](visible(text));
  return line;
}
