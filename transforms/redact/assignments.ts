/**
 * Values in text that stand after a name that tells what they are: `password=…`, `"token": "…"`, `--api-key …`,
 * `Authorization: Bearer …`, `?access_token=…`.
 *
 * @module
 */
import type { Deed } from "./rule.ts";

/** Knows names. */
export interface Judge {
  /** What is done to what stands under a name; undefined: nothing. */
  judge(name: string): Deed | undefined;
  /** Whether there is something for the name in `text[start, end)`. */
  knows(text: string, start: number, end: number): boolean;
}

/** Told of a value: `text.slice(start, end)`. */
export type FoundAssignment = (start: number, end: number, deed: Deed) => void;

/** Longest name, and most space and quotes between name and value, in UTF-16 units. */
const NAME = 64, BETWEEN = 8, LINES = 64;
/** The same as JSON may write it. */
const WRITTEN = 32;
/** Schemes of `Authorization` that are shown (IANA's registry, and those in use). */
const SCHEMES: ReadonlySet<string> = new Set([
  ...["basic", "bearer", "digest", "dpop", "negotiate", "ntlm", "oauth", "token", "apikey", "api-key", "jwt", "hawk"],
  ...["ssws", "bot", "aws4-hmac-sha256"],
]);
/** Longest scheme, and the space after it. */
const LONGEST_SCHEME = 17, SCHEME_SPACE = 8;
/** What is no value: words of languages and schemas, stars, references to variables. */
const NO_VALUE =
  /^(?:true|false|null|none|nil|undefined|string|str|text|number|int|integer|boolean|bool|any|object|bytes|required|optional|redacted|hidden|[*.x•…]{1,64}|\$\{[^}]{0,64}\}|\$[A-Za-z_][A-Za-z0-9_]{0,63}|\{\{?[^}]{0,64}\}?\})$/i;

/** Longest word that is no value. */
const LONGEST_WORD = 9;

/** True for what stands in the place of a value and is none. */
export function isNoValue(text: string): boolean {
  if (text.length > LONGEST_WORD && (text.length > 70 || !"*.x•…${".includes(text[0]!))) return false;
  return text === "" || NO_VALUE.test(text);
}

/** Length of the scheme that an `Authorization` begins with at `from`, its space included; 0 if there is none. */
export function schemeLength(text: string, from = 0): number {
  const limit = Math.min(text.length, from + LONGEST_SCHEME);
  let at = from;
  while (at < limit && !isBlank(text.charCodeAt(at))) at++;
  if (at === limit || !SCHEMES.has(text.slice(from, at).toLowerCase())) return 0;
  const end = skip(text, at, isBlank, SCHEME_SPACE);
  return end < text.length && !isSpace(text.charCodeAt(end)) ? end - from : 0;
}

/** Tells of each such value, in order; none overlaps another. The time is linear. */
export function findAssignments(text: string, judge: Judge, found: FoundAssignment): void {
  let from = 0; // what is before it belongs to a value
  for (let at = nextSign(text, 0); at < text.length; at = nextSign(text, Math.max(at + 1, from))) {
    const value = text.charCodeAt(at) === 0x2d ? flag(text, at, from, judge) : assigned(text, at, from, judge);
    if (value === undefined) continue;
    const { start, end, deed } = value;
    from = end;
    if (end > start && !isNoValue(text.slice(start, end))) found(start, end, deed);
  }
}

/**
 * False if there is no such value in a string of JSON that is written in `text[start, end)` without `\\u` and `\\/`: so it
 * need not be read. True does not mean that there is one.
 */
export function mayAssign(text: string, start: number, end: number, judge: Judge): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2d && text.charCodeAt(at + 1) === 0x2d) {
      let to = at + 2;
      while (to < end && to - at < NAME && isName(text.charCodeAt(to))) to++;
      if (to - at > 3 && judge.knows(text, at + 2, to)) return true;
    }
    if (code !== 0x3d && code !== 0x3a) continue;
    let to = at;
    for (let n = 0; n < WRITTEN && to > start; n++) {
      const before = text.charCodeAt(to - 1);
      if (before === 0x74 && text.charCodeAt(to - 2) === 0x5c) to--; // a tab
      else if (!isBlank(before) && !isQuote(before)) break;
      to--;
    }
    let from = to;
    while (from > start && to - from < NAME && isName(text.charCodeAt(from - 1))) from--;
    if (to - from < 2) continue;
    if (judge.knows(text, from, to)) return true;
    // `\nNAME`, as a line end is written
    if (text.charCodeAt(from - 1) === 0x5c && judge.knows(text, from + 1, to)) return true;
  }
  return false;
}

interface Value {
  readonly start: number;
  readonly end: number;
  readonly deed: Deed;
}

/** The next `=`, `:` or `--`. */
function nextSign(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3d || code === 0x3a || (code === 0x2d && text.charCodeAt(at + 1) === 0x2d)) return at;
  }
  return text.length;
}

/** `--name value` at the hyphens. */
function flag(text: string, at: number, from: number, judge: Judge): Value | undefined {
  if (at > from && isName(text.charCodeAt(at - 1))) return undefined;
  let end = at + 2;
  while (end < text.length && end - at < NAME && isName(text.charCodeAt(end))) end++;
  const space = skip(text, end, isBlank, BETWEEN);
  if (space === end || space >= text.length || text.charCodeAt(space) === 0x2d) return undefined;
  const deed = judge.judge(text.slice(at + 2, end));
  return deed === undefined ? undefined : valueAt(text, space, deed, false);
}

/** `name = value` at the sign. */
function assigned(text: string, at: number, from: number, judge: Judge): Value | undefined {
  let end = at;
  for (let n = 0; n < BETWEEN && end > from && isBlank(text.charCodeAt(end - 1)); n++) end--;
  for (let n = 0; n < BETWEEN && end > from && isQuote(text.charCodeAt(end - 1)); n++) end--;
  const isQuoted = end < at && isQuote(text.charCodeAt(end));
  let start = end;
  while (start > from && end - start < NAME && isName(text.charCodeAt(start - 1))) start--;
  if (end - start < 2) return undefined;
  const deed = judge.judge(text.slice(start, end));
  if (deed === undefined) return undefined;
  let next = at + 1;
  while (next < at + 3 && (text[next] === "=" || text[next] === ">")) next++;
  const isUrl = text.charCodeAt(at) === 0x3a && text.startsWith("//", next);
  if (isUrl) return undefined;
  next = skip(text, next, isQuoted ? isSpace : isBlank, isQuoted ? LINES : BETWEEN);
  const isTight = text.charCodeAt(at) === 0x3d && next === at + 1; // as shells have it: a space ends the value
  return valueAt(text, next, deed, !isTight && startsLine(text, start));
}

/** Most that may stand before a name in its line, in UTF-16 units. */
const LINE_START = 24;

/** True if nothing but space, a dash or `export` stands before it in its line. */
function startsLine(text: string, at: number): boolean {
  let line = at;
  while (line > 0 && at - line <= LINE_START && !isLineEnd(text.charCodeAt(line - 1))) line--;
  return at - line <= LINE_START && /^[ \t]*(?:-[ \t]+|export[ \t]+|set[ \t]+)?$/.test(text.slice(line, at));
}

function valueAt(text: string, at: number, deed: Deed, wholeLine: boolean): Value | undefined {
  let quote = at;
  while (quote - at < BETWEEN && text.charCodeAt(quote) === 0x5c) quote++;
  const mark = text[quote];
  if (mark === '"' || mark === "'" || mark === "`") {
    const start = quote + 1;
    return { start: start + schemeLength(text, start), end: closing(text, start, mark, quote - at), deed };
  }
  const first = text[at];
  if (first === undefined || first === "{" && text[at + 1] !== "{" || first === "[" || first === "\n") return undefined;
  const start = at + schemeLength(text, at);
  let end = start;
  const toLineEnd = wholeLine || deed.kind === "cookie";
  while (end < text.length && !(toLineEnd ? isLineEnd(text.charCodeAt(end)) : endsValue(text, end))) end++;
  const close = text.slice(start, start + 2) === "${" ? "" : ")]}";
  while (end > start && `${close},;. \t`.includes(text[end - 1]!)) end--;
  return { start, end, deed };
}

/** Where the quote that was opened is closed: after as many backslashes. */
function closing(text: string, start: number, mark: string, slashes: number): number {
  for (let at = text.indexOf(mark, start); at >= 0; at = text.indexOf(mark, at + 1)) {
    let count = 0;
    while (count <= slashes + 1 && at - count > start && text.charCodeAt(at - count - 1) === 0x5c) count++;
    if (count === slashes || (slashes === 0 && count % 2 === 0)) return at - slashes;
  }
  return text.length;
}

function endsValue(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (isSpace(code)) return true;
  switch (code) {
    case 0x22: // "
    case 0x26: // &
    case 0x27: // '
    case 0x3b: // ;
    case 0x3c: // <
    case 0x3e: // >
    case 0x60: // `
      return true;
    case 0x2c: // , before space or an end
      return at + 1 >= text.length || isSpace(text.charCodeAt(at + 1));
    default:
      return false;
  }
}

function skip(text: string, at: number, is: (code: number) => boolean, most: number): number {
  const end = Math.min(text.length, at + most);
  while (at < end && is(text.charCodeAt(at))) at++;
  return at;
}

function isName(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f || code === 0x2d || code === 0x2e || code === 0x24;
}

function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60 || code === 0x5c;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isSpace(code: number): boolean {
  return isBlank(code) || isLineEnd(code);
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
