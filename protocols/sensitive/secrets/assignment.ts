/**
 * Values that their name makes secrets, in the text of files and commands: `DB_PASSWORD=x`, `api_key: "x"`,
 * `--token=x`, `{"password":"x"}`.
 *
 * @module
 */
import { chars, isA, isPlaceholder } from "../_text.ts";
import { isSecretKey, SECRET_KEY_NEEDLES } from "../key_names.ts";
import type { Found, SensitiveKind } from "../kind.ts";

const NAME = chars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
const MAX_NAME = 64, MAX_VALUE = 1024, MIN_VALUE = 6;
const QUOTES = chars("\"'`");
const STOP = chars(" \t\r\n\"'`,;&()[]{}<>|");
/** What stands where a value's type or absence is told. */
const WORDS =
  /^(?:string|str|number|int|integer|bool|boolean|object|array|any|unknown|null|none|nil|undefined|true|false|required|optional|secret|password|token|redacted|masked|hidden|changeme|example|todo)$/i;

/** Tokens have them in style sheets. */
const COLOR = /^#[0-9a-f]{3,8}$/i;

/** Skips at most three blanks. */
function blanks(text: string, at: number, step: 1 | -1): number {
  for (let k = 0; k < 3 && (text[at] === " " || text[at] === "\t"); k++) at += step;
  return at;
}

/** The name that ends before `at`, where an `=` or a `:` stands; quotes around it, escaped or not, aside. */
function nameBefore(text: string, at: number): string {
  let end = blanks(text, at - 1, -1) + 1;
  if (isA(text, end - 1, QUOTES)) end--;
  while (text[end - 1] === "\\") end--;
  let start = end;
  while (end - start < MAX_NAME && isA(text, start - 1, NAME)) start--;
  // `\nNAME=` as JSON writes a line end.
  if (text[start - 1] === "\\" && "nrt".includes(text[start] ?? " ")) start++;
  return text.slice(start, end);
}

/** Whether something without quotes around it is a value rather than code or prose. */
function isValue(value: string, name: string, env: boolean): boolean {
  if (value.length < MIN_VALUE || value === name) return false;
  return !/^(?:process|os|env|config|settings|self|this)\./.test(value) && (env || /[0-9]/.test(value));
}

/** Tells of the value that starts at or after `at`, and gives where it ends. */
function valueAt(text: string, at: number, name: string, env: boolean, found: Found): number {
  let from = blanks(text, at, 1);
  let escapes = 0;
  while (text[from + escapes] === "\\") escapes++;
  const quote = isA(text, from + escapes, QUOTES) ? text.slice(from, from + escapes + 1) : "";
  let end: number;
  if (quote !== "") {
    from += quote.length;
    end = from;
    while (end < text.length && end - from < MAX_VALUE && text[end] !== "\n" && !text.startsWith(quote, end)) end++;
  } else {
    end = from;
    while (end < text.length && end - from < MAX_VALUE && !isA(text, end, STOP) && text[end] !== "\\") end++;
    if (text[end] === "(" || text[end] === "[") return end; // a call
  }
  const value = text.slice(from, end);
  if (value.length < 4 || isPlaceholder(value) || WORDS.test(value) || COLOR.test(value)) return end;
  if (/\s/.test(value) && !/pass/i.test(name)) return end; // prose
  if (quote !== "" || isValue(value, name, env)) found(from, end);
  return end;
}

/** The values. */
export const ASSIGNMENT: SensitiveKind = {
  name: "assigned_secret",
  summary: "Value assigned to a secret's name in a text: DB_PASSWORD=…",
  group: "secret",
  onByDefault: true,
  needles: SECRET_KEY_NEEDLES,
  find(text, found) {
    for (let at = 0; at < text.length; at++) {
      const sign = text.charCodeAt(at);
      if (sign !== 0x3d && sign !== 0x3a) continue; // = and :
      const name = nameBefore(text, at);
      if (name.length < 3 || !isSecretKey(name)) continue;
      let from = at + 1;
      if (sign === 0x3d && text[from] === "=") continue; // a comparison
      if (text[from] === "=" || text[from] === ">") from++; // := and =>
      // Environment and query: nothing between name, sign and value.
      const env = sign === 0x3d && text[from] !== " " && text[at - 1] !== " ";
      at = Math.max(at, valueAt(text, from, name, env, found) - 1);
    }
  },
};
