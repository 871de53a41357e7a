/**
 * What a name looks like: two names with the same skeleton can be taken for each other.
 *
 * @module
 */
import { foldLetters } from "./content/confusables.ts";

/** Longest name that is looked at. */
const LONGEST = 256;
/** Digits and letters that are drawn alike. */
const DRAWN: Readonly<Record<string, string>> = { "0": "o", "1": "l", "i": "l", "|": "l" };

/**
 * The name without case, separators, marks and what cannot be seen; letters of other scripts, and digits, as the Latin
 * letters that they look like. Made for names in Latin letters.
 */
export function nameSkeleton(name: string): string {
  // a word in another script alone is folded too: an `a` after it makes it a mixed one
  const folded = name.slice(0, LONGEST).split(/[\s_.\/-]+/).map((word) => foldLetters(`${word}a`).slice(0, -1)).join(
    "",
  );
  let skeleton = "";
  for (const letter of folded.toLowerCase()) {
    if (/[\p{L}\p{N}|]/u.test(letter)) skeleton += DRAWN[letter] ?? letter;
  }
  return skeleton;
}
