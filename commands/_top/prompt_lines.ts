/**
 * The prompt as it is drawn: proposals above, the field, what is wrong with it below.
 *
 * @module
 */
import { visible } from "../../pipeline/visible.ts";
import { width } from "../../sinks/console/width.ts";
import { fit, type Line, type Piece, piece } from "./line.ts";
import type { Prompt } from "./prompt.ts";

/** Columns of a proposal, before what it means. */
const PROPOSAL = 22;

/** At most `most` lines, at least two: the field, and what is said about it. */
export function promptLines(prompt: Prompt, columns: number, most: number): Line[] {
  const label: Piece[] = [["plain", " "], ["key", prompt.question.label], ["plain", " "]];
  const start = label.reduce((sum, [, text]) => sum + width(text), 0);
  const field = fieldOf(prompt, columns - start - 1);
  return [
    ...proposalLines(prompt, columns, start, most - 2),
    { pieces: [...label, ...field.pieces] },
    aboutLine(prompt, start - field.hidden, columns),
  ];
}

interface Field {
  readonly pieces: readonly Piece[];
  /** Columns of the text that are left of the screen. */
  readonly hidden: number;
}

/** The text around the cursor, which is shown in reverse. */
function fieldOf({ editor }: Prompt, room: number): Field {
  const before = visible(editor.text.slice(0, editor.cursor));
  const [under = " ", ...after] = [...new Intl.Segmenter().segment(editor.text.slice(editor.cursor))]
    .map(({ segment }) => visible(segment));
  let shown = before, hidden = 0;
  const graphemes = [...new Intl.Segmenter().segment(before)].map(({ segment }) => segment);
  while (width(shown) + width(under) > room && graphemes.length > 0) {
    hidden += width(graphemes.shift()!);
    shown = graphemes.join("");
  }
  const rest = fit([["plain", after.join("")]], Math.max(0, room - width(shown) - width(under)));
  return { pieces: [["plain", shown], ["tab", under], ...rest], hidden };
}

function proposalLines(prompt: Prompt, columns: number, start: number, most: number): Line[] {
  const { completion, chosen, editor } = prompt;
  const { proposals } = completion;
  if (proposals.length === 0 || most <= 0) return [];
  const height = Math.min(most, proposals.length);
  const from = Math.max(0, Math.min(chosen - height + 1, proposals.length - height));
  const indent = start + width(visible(editor.text.slice(0, proposals[0]!.from)));
  const column = Math.max(0, Math.min(indent, columns - PROPOSAL - 10));
  return proposals.slice(from, from + height).map(({ text, about }, i): Line => ({
    pieces: [
      ["plain", " ".repeat(Math.max(0, column - 1))],
      ...fit(
        [[from + i === chosen ? "tab" : "ask", ` ${visible(text)} `]],
        Math.max(PROPOSAL, width(visible(text)) + 2),
      ),
      piece("dim", ` ${about}`),
    ],
  }));
}

/** What is wrong, under its place; else what the field whose value is typed means, or the keys. */
function aboutLine(prompt: Prompt, start: number, columns: number): Line {
  const [problem] = prompt.problems();
  const { editor, completion, question, refusal } = prompt;
  if (problem !== undefined && (refusal !== undefined || problem.start < editor.text.trimEnd().length)) {
    const at = Math.max(0, start + width(visible(editor.text.slice(0, problem.start))));
    const marks = "^".repeat(Math.max(1, Math.min(20, problem.end - problem.start)));
    const text = ` ${visible(problem.message)}`;
    const isRight = at + marks.length + width(text) <= columns || at < columns / 2;
    if (isRight) return { pieces: [["plain", " ".repeat(at)], ["bad", marks], ["bad", text]] };
    return {
      pieces: [
        ["bad", fit([["bad", text.slice(1)]], at - 1, "right").map(([, part]) => part).join("")],
        ["plain", " "],
        ["bad", marks],
      ],
    };
  }
  if (refusal !== undefined) return { pieces: [["plain", " "], piece("bad", refusal)] };
  if (completion.field !== undefined) {
    return { pieces: [["plain", " "], piece("dim", `${completion.field.summary}; ${completion.field.example}`)] };
  }
  const keys = question.seen === undefined
    ? "Enter takes it, Esc leaves"
    : "Enter filters, Tab completes, ↑↓ choose, Esc leaves";
  return { pieces: [["plain", " "], ["dim", keys]] };
}
