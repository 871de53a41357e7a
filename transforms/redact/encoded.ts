/**
 * Redacts what a text holds in percent-encoding (RFC 3986, section 2.1).
 *
 * @module
 */
import type { Frame } from "./frame.ts";
import type { Rule } from "./rule.ts";
import type { Run } from "./run.ts";
import { redactString } from "./strings.ts";

/** What ends a piece of a URL or form. */
const ENDS = /[\s"'<>&?#;,]/;
/** What may not stand in one as it is. */
const UNSAFE = /[\s"'&?#;,%+]/g;

/** The text with what may not be seen replaced, each piece that has any decoded. */
export function redactEncoded(text: string, run: Run, rules: readonly Rule[], frame: Frame, nesting: number): string {
  let out = "", last = 0;
  for (let at = nextEscape(text, 0); at >= 0;) {
    let start = at, end = at;
    while (start > last && !ENDS.test(text[start - 1]!)) start--;
    while (end < text.length && !ENDS.test(text[end]!)) end++;
    const decoded = decode(text.slice(start, end));
    const shown = redactString(decoded, run, rules, frame, nesting + 1);
    if (shown !== decoded) {
      out += text.slice(last, start) + shown.replace(UNSAFE, encodeURIComponent);
      last = end;
    }
    at = nextEscape(text, end);
  }
  return last === 0 ? text : out + text.slice(last);
}

/** The next `%` that is followed by the code of a character of ASCII. */
function nextEscape(text: string, from: number): number {
  for (let at = text.indexOf("%", from); at >= 0; at = text.indexOf("%", at + 1)) {
    if (/^[2-7][0-9A-Fa-f]$/.test(text.slice(at + 1, at + 3))) return at;
  }
  return -1;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([2-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}
