/**
 * Reads a text as a model would: invisible characters, look-alike letters, markup, escapes and encodings undone.
 *
 * Pure, bounded and linear in the text's length.
 *
 * @module
 */
import { foldLetters } from "./confusables.ts";
import { type Decoded, decodePieces, undoEscapes } from "./encodings.ts";
import { type Hidden, nothingHidden, stripAnsi, stripInvisible } from "./hidden.ts";
import { unmark } from "./markup.ts";
import { joinSpaced } from "./spaced.ts";

/** A text made plain. */
export interface Normalized {
  /** With its markup, for what is told by markup. */
  readonly marked: string;
  /** Without markup: to be read as words. */
  readonly text: string;
  /** Spans of `text` that markup hid. */
  readonly invisible: readonly (readonly [start: number, end: number])[];
  /** Characters that were taken out. */
  readonly hidden: Hidden;
  /** Words whose letters stood apart. */
  readonly spread: readonly string[];
  /** What was encoded in it. */
  readonly decoded: readonly Decoded[];
  /** Characters left out in the middle, because the text is too long. */
  readonly omitted: number;
}

/** How much is read. */
export interface NormalizeOptions {
  /** Characters of a text that are read: of a longer one its beginning and its end. */
  readonly maxChars?: number | undefined;
}

/** Characters of a text that are read. */
export const MAX_CHARS = 65_536;
/** Levels of escapes that are undone: `&amp;lt;` has two. */
const LEVELS = 2;
/** Spread words that are told. */
const MOST_SPREAD = 32;

// deno-lint-ignore no-control-regex
const NON_ASCII = /[^\x00-\x7f]/;

/** Makes a text plain. */
export function normalize(source: string, options: NormalizeOptions = {}): Normalized {
  const { maxChars = MAX_CHARS } = options;
  const omitted = Math.max(0, source.length - maxChars);
  let text = omitted === 0 ? source : `${source.slice(0, maxChars >> 1)}\n${source.slice(-(maxChars >> 1))}`;
  const hidden = nothingHidden();
  text = letters(text, hidden);
  for (let level = 0; level < LEVELS; level++) {
    const undone = undoEscapes(text);
    if (undone === text) break;
    text = letters(undone, hidden);
  }
  const spread: string[] = [];
  const { text: words, invisible } = unmark(text);
  const joined = joinSpaced(words, (word) => void (spread.length < MOST_SPREAD && spread.push(word)));
  return {
    marked: text,
    text: joined,
    // Offsets move where words were joined: rarely, and then what matters is that there are spans.
    invisible,
    hidden,
    spread,
    decoded: decodePieces(text),
    omitted,
  };
}

function letters(text: string, hidden: Hidden): string {
  let out = text;
  if (out.includes("\x1b") || out.includes("\x9b")) out = stripAnsi(out, hidden);
  if (NON_ASCII.test(out)) out = foldLetters(stripInvisible(out, hidden), hidden);
  return out;
}
