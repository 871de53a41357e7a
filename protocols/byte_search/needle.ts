/**
 * What can be looked for in bytes.
 *
 * @module
 */

/**
 * - A text of ASCII characters, found without regard to case. The longer the better: one of 3 or more costs least.
 * - `text` and `notAfter`: the same, but not where one of those texts stands right before it.
 * - `digits`: a run of at least that many ASCII digits (8 or more). One space or hyphen may stand between two digits.
 * - `groups`: three groups of digits of just these lengths (together 8 or more), with one space or hyphen between them,
 *   and none or another group before and after them.
 * - `iban`: the form of an international bank account number: two letters, two digits, 11 or more letters and digits,
 *   single spaces between them allowed; letters are capitals.
 * - `userInfo`: the start of a URL's authority, `://` or as JSON may have it `:\\/\\/`, with an `@` among the next 2048 bytes
 *   and before any space, control character or one of / ? # " ' ` < > \\.
 * - `nonAscii`: a byte above 0x7f.
 * - `escape`: a backslash, `u` and four hexadecimal digits, as JSON has it, whether or not the backslash is escaped itself.
 * - `foreign`: letters of other scripts than Latin and invisible characters, in UTF-8 or escaped as above: not accents,
 *   dashes, quotation marks and emoji, as half of all texts have.
 * - `chained`: in text of JSON, one of `; | & \`` or an escaped line break before one of these names (letters and digits, at
 *   most 12) or a path; or `$(`, `${`, `$'`, `$I`, `<(`, or `>` before a path. One list of names for a search.
 */
export type Needle =
  | string
  | { readonly text: string; readonly notAfter: readonly string[] }
  | { readonly digits: number }
  | { readonly groups: readonly [number, number, number] }
  | { readonly iban: true }
  | { readonly userInfo: true }
  | { readonly nonAscii: true }
  | { readonly escape: true }
  | { readonly foreign: true }
  | { readonly chained: readonly string[] };

/** Groups of needles a search can tell apart: each has a bit, and the sign stays clear. */
export const MAX_GROUPS = 31;
/** Fewest digits that can be looked for. */
export const MIN_DIGITS = 8;
/** Longest text, and most digits. */
export const MAX_TEXT = 200, MAX_DIGITS = 64;
/** Different numbers of digits, and different groups, that can be looked for together. */
export const MAX_COUNTS = 8;
/** Names of `chained`. */
export const MAX_NAMES = 768;
/** Letters and digits that an `iban` has at least after its check digits. */
export const MIN_BBAN = 11;

/** A text to look for, in lower case. */
export interface Text {
  readonly text: string;
  /** Texts in lower case that may not stand right before it. */
  readonly notAfter: readonly string[];
  /** Whether user information and an `@` have to follow. */
  readonly userInfo: boolean;
  /** A bit for each group that wants it, as in all that follows. */
  readonly mask: number;
}

/** Needles sorted by what they are. */
export interface Needles {
  readonly texts: readonly Text[];
  readonly digits: readonly { readonly count: number; readonly mask: number }[];
  /** The lengths as hexadecimal digits: 3-2-4 is 0x324. */
  readonly groups: readonly { readonly lengths: number; readonly mask: number }[];
  readonly iban: number;
  readonly nonAscii: number;
  readonly escape: number;
  readonly foreign: number;
  readonly chained: number;
  /** Those of `chained`, in lower case. */
  readonly names: readonly string[];
}

/** Sorts needles and checks them. */
export function sortNeedles(groups: readonly (readonly Needle[])[]): Needles {
  if (groups.length > MAX_GROUPS) throw new RangeError(`At most ${MAX_GROUPS} groups, not ${groups.length}`);
  const texts = new Map<string, Text>();
  const digits = new Map<number, number>(), lengths = new Map<number, number>();
  let iban = 0, nonAscii = 0, escape = 0, foreign = 0, chained = 0, names: readonly string[] | undefined;
  const addText = (text: string, notAfter: readonly string[], bit: number, userInfo = false) => {
    const key = [text, ...notAfter].map(checked).join("\0") + (userInfo ? "\0\0" : "");
    texts.set(key, {
      text: checked(text),
      notAfter: notAfter.map(checked),
      userInfo,
      mask: (texts.get(key)?.mask ?? 0) | bit,
    });
  };
  groups.forEach((needles, k) => {
    const bit = 1 << k;
    for (const needle of needles) {
      if (typeof needle === "string") addText(needle, [], bit);
      else if ("text" in needle) addText(needle.text, needle.notAfter, bit);
      else if ("digits" in needle) {
        digits.set(atLeast(needle.digits), (digits.get(needle.digits) ?? 0) | bit);
      } else if ("groups" in needle) {
        const [a, b, c] = needle.groups;
        atLeast(a + b + c);
        if (![a, b, c].every((n) => Number.isInteger(n) && n > 0 && n < 15)) {
          throw new RangeError(`Groups of ${a}-${b}-${c}`);
        }
        const packed = a << 8 | b << 4 | c;
        lengths.set(packed, (lengths.get(packed) ?? 0) | bit);
      } else if ("iban" in needle) iban |= bit;
      else if ("userInfo" in needle) {
        for (const mark of ["://", ":\\/\\/"]) addText(mark, [], bit, true);
      } else if ("nonAscii" in needle) nonAscii |= bit;
      else if ("foreign" in needle) foreign |= bit;
      else if ("chained" in needle) {
        if (names !== undefined && names !== needle.chained) throw new RangeError("Names of more than one list");
        names = needle.chained;
        chained |= bit;
      } else escape |= bit;
    }
  });
  if (digits.size > MAX_COUNTS || lengths.size > MAX_COUNTS) {
    throw new RangeError(`At most ${MAX_COUNTS} different numbers of digits`);
  }
  if (names !== undefined && names.length > MAX_NAMES) throw new RangeError(`At most ${MAX_NAMES} names`);
  return {
    texts: [...texts.values()],
    digits: Array.from(digits, ([count, mask]) => ({ count, mask })),
    groups: Array.from(lengths, ([lengths, mask]) => ({ lengths, mask })),
    iban,
    nonAscii,
    escape,
    foreign,
    chained,
    names: (names ?? []).map((name) => name.toLowerCase()),
  };
}

/** The text in lower case. */
function checked(text: string): string {
  if (text === "" || text.length > MAX_TEXT) throw new RangeError(`1 to ${MAX_TEXT} characters, not ${text.length}`);
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    if (code === 0 || code > 0x7f) throw new RangeError(`A needle must be ASCII: ${JSON.stringify(text)}`);
  }
  return text.toLowerCase();
}

function atLeast(count: number): number {
  if (!Number.isInteger(count) || count < MIN_DIGITS || count > MAX_DIGITS) {
    throw new RangeError(`${MIN_DIGITS} to ${MAX_DIGITS} digits, not ${count}`);
  }
  return count;
}
