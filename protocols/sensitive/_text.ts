/**
 * Walking over text by classes of characters.
 *
 * @module
 */

/** A flag for each ASCII character that belongs to a class. Nothing else does. */
export type Chars = Uint8Array;

/** The class of all characters in `members`. */
export function chars(members: string): Chars {
  const flags = new Uint8Array(128);
  for (let k = 0; k < members.length; k++) flags[members.charCodeAt(k)] = 1;
  return flags;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz", UPPER = LOWER.toUpperCase(), DIGITS = "0123456789";
/** `0` to `9`. */
export const DIGIT = chars(DIGITS);
/** Letters and digits. */
export const ALNUM = chars(LOWER + UPPER + DIGITS);
/** Capital letters and digits. */
export const UPPER_ALNUM = chars(UPPER + DIGITS);
/** Letters, digits, underscore. */
export const WORD = chars(`${LOWER + UPPER + DIGITS}_`);
/** Letters, digits, hyphen. */
export const ALNUM_HYPHEN = chars(`${LOWER + UPPER + DIGITS}-`);
/** Letters, digits, underscore, hyphen: base64url (RFC 4648, section 5). */
export const URL_SAFE = chars(`${LOWER + UPPER + DIGITS}_-`);
/** The same and the dot. */
export const URL_SAFE_DOT = chars(`${LOWER + UPPER + DIGITS}_-.`);
/** Base64 with its padding (RFC 4648, section 4). */
export const BASE64 = chars(`${LOWER + UPPER + DIGITS}+/=`);
/** RFC 4648, section 6: base32. */
export const BASE32 = chars(`${UPPER}234567`);
/** Hexadecimal digits in either case. */
export const HEX = chars(`${DIGITS}abcdefABCDEF`);

/** The same and the hyphen. */
export const HEX_HYPHEN = chars(`${DIGITS}abcdefABCDEF-`);
/** What stands in a value of a URL's query: unreserved characters and percent-encoding, and base64 as it is (RFC 3986). */
export const PERCENT = chars(`${LOWER + UPPER + DIGITS}_-.~%+/`);

/** Whether the character at `at` belongs to the class. */
export function isA(text: string, at: number, of: Chars): boolean {
  return of[text.charCodeAt(at)] === 1; // NaN and what is not ASCII give undefined
}

/** The end of the run of such characters that starts at `at`, at most at `limit`. */
export function runEnd(text: string, at: number, of: Chars, limit: number = text.length): number {
  const end = Math.min(limit, text.length);
  while (at < end && of[text.charCodeAt(at)] === 1) at++;
  return at;
}

/**
 * Whether a word may start at `at`: no letter or digit stands before it, but for those of an escape of JSON (`\n`) or of
 * a URL (`%3D`).
 */
export function startsWord(text: string, at: number): boolean {
  if (!isA(text, at - 1, ALNUM)) return true;
  if (text[at - 2] === "\\" && "nrtbf".includes(text[at - 1]!)) return true;
  return text[at - 3] === "%" && isA(text, at - 2, HEX) && isA(text, at - 1, HEX);
}

/** Whether a word may end at `at`: no letter or digit stands there. */
export function endsWord(text: string, at: number): boolean {
  return !isA(text, at, ALNUM);
}

/** Calls `seen` with each place of `part`, in order; it says from where to go on. */
export function eachPlace(text: string, part: string, seen: (at: number) => number): void {
  for (let at = text.indexOf(part); at >= 0;) {
    at = text.indexOf(part, Math.max(at + part.length, seen(at)));
  }
}

/** Whether a value is none, but stands for one: `${TOKEN}`, `<token>`, `***`, `xxxx`, `[REDACTED]`, `%s`. */
export function isPlaceholder(value: string): boolean {
  const first = value[0];
  if (first === undefined || first === "$" || first === "<" || first === "{" || first === "[" || first === "%") {
    return true;
  }
  if (/^(?:password|passwd|passw|pass|pwd|secret|token|changeme|xxx+)$/i.test(value)) return true;
  return isOneCharacter(value) || value.includes("...") || value.includes("***") || value.includes("\u2026");
}

/** Whether there is only one character in it, again and again, but for hyphens and underscores. */
function isOneCharacter(value: string): boolean {
  let first: string | undefined;
  for (const each of value.toLowerCase()) {
    if (each === "-" || each === "_") continue;
    if (first !== undefined && each !== first) return false;
    first = each;
  }
  return true;
}
