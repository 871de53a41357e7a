/**
 * Numbers in text, and their check digits.
 *
 * @module
 */
import { DIGIT, isA, startsWord } from "../_text.ts";

/** A number that stands by itself. */
export interface Numeral {
  readonly start: number;
  readonly end: number;
  /** The digits alone. */
  readonly digits: string;
  /** How it is written: `3-2-4`; one number if nothing separates its digits. */
  readonly form: string;
}

/** Shorter ones are nobody's number. */
const MIN_DIGITS = 8;
/** The groups of each list of forms that was asked for; the lists are constants. */
const groupsOf = new WeakMap<readonly string[], readonly (readonly number[])[]>();

/**
 * Calls `seen` with each number that has one of these forms (`3-2-4`, `16`), a space or a hyphen between its groups, until
 * it says that it is one: in a list of numbers each group may be the first of one. No letter or decimal point touches the
 * list.
 */
export function eachNumeral(text: string, forms: readonly string[], seen: (numeral: Numeral) => boolean): void {
  const { length } = text;
  for (let at = 0; at <= length - MIN_DIGITS;) {
    // A run that starts before the eighth character from here has that one, too.
    const ahead = text.charCodeAt(at + MIN_DIGITS - 1);
    if (!isDigit(ahead) && !isSeparator(ahead)) {
      at += MIN_DIGITS;
      continue;
    }
    if (!isDigit(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const start = at;
    let digits = 1;
    for (at++; at < length; at++, digits++) {
      const code = text.charCodeAt(at);
      if (isDigit(code)) continue;
      if (!isSeparator(code) || !isDigit(text.charCodeAt(at + 1))) break;
      at++;
    }
    if (digits >= MIN_DIGITS && alone(text, start, at)) inRun(text.slice(start, at), start, forms, seen);
  }
}

/** The same in a run of digits that starts at `start`. */
function inRun(run: string, start: number, forms: readonly string[], seen: (numeral: Numeral) => boolean): void {
  let split = groupsOf.get(forms);
  if (split === undefined) groupsOf.set(forms, split = forms.map((form) => form.split("-").map(Number)));
  const groups = run.split(/[ -]/);
  for (let k = 0, from = start; k < groups.length; k++) {
    const fitting = split.filter((lengths) => lengths.every((length, j) => groups[k + j]?.length === length));
    const told = fitting.find((lengths) => {
      const digits = groups.slice(k, k + lengths.length).join("");
      return seen({ start: from, end: from + digits.length + lengths.length - 1, digits, form: lengths.join("-") });
    });
    for (let j = told?.length ?? 1; j > 0; j--, k++) from += (groups[k]?.length ?? 0) + 1;
    k--;
  }
}

function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x2d;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
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

/** Needles for words with a space, `_`, `-` or nothing between them, as `[ _-]?` has it. */
export function spelled(...words: readonly string[]): string[] {
  return words.flatMap((text) => ["", " ", "_", "-"].map((between) => text.replaceAll(" ", between)));
}

/** Whether one of the words stands at most 60 characters before `at`, or 20 after `end`. */
export function isNear(text: string, at: number, end: number, words: RegExp): boolean {
  return words.test(text.slice(Math.max(0, at - 60), at)) || words.test(text.slice(end, end + 20));
}
