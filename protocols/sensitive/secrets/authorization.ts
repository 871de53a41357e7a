/**
 * Credentials after the name of their scheme: Bearer (RFC 6750, section 2.1) and Basic (RFC 7617), as in
 * `Authorization: Bearer x`.
 *
 * @module
 */
import { BASE64, chars, isPlaceholder, runEnd } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

/** `token68` of RFC 9110, section 11.2. */
const TOKEN68 = chars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=");
/** Where it is a header's value any length will do; elsewhere it has to look like a token. */
const HEADER = /authorization(?:["'\\]{1,3}\s{0,3}[:=,]?|\s{0,3}[:=,])\s{0,3}["'\\]{0,3}$/i;
const HEADER_LENGTH = 32, MIN = 16;
const SPACE = 0x20, PLUS = 0x2b;
const DECODED = /^[\x20-\x39\x3b-\x7e]{0,128}:[\x20-\x7e]{1,128}$/;

/** Whether it decodes to `user:password`. */
function isBasic(value: string): boolean {
  try {
    return DECODED.test(atob(value));
  } catch {
    return false;
  }
}

function isToken(value: string): boolean {
  return value.length >= MIN && /[0-9]/.test(value) && !isPlaceholder(value);
}

/** The scheme, or what stands for one, that ends at `at`, in lower case. */
function schemeBefore(text: string, at: number): string | undefined {
  switch (text.charCodeAt(at - 1) | 0x20) {
    case 0x72:
      return endsWith(text, at, "bearer");
    case 0x63:
      return endsWith(text, at, "basic");
    case 0x6e:
      return endsWith(text, at, "token");
    case 0x79:
      return endsWith(text, at, "apikey");
    default:
      return undefined;
  }
}

function endsWith(text: string, at: number, word: string): string | undefined {
  return at >= word.length && text.slice(at - word.length, at).toLowerCase() === word ? word : undefined;
}

/** The credentials without the scheme. */
export const AUTHORIZATION: SensitiveKind = {
  name: "authorization",
  summary: "Credentials of HTTP authentication: bearer tokens, basic user and password",
  group: "secret",
  onByDefault: true,
  needles: ["bearer ", "bearer+", "basic ", "basic+", "authorization"],
  find(text, found) {
    let done = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code !== SPACE && code !== PLUS) continue;
      const kind = schemeBefore(text, at);
      const index = at - (kind?.length ?? 0);
      if (kind === undefined || index < done) continue;
      const next = text.charCodeAt(at + 1);
      const from = next === SPACE || next === PLUS ? at + 2 : at + 1;
      const end = runEnd(text, from, TOKEN68);
      done = end;
      const header = HEADER.test(text.slice(Math.max(0, index - HEADER_LENGTH), index));
      const value = text.slice(from, end);
      if (kind === "basic") {
        const to = runEnd(text, from, BASE64);
        if (isBasic(text.slice(from, to))) found(from, to);
      } else if (header ? value !== "" && !isPlaceholder(value) : kind === "bearer" && isToken(value)) found(from, end);
    }
  },
};
