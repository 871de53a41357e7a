/**
 * How many terminal columns a text takes, and how to cut it to fit.
 *
 * @module
 */
import stringWidth from "string-width";

/** Text in which every UTF-16 unit is one column: Latin, Greek, Cyrillic, and the signs that the console itself writes. */
const SINGLE =
  /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2190-\u2193\u21b5\u21e5\u2400-\u2421\u2500-\u257f▸✓✗⟨⟩]*$/;
const graphemes = new Intl.Segmenter();

/** Columns that `text` takes. The text must hold no control characters: see `visible`. */
export function width(text: string): number {
  return SINGLE.test(text) ? text.length : stringWidth(text);
}

/** The longest beginning of `text` that fits into `columns`, ending in `…` if something was cut. */
export function shorten(text: string, columns: number): string {
  if (text.length <= columns && SINGLE.test(text)) return text;
  if (columns <= 0) return "";
  const head = text.length > columns * 16 ? text.slice(0, columns * 16) : text;
  if (SINGLE.test(head)) return head.slice(0, columns - 1) + "…";
  if (head === text && width(text) <= columns) return text;
  return leading(head, columns - 1) + "…";
}

/** Keeps both ends: `server-everything` in 10 columns is `serve…hing`. */
export function shortenMiddle(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  if (columns < 4) return shorten(text, columns);
  const tail = Math.floor((columns - 1) / 2);
  const reversed = [...graphemes.segment(text)].map((part) => part.segment).reverse();
  let end = "";
  for (let used = 0, i = 0; i < reversed.length; i++) {
    const part = reversed[i] ?? "";
    used += width(part);
    if (used > tail) break;
    end = part + end;
  }
  return leading(text, columns - 1 - width(end)) + "…" + end;
}

/** The longest beginning of `text` that fits into `columns`. */
export function leading(text: string, columns: number): string {
  if (SINGLE.test(text)) return text.slice(0, columns);
  let used = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += width(segment);
    if (used > columns) return text.slice(0, index);
  }
  return text;
}
