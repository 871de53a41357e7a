/**
 * What can be looked for in bytes.
 *
 * @module
 */

/**
 * - A text of ASCII characters, found without regard to case. The longer the better: one of 3 or more costs least.
 * - `digits`: a run of at least that many ASCII digits (4 or more). One space or hyphen may stand between two digits.
 * - `nonAscii`: a byte above 0x7f.
 * - `escape`: a backslash, `u` and four hexadecimal digits, as JSON has it, whether or not the backslash is escaped itself.
 */
export type Needle =
  | string
  | { readonly digits: number }
  | { readonly nonAscii: true }
  | { readonly escape: true };

/** Groups of needles a search can tell apart: each has a bit, and the sign stays clear. */
export const MAX_GROUPS = 31;

/** Fewest digits of a run that can be looked for. */
export const MIN_DIGITS = 4;

/** Needles sorted by what they are; masks have a bit for each group that wants it. */
export interface Needles {
  /** ASCII in lower case, without an entry twice. */
  readonly texts: ReadonlyMap<string, number>;
  /** By number of digits. */
  readonly digits: ReadonlyMap<number, number>;
  readonly nonAscii: number;
  readonly escape: number;
}

/** Sorts needles and checks them. */
export function sortNeedles(groups: readonly (readonly Needle[])[]): Needles {
  if (groups.length > MAX_GROUPS) throw new RangeError(`At most ${MAX_GROUPS} groups, not ${groups.length}`);
  const texts = new Map<string, number>(), digits = new Map<number, number>();
  let nonAscii = 0, escape = 0;
  groups.forEach((needles, k) => {
    const bit = 1 << k;
    for (const needle of needles) {
      if (typeof needle === "string") {
        if (needle === "") throw new RangeError("A needle may not be empty");
        if (!isAscii(needle)) throw new RangeError(`A needle must be ASCII: ${JSON.stringify(needle)}`);
        const text = needle.toLowerCase();
        texts.set(text, (texts.get(text) ?? 0) | bit);
      } else if ("digits" in needle) {
        const { digits: count } = needle;
        if (!Number.isInteger(count) || count < MIN_DIGITS) {
          throw new RangeError(`At least ${MIN_DIGITS} digits, not ${count}`);
        }
        digits.set(count, (digits.get(count) ?? 0) | bit);
      } else if ("nonAscii" in needle) nonAscii |= bit;
      else escape |= bit;
    }
  });
  return { texts, digits, nonAscii, escape };
}

function isAscii(text: string): boolean {
  for (let k = 0; k < text.length; k++) if (text.charCodeAt(k) > 0x7f) return false;
  return true;
}
