/**
 * Numbers in text, and their check digits.
 *
 * @module
 */
import { DIGIT, isA, startsWord } from "../_text.ts";

/** A run of digits, with at most one space or hyphen between two of them. */
export interface Run {
  readonly start: number;
  readonly end: number;
  /** The digits alone. */
  readonly digits: string;
  /** Lengths of its groups: `3-2-4`; one number if nothing separates them. */
  readonly groups: string;
}

/** Longest run that is looked at as a whole. */
const MAX = 48;

/** Calls `seen` with each run of digits that stands by itself: no letter, digit or decimal point touches it. */
export function eachRun(text: string, seen: (run: Run) => void): void {
  for (let at = 0; at < text.length; at++) {
    if (!isA(text, at, DIGIT)) continue;
    const start = at;
    let digits = "", lengths = "", length = 0;
    for (;;) {
      if (isA(text, at, DIGIT)) {
        if (digits.length < MAX) digits += text[at];
        length++;
        at++;
      } else if ((text[at] === " " || text[at] === "-") && isA(text, at + 1, DIGIT)) {
        if (lengths.length < MAX) lengths += `${length}-`;
        length = 0;
        at++;
      } else break;
    }
    if (digits.length < MAX && alone(text, start, at)) seen({ start, end: at, digits, groups: `${lengths}${length}` });
  }
}

/** Whether nothing that touches it makes it a part of something else. */
function alone(text: string, start: number, end: number): boolean {
  const before = text[start - 1], after = text.charCodeAt(end) | 0x20;
  if (!startsWord(text, start) || before === "_" || before === "." || before === "/" && isA(text, start - 2, DIGIT)) {
    return false;
  }
  if (after >= 0x61 && after <= 0x7a || text[end] === "_") return false;
  return !((text[end] === "." || text[end] === "/") && isA(text, end + 1, DIGIT));
}

/**
 * Calls `seen` with each part of a run that has one of these forms (`3-2-4`, `16`), its neighbours aside: lists of
 * numbers with spaces between are one run.
 */
export function eachForm(text: string, forms: readonly string[], seen: (run: Run) => void): void {
  const split = forms.map((form) => form.split("-").map(Number));
  eachRun(text, ({ start, end, groups }) => {
    const lengths = groups.split("-").map(Number);
    for (let k = 0, from = start; k < lengths.length; k++) {
      const form = split.find((form) => form.every((length, j) => lengths[k + j] === length));
      if (form === undefined) {
        from += lengths[k]! + 1;
        continue;
      }
      const to = Math.min(end, from + form.reduce((sum, length) => sum + length + 1, -1));
      seen({ start: from, end: to, digits: text.slice(from, to).replace(/[ -]/g, ""), groups: form.join("-") });
      from = to + 1;
      k += form.length - 1;
    }
  });
}

/** ISO/IEC 7812-1, annex B. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let k = 0; k < digits.length; k++) {
    const digit = Number(digits[digits.length - 1 - k]);
    const doubled = k % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The sum of each digit times its weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, k) => sum + weight * Number(digits[k]), 0);
}

/** Whether there is such a day: a year of two digits has no say about 29 February. */
export function isDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** Whether one of the words stands at most 60 characters before `at`, or 20 after `end`. */
export function isNear(text: string, at: number, end: number, words: RegExp): boolean {
  return words.test(text.slice(Math.max(0, at - 60), at)) || words.test(text.slice(end, end + 20));
}
