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

/** The credentials without the scheme. */
export const AUTHORIZATION: SensitiveKind = {
  name: "authorization",
  summary: "Credentials of HTTP authentication: bearer tokens, basic user and password",
  group: "secret",
  onByDefault: true,
  needles: ["bearer ", "bearer+", "basic ", "basic+", "authorization"],
  find(text, found) {
    let done = 0;
    for (const { index, 0: scheme, 1: name } of text.matchAll(/(bearer|basic|token|apikey)[ +]{1,2}/gi)) {
      if (index < done) continue;
      const from = index + scheme.length, end = runEnd(text, from, TOKEN68);
      done = end;
      const header = HEADER.test(text.slice(Math.max(0, index - HEADER_LENGTH), index));
      const kind = name?.toLowerCase();
      const value = text.slice(from, end);
      if (kind === "basic") {
        const to = runEnd(text, from, BASE64);
        if (isBasic(text.slice(from, to))) found(from, to);
      } else if (header ? value !== "" && !isPlaceholder(value) : kind === "bearer" && isToken(value)) found(from, end);
    }
  },
};
