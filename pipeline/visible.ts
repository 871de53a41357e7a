/**
 * Makes hostile text harmless and hidden text visible. What MCP peers say is untrusted: an escape sequence may not
 * reach the terminal, and a text that reads differently than it looks must show it.
 *
 * @module
 */

/** Longest text looked at; what lies behind could never be shown on one line. */
const LONGEST = 4096;

const HARMLESS = /^[\x20-\x7e]*$/;

/**
 * In order: emoji sequences (kept whole, though they hold joiners), piled-up combining marks, and everything that
 * moves the cursor, reorders the line or cannot be seen (controls, format characters, tags, lone surrogates).
 */
const SUSPECT = new RegExp(
  [
    "(?<emoji>\\p{Extended_Pictographic}\\p{Emoji_Modifier}?\\ufe0f?(?:\\u200d\\p{Extended_Pictographic}\\p{Emoji_Modifier}?\\ufe0f?)*|[0-9#*]\\ufe0f\\u20e3)",
    "(?<marks>\\p{M}{4})\\p{M}+",
    "(?<hidden>[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}])",
  ].join("|"),
  "gu",
);

/** Returns one line of text in which every character is seen: `\n` as `↵`, ESC as `␛`, U+202E as `⟨U+202E⟩`. */
export function visible(text: string): string {
  if (text.length > LONGEST) text = cut(text, LONGEST) + "…";
  if (HARMLESS.test(text)) return text;
  return text.replace(SUSPECT, (match: string, emoji?: string, marks?: string) => {
    if (emoji !== undefined) return match;
    if (marks !== undefined) return `${marks}…`;
    return picture(match.codePointAt(0) ?? 0);
  });
}

/** Cuts to at most `length` code units without halving a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

function picture(code: number): string {
  if (code === 0x0a) return "↵";
  if (code === 0x09) return "⇥";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
