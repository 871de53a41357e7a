/**
 * Whether words are spoken or spoken about: quotation marks, code, and words of those who write about attacks.
 *
 * @module
 */
import type { Span } from "./patterns.ts";
import type { Words } from "./words.ts";

/** How far words about attacks reach, in tokens. */
const REACH = 50;
/** Characters from which on a quotation is none. */
const LONG_QUOTE = 60;
/** Characters that one pair of quotation marks may hold. */
const MOST_QUOTED = 400;
/** What is quoted, and what is code. No alternative can match in two ways. */
const QUOTED =
  /```[^`]{0,4000}```|`[^`\n]{1,400}`|"[^"\n]{1,400}"|\u201c[^\u201d\n]{1,400}\u201d|\u2018[^\u2019\n]{1,400}\u2019|[\u300c\u300e][^\u300d\u300f\n]{1,400}[\u300d\u300f]|\u00ab[^\u00bb\n]{1,400}\u00bb|(?<=[\s(:,])'[^'\n]{3,400}'(?=[\s).,;:]|$)/g;

/** A part of a text that is quoted: offsets. */
export type Quote = readonly [start: number, end: number];

/** Finds what is quoted. A text that is quoted as a whole is not. */
export function findQuotes(text: string): Quote[] {
  const quotes: Quote[] = [];
  for (const match of text.matchAll(QUOTED)) {
    if (quotes.length >= MOST_QUOTED) break;
    const { index, 0: { length } } = match;
    if (isField(text, index, length)) {
      // What is quoted within a field is.
      for (const inner of text.slice(index + 1, index + length - 1).matchAll(QUOTED)) {
        const from = index + 1 + inner.index;
        if (inner[0].length < length * 0.8) quotes.push([from, from + inner[0].length]);
      }
    } else if (length < text.length * 0.8) quotes.push([index, index + length]);
  }
  return quotes;
}

/** By how much a sign's weight falls: 1 if nothing speaks against it. */
export function contextFactor(span: Span, words: Words, quotes: readonly Quote[]): number {
  const start = words.start[span.first] ?? 0;
  const { first: meta } = words.of("META");
  let about = 0;
  for (const token of meta) {
    if (token >= span.first - REACH && token <= span.last + REACH && !(token >= span.first && token <= span.last)) {
      about++;
    }
  }
  return factor(quotes.some(([from, to]) => from <= start && start < to), about);
}

/** The same for a place in the text. */
export function shapeFactor(at: number, words: Words, quotes: readonly Quote[]): number {
  let about = 0;
  for (const token of words.of("META").first) {
    if (Math.abs((words.start[token] ?? 0) - at) < REACH * 6) about++;
  }
  return factor(quotes.some(([from, to]) => from <= at && at < to), about);
}

/** What stands before a member of JSON that was written with spaces, and before a value of YAML. */
const MEMBER = /(?:":|\n[ \t-]{0,16}[\w./-]{1,40}:)[ \t]{1,4}$/;

/** A long text in quotation marks right behind a comma, colon or bracket: a field of a table or of JSON. */
function isField(text: string, at: number, length: number): boolean {
  if (length <= LONG_QUOTE || text[at] !== '"') return false;
  return ",:[{(\n".includes(text[at - 1] ?? " ") || MEMBER.test(text.slice(Math.max(0, at - 64), at));
}

function factor(quoted: boolean, about: number): number {
  if (quoted) return about > 0 ? 0.2 : 0.5;
  return about > 3 ? 0.25 : about > 1 ? 0.45 : about > 0 ? 0.8 : 1;
}
