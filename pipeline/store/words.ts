/**
 * What to look up in the index of words for a text that is searched.
 *
 * The language searches for any part of a text, the index has whole words: a run of letters and digits in the search may be
 * part of a word, so all words that have it in them are looked up; one that has something else on either side is a whole
 * word. What is found is looked at again: the index only has to leave out what cannot be meant.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Pattern } from "../query/mod.ts";
import type { Words } from "./filter.ts";
import { indexedTo } from "./text_index.ts";

/** Words that are looked up for one search: beyond it reading all is as good. */
const MOST = 500;
/** Shortest run of characters that is looked for. */
const SHORTEST = 3;
/** What the tokenizer `ascii` takes for parts of words, but for what is not ASCII. */
const RUN = /[a-z0-9]+/g;

/** The index of a database, as it is now; undefined if nothing is in it. */
export function wordsOf(db: DatabaseSync): Words | undefined {
  const to = indexedTo(db);
  if (to === 0) return undefined;
  return {
    to,
    match(patterns) {
      const parts = patterns.map((pattern) => matchOf(db, pattern));
      return parts.includes(undefined) ? undefined : parts.map((part) => `(${part})`).join(" OR ");
    },
  };
}

function matchOf(db: DatabaseSync, pattern: Pattern): string | undefined {
  let best: { readonly run: string; readonly isWhole: boolean } | undefined;
  for (const piece of pattern) {
    if (typeof piece !== "string" || !isAscii(piece)) continue;
    const text = piece.toLowerCase();
    for (const found of text.matchAll(RUN)) {
      const [run] = found;
      const isWhole = found.index > 0 && found.index + run.length < text.length;
      if (run.length < SHORTEST) continue;
      const isBetter = best === undefined || (isWhole && !best.isWhole) ||
        (isWhole === best.isWhole && run.length > best.run.length);
      if (isBetter) best = { run, isWhole };
    }
  }
  if (best === undefined) return undefined;
  if (best.isWhole) return `"${best.run}"`;
  const words = db.prepare("SELECT word FROM words WHERE instr(lower(word), ?) > 0 LIMIT ?").all(best.run, MOST + 1);
  if (words.length > MOST) return undefined;
  if (words.length === 0) return '"\u0001"'; // no row has it
  return words.map(({ word }) => `"${String(word).replaceAll('"', '""')}"`).join(" OR ");
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
