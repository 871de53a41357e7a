/**
 * Credentials in JSON.
 *
 * @module
 */
import { hashed } from "./hash.ts";
import { isSecretParameter } from "./names.ts";

/**
 * The text with the strings that stand under the names of credentials replaced; everything else as it was. Takes broken
 * and unfinished JSON as well, in time linear in its length.
 */
export function hideInJson(text: string): string {
  let shown = "";
  let done = 0;
  let name = "";
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const end = closingQuote(text, at + 1);
    const inner = text.slice(at + 1, end);
    if (name !== "") {
      shown += `${text.slice(done, at + 1)}${hashed(decoded(inner))}`;
      done = end;
      name = "";
    } else if (follows(text, end + 1) && isSecretParameter(decoded(inner))) name = inner;
    at = end + 1;
    if (at >= text.length) break;
  }
  return done === 0 ? text : shown + text.slice(done);
}

/** Offset of the quote that ends the string whose first character is at `at`; the text's end if there is none. */
function closingQuote(text: string, at: number): number {
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at++;
  }
  return text.length;
}

/** True if a colon and then a string follow. */
function follows(text: string, at: number): boolean {
  at = skipSpace(text, at);
  return text[at] === ":" && text[skipSpace(text, at + 1)] === '"';
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function decoded(inner: string): string {
  if (!inner.includes("\\")) return inner;
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    return inner;
  }
}
