/**
 * Kinds whose values start with a mark of their own.
 *
 * @module
 */
import { type Chars, eachPlace, endsWord, runEnd, startsWord } from "./_text.ts";
import type { Needle } from "../byte_search/mod.ts";
import type { Found, SensitiveKind } from "./kind.ts";

/** Up to so many forms are looked for one by one. */
const FEW = 2;

/** What a token looks like: a mark, then so many characters of a class. */
export interface TokenForm {
  /** The mark; its case counts. */
  readonly prefix: string;
  /** What the rest is made of. */
  readonly chars: Chars;
  /** Fewest characters after the mark. */
  readonly min: number;
  /** Most of them; as many as there are if absent. */
  readonly max?: number | undefined;
  /** Looks closer: given the characters after the mark. */
  readonly valid?: ((rest: string) => boolean) | undefined;
}

const FORMS = new WeakMap<SensitiveKind, readonly TokenForm[]>();

/** The forms of a kind that {@linkcode tokenKind} made. */
export function formsOf(kind: SensitiveKind): readonly TokenForm[] | undefined {
  return FORMS.get(kind);
}

/** Finds the tokens of one form. */
export function findTokens(text: string, form: TokenForm, found: Found): void {
  eachPlace(text, form.prefix, (at) => tokenAt(text, at, form, found));
}

/** Tells of the token whose mark is at `at`, if it is one. Gives where to go on: no run of characters is looked at twice. */
function tokenAt(text: string, at: number, { prefix, chars, min, max, valid }: TokenForm, found: Found): number {
  const from = at + prefix.length;
  if (!startsWord(text, at)) return from;
  const end = runEnd(text, from, chars);
  const length = trimmed(text, from, end) - from;
  if (length < min || (max !== undefined && length > max) || !endsWord(text, from + length)) return end;
  if (valid === undefined || valid(text.slice(from, from + length))) found(at, from + length);
  return end;
}

/** The run's end without full stops and hyphens, which belong to the sentence. */
function trimmed(text: string, from: number, end: number): number {
  while (end > from && (text[end - 1] === "." || text[end - 1] === "-")) end--;
  return end;
}

/** A kind of secret that has such forms. Needles are the marks, unless others are given. */
export function tokenKind(
  name: string,
  summary: string,
  forms: readonly TokenForm[],
  needles: readonly Needle[] = forms.map(({ prefix }) => prefix),
  elsewhere = false,
): SensitiveKind {
  const kind: SensitiveKind = {
    name,
    summary,
    group: "secret",
    onByDefault: true,
    needles: [...new Set(needles)],
    elsewhere,
    find: forms.length > FEW ? findAny(forms) : (text, found) => {
      for (const form of forms) findTokens(text, form, found);
    },
  };
  FORMS.set(kind, forms);
  return kind;
}

/** Finds the tokens of many forms, all marks at once. */
function findAny(forms: readonly TokenForm[]): SensitiveKind["find"] {
  const byMark = new Map(forms.map((form) => [form.prefix, form]));
  const longestFirst = [...byMark.keys()].sort((a, b) => b.length - a.length);
  const marks = new RegExp(longestFirst.map((mark) => mark.replaceAll(".", "\\.")).join("|"), "g");
  return (text, found) => {
    marks.lastIndex = 0;
    for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
      const form = byMark.get(match[0]);
      if (form !== undefined) marks.lastIndex = Math.max(marks.lastIndex, tokenAt(text, match.index, form, found));
    }
  };
}
