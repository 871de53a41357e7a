/**
 * Takes HTML, XML and Markdown off a text and remembers what the markup hid.
 *
 * @module
 */

/** A text without its markup. */
export interface Unmarked {
  readonly text: string;
  /** What was hidden from a reader of the rendered text: spans of `text`, in their order. */
  readonly invisible: readonly (readonly [start: number, end: number])[];
}

/** Spans that are remembered. */
const MOST_SPANS = 256;
/** Characters of a tag: longer ones are text. */
const MOST_TAG = 1024;
/** Ways of style to make text invisible. */
const HIDING =
  /display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden|font-size\s{0,4}:\s{0,4}[01](?:px|pt|em|rem)?\s{0,4}(?:[;"']|$)|opacity\s{0,4}:\s{0,4}0(?:\.0\d?)?\s{0,4}(?:[;"']|$)|color\s{0,4}:\s{0,4}(?:white|transparent|#fff(?:fff)?\b)|(?:left|top|text-indent)\s{0,4}:\s{0,4}-\d{3}|\shidden(?:[\s=>\/]|$)|aria-hidden/i;
/** Attributes whose text a model reads. */
const SPOKEN =
  /\s(?:alt|title|aria-label|content|placeholder|data-[a-z-]{1,32})\s{0,4}=\s{0,4}(?:"([^"]{8,})"|'([^']{8,})')/gi;
/** `[//]: # (text)` and `[comment]: <> (text)`: links that nothing refers to. */
const MARKDOWN_COMMENT = /^\[(?:\/\/|comment|_{1,8}|hidden)\]:\s{0,4}(?:#|<>)\s{0,4}[("'](.{0,2000})$/gim;
/** Elements that have no end. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;

/** Takes the markup off. */
export function unmark(source: string): Unmarked {
  const text = source.includes("]:") ? source.replace(MARKDOWN_COMMENT, "<!--$1-->") : source;
  if (!text.includes("<")) return { text, invisible: [] };
  const invisible: (readonly [number, number])[] = [];
  let out = "", from = 0, hiddenFrom = -1, hiddenBy = "", depth = 0;
  const hide = (start: number, end: number) => {
    if (end > start && invisible.length < MOST_SPANS) invisible.push([start, end]);
  };
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    if (text.startsWith("<!--", at)) {
      const close = text.indexOf("-->", at + 4), end = close < 0 ? text.length : close;
      out += text.slice(from, at) + "\n";
      const start = out.length;
      out += text.slice(at + 4, end) + "\n";
      hide(start, out.length - 1);
      from = at = close < 0 ? end : end + 3;
      continue;
    }
    const name = tagName(text, at);
    const close = name === undefined ? -1 : closing(text, at);
    if (name === undefined || close < 0) {
      at++;
      continue;
    }
    out += text.slice(from, at) + (name.startsWith("/") || INLINE.has(name) ? " " : "\n");
    const tag = text.slice(at, close + 1);
    // `<environment variables>`: a placeholder, and no tag.
    if (/^<[a-z]+ [a-z' ]{1,60}>$/i.test(tag) && !HIDING.test(tag)) out += tag.slice(1, -1);
    for (const [, double, single] of tag.matchAll(SPOKEN)) out += `${double ?? single}\n`;
    if (hiddenFrom < 0) {
      if (!name.startsWith("/") && !VOID.test(name) && HIDING.test(tag)) {
        hiddenFrom = out.length, hiddenBy = name, depth = 1;
      }
    } else if (name === hiddenBy) depth++;
    else if (name === `/${hiddenBy}` && --depth === 0) {
      hide(hiddenFrom, out.length);
      hiddenFrom = -1;
    }
    from = at = close + 1;
  }
  out += text.slice(from);
  if (hiddenFrom >= 0) hide(hiddenFrom, out.length);
  return { text: out, invisible };
}

/** Elements within a line: their ends are no ends of sentences. */
const INLINE = new Set([
  "a",
  "b",
  "i",
  "u",
  "em",
  "strong",
  "span",
  "code",
  "font",
  "small",
  "mark",
  "sub",
  "sup",
  "wbr",
]);

/** The name of the tag that begins here, in lower case, with a slash before it if it ends an element. */
function tagName(text: string, at: number): string | undefined {
  const slash = text[at + 1] === "/" ? 1 : 0, from = at + 1 + slash;
  let to = from;
  while (to < from + 40 && isNameCharacter(text.charCodeAt(to))) to++;
  const first = text.charCodeAt(from) | 0x20;
  if (to === from || first < 0x61 || first > 0x7a) return undefined;
  return (slash ? "/" : "") + text.slice(from, to).toLowerCase();
}

function isNameCharacter(code: number): boolean {
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x7a || code >= 0x30 && code <= 0x39 || code === 0x2d || code === 0x5f ||
    code === 0x3a;
}

/** Where the tag ends: a `>` outside of quotes, near enough. */
function closing(text: string, at: number): number {
  const end = Math.min(text.length, at + MOST_TAG);
  let quote = 0;
  for (let k = at + 1; k < end; k++) {
    const code = text.charCodeAt(k);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 0x3e) return k;
    else if (code === 0x3c) return -1;
    else if (text.charCodeAt(k - 1) === 0x3d && (code === 0x22 || code === 0x27)) quote = code;
  }
  return -1;
}
