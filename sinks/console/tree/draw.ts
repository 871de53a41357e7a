/**
 * From a call to lines: its own, and below it what belongs to it, tied together.
 *
 * @module
 */
import type { Box } from "../box.ts";
import { clipped, render, type Span, spansWidth } from "../line.ts";
import type { Palette } from "../palette.ts";
import { duration } from "../units.ts";
import type { Part } from "./node.ts";
import type { CallNode } from "./node.ts";

/** How lines are drawn. */
export interface DrawOptions {
  readonly palette: Palette;
  readonly box: Box;
}

/** Columns that method and id take, so that what follows stands in a column. */
const METHOD_COLUMNS = 16;
/** What was asked takes at most this share of the room, if there is something to say of the answer. */
const ASKED_SHARE = 0.55;

/** The lines of a call. `lead` stands before its glyph: the time. */
export function callLines(node: CallNode, lead: Span, columns: number, options: DrawOptions): string[] {
  const { head, asked } = node.beginning;
  const { glyph = OPEN, middle = [], result = NEVER } = node.ending ?? {};
  const padding = " ".repeat(Math.max(0, METHOD_COLUMNS - spansWidth(head)) + 2);
  const line: Span[] = [lead, glyph, ...head, ["plain", padding], ...middle];
  const room = columns - spansWidth(line);
  const arrow = options.box.arrow;
  const least = Math.min(spansWidth(result), Math.floor(room * (1 - ASKED_SHARE))) + arrow.length;
  const question = clipped(trimmed(asked), result.length === 0 ? room : room - least);
  line.push(...question, ["dim", question.length === 0 || result.length === 0 ? "" : arrow], ...result);
  return [render(line, columns, options.palette), ...underneath(node, columns, options)];
}

/** The lines below a call's own. */
export function underneath(node: CallNode, columns: number, options: DrawOptions): string[] {
  const { palette, box } = options;
  const { parts, left } = node.takeParts();
  const all: Part[] = left === 0
    ? [...parts]
    : [...parts, { time: Infinity, lines: [palette.dim(`… and ${left} more`)] }];
  const lines: string[] = [];
  all.forEach(({ call, time, lines: own }, i) => {
    const isLast = i === all.length - 1;
    const shown = call === undefined ? own : callLines(call, after(node, time), columns - box.last.length, options);
    shown.forEach((line, k) => {
      const corner = k > 0 ? (isLast ? box.blank : box.bar) : isLast ? box.last : box.branch;
      lines.push((palette.dim(corner) + line).trimEnd());
    });
    if (call !== undefined) call.isDrawn = true;
  });
  return lines;
}

/** `+1.1 ms  `: how long after the call's begin. */
export function after({ beginning }: CallNode, time: number): Span {
  return ["dim", `+${duration(Math.max(0, time - beginning.start))}  `];
}

const OPEN: Span = ["bad", "✗ "];
const NEVER: readonly Span[] = [["bad", "no answer"]];

/** Without blanks at the end. */
function trimmed(spans: readonly Span[]): Span[] {
  const kept = [...spans];
  while (kept.at(-1)?.[1].trim() === "") kept.pop();
  const last = kept.pop();
  return last === undefined ? [] : [...kept, [last[0], last[1].trimEnd()]];
}
