/**
 * Whether two texts say the same in another spelling.
 *
 * @module
 */

/** Longer texts are not compared, in UTF-16 units; nor are more words between the first and the last that differ. */
const LONGEST = 4000, MOST_WORDS = 40;
/** Mistakes that may be put right in one text, besides one for so many words. */
const MISTAKES = 3, WORDS_A_MISTAKE = 10;
/** Words that may come and go. */
const ARTICLES: ReadonlySet<string> = new Set(["a", "an", "the", "der", "die", "das", "le", "la", "les", "el", "un"]);
/** What is not seen: format characters, private use, variation selectors. */
const HIDDEN = /[\p{Cf}\p{Co}\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu;
/** Addresses, paths, names of variables: a letter more makes another one of them. */
const EXACT = /[@:/\\~$=_\p{N}]|\p{L}\.\p{L}/u;

/**
 * True if nothing differs but white space, punctuation, case, accents, articles and single letters in few words. A letter
 * of another alphabet, anything hidden, and a change within an address or a number is more than that.
 */
export function isSpelling(before: string, after: string): boolean {
  if (before === after) return true;
  if (before.length > LONGEST || after.length > LONGEST) return false;
  if ((after.match(HIDDEN)?.length ?? 0) > (before.match(HIDDEN)?.length ?? 0)) return false;
  if (foreign(after) && !foreign(before)) return false;
  if (exact(before) !== exact(after)) return false;
  const words = wordsOf(before), others = wordsOf(after);
  return words.join("") === others.join("") || isNear(words, others);
}

/** True if there are letters that are not Latin, accents aside. */
function foreign(text: string): boolean {
  return /[\p{L}--\p{Script=Latin}]|[\u{ff00}-\u{ffef}\u{1d400}-\u{1d7ff}]/v.test(text);
}

/** What must stay as it is, without the punctuation around it. */
function exact(text: string): string {
  const parts = text.split(/\s+/).map((part) => part.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""));
  return parts.filter((part) => EXACT.test(part)).join(" ");
}

function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

/** True if the words are the same but for mistakes, articles, and words that stand twice. */
function isNear(before: readonly string[], after: readonly string[]): boolean {
  const most = MISTAKES + Math.floor(before.length / WORDS_A_MISTAKE);
  const least = Math.min(before.length, after.length);
  let head = 0, tail = 0;
  while (head < least && before[head] === after[head]) head++;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const from = before.slice(head, before.length - tail), to = after.slice(head, after.length - tail);
  if (from.length > MOST_WORDS || to.length > MOST_WORDS) return false;
  // the fewest mistakes that turn the first i words of the one into the first j of the other
  let row = to.reduce((row, word, j) => [...row, (row[j] ?? 0) + spare(word, to[j - 1] ?? after[head - 1])], [0]);
  for (const [i, word] of from.entries()) {
    const next = [(row[0] ?? 0) + spare(word, from[i - 1] ?? before[head - 1])];
    for (const [j, other] of to.entries()) {
      const same = (row[j] ?? Infinity) + (word === other ? 0 : isMistake(word, other) ? 1 : Infinity);
      const gone = (row[j + 1] ?? Infinity) + spare(word, from[i - 1]);
      const come = (next[j] ?? Infinity) + spare(other, to[j - 1]);
      next.push(Math.min(same, gone, come));
    }
    row = next;
  }
  return (row.at(-1) ?? Infinity) <= most;
}

/** What it costs to leave a word out. */
function spare(word: string, before: string | undefined): number {
  return ARTICLES.has(word) || word === before ? 1 : Infinity;
}

/** True if one is the other with a letter more, less, another or two changed places; the first letter is as it was. */
function isMistake(one: string, other: string): boolean {
  if (one[0] !== other[0]) return false;
  if (`${one}s` === other || one === `${other}s`) return true;
  if (Math.max(one.length, other.length) < 4 || Math.abs(one.length - other.length) > 1) return false;
  let head = 0, tail = 0;
  const least = Math.min(one.length, other.length);
  while (head < least && one[head] === other[head]) head++;
  while (tail < least - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const from = one.slice(head, one.length - tail), to = other.slice(head, other.length - tail);
  return from.length <= 1 && to.length <= 1 || from.length === 2 && from === [...to].reverse().join("");
}
