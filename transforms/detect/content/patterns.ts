/**
 * Sequences of word classes: `^OVERRIDE 3 PRIOR 2 INSTR`.
 *
 * A number says how many tokens may stand between two words of a sentence; `~9` lets them be in different sentences.
 * `A|B` is either. `^` before a class: only at the beginning of a sentence or clause, as in an order.
 *
 * @module
 */
import type { TokenClass, Words } from "./words.ts";

interface Step {
  readonly classes: readonly TokenClass[];
  /** Tokens between it and the word before. */
  readonly gap: number;
  /** Whether it may be in another sentence. */
  readonly across: boolean;
  /** Whether it has to stand where an order begins. */
  readonly orders: boolean;
}

/** A sequence that was read. */
export interface Pattern {
  readonly steps: readonly Step[];
}

/** Tokens that a sequence was found in. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Matches of one pattern in one text that are looked at. */
const MOST_MATCHES = 16;

/** Reads a sequence. */
export function parsePattern(source: string): Pattern {
  const steps: Step[] = [];
  let gap = 0, across = false;
  for (const part of source.split(" ")) {
    const number = /^(~?)(\d+)$/.exec(part);
    if (number === null) {
      const orders = part.startsWith("^");
      steps.push({ classes: part.slice(orders ? 1 : 0).split("|") as TokenClass[], gap, across, orders });
      gap = 0, across = false;
    } else gap = Number(number[2]), across = number[1] === "~";
  }
  return { steps };
}

/** Where the sequence stands. Each step takes the nearest word: the search is linear in the number of words. */
export function* findPattern(
  { steps }: Pattern,
  words: Words,
  begins: (token: number) => boolean,
): Generator<Span> {
  const [head, ...rest] = steps;
  if (head === undefined) return;
  // Most texts lack some class: told at once.
  for (const { classes } of steps) if (classes.every((name) => words.of(name).first.length === 0)) return;
  let found = 0;
  for (const name of head.classes) {
    const { first, last } = words.of(name);
    for (let k = 0; k < first.length; k++) {
      const from = first[k] ?? 0;
      if (head.orders && !begins(from)) continue;
      const to = follow(rest, 0, last[k] ?? 0, words, begins);
      if (to < 0) continue;
      yield { first: from, last: to };
      if (++found >= MOST_MATCHES) return;
    }
  }
}

/** Last token of the rest of a sequence, or -1. */
function follow(
  steps: readonly Step[],
  at: number,
  after: number,
  words: Words,
  begins: (token: number) => boolean,
): number {
  const step = steps[at];
  if (step === undefined) return after;
  for (const name of step.classes) {
    const { first, last } = words.of(name);
    // Tries a few of the words within reach: the nearest may not lead on.
    for (let k = above(first, after), tries = 0; k < first.length && tries < 4; k++, tries++) {
      const from = first[k] ?? 0;
      if (from - after - 1 > step.gap) break;
      if (!step.across && words.sentence[from] !== words.sentence[after]) break;
      if (step.orders && !begins(from)) continue;
      const to = follow(steps, at + 1, last[k] ?? 0, words, begins);
      if (to >= 0) return to;
    }
  }
  return -1;
}

/** Index of the first number above the limit in a sorted list. */
function above(sorted: readonly number[], limit: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
