/**
 * The help: all keys.
 *
 * @module
 */
import { BINDINGS, type Where } from "./keys.ts";
import { fit, type Line, type Piece } from "./line.ts";

const GROUPS: readonly (readonly [where: Where, title: string])[] = [
  ["everywhere", "Everywhere"],
  ["lists", "In lists"],
  ["documents", "In detail and health"],
];
const KEY = 8, COLUMN = 40;

/** The help for so many columns and lines: in two columns where they fit. */
export function helpLines(columns: number, height: number): Line[] {
  const blocks = GROUPS.map(([where, title]) => block(where, title));
  const [everywhere = [], lists = [], documents = []] = blocks;
  const all = columns >= 2 * COLUMN
    ? beside(everywhere, [...lists, [], ...documents], Math.floor(columns / 2))
    : blocks.flatMap((part, i) => i === 0 ? part : [[], ...part]);
  const lines = all.map((pieces): Line => ({ pieces: [["plain", " "], ...pieces] }));
  if (lines.length <= height) return lines;
  return [...lines.slice(0, height - 1), {
    pieces: [["dim", "  … mcpsonde top --help and docs/top.md have the rest"]],
  }];
}

function block(where: Where, title: string): Piece[][] {
  return [
    [["strong", title]],
    ...BINDINGS.filter((binding) => binding.where === where).map(({ shown, about }): Piece[] => [
      ...fit([["key", shown]], KEY),
      ["plain", about],
    ]),
  ];
}

function beside(left: Piece[][], right: Piece[][], width: number): Piece[][] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [
    ...fit(left[i] ?? [], width),
    ...right[i] ?? [],
  ]);
}
