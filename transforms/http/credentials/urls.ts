/**
 * Credentials in URLs and forms.
 *
 * @module
 */
import { hashed } from "./hash.ts";
import { isSecretParameter } from "./names.ts";

/** A URL's userinfo: what stands between `//` and `@` (RFC 3986 section 3.2.1). */
const USERINFO = /\/\/([^/?#\s]*)@/g;
/** A parameter of a query, a fragment or a form, after one of `?`, `&`, `#`, `;`. */
const PARAMETER = /([?&#;])([^?&#;=\s<>]+)=([^&#;\s<>]+)/g;
/** How many URLs within URLs are looked into. */
const NESTED = 3;

/** A URL, or text with URLs in it, without credentials in clear. */
export function hideInUrl(text: string, nested = NESTED): string {
  let shown = text;
  if (shown.includes("@")) shown = shown.replace(USERINFO, (_, userinfo: string) => `//${hashed(userinfo)}@`);
  return shown.includes("=") ? hideInParameters(shown, nested) : shown;
}

/** `user:password@host` without the first part: of `Host`, `:authority` and the target of CONNECT. */
export function hideInAuthority(authority: string): string {
  const at = authority.lastIndexOf("@");
  return at < 0 ? authority : hashed(authority.slice(0, at)) + authority.slice(at);
}

/** `application/x-www-form-urlencoded` text without credentials in clear. */
export function hideInForm(text: string): string {
  return hideInParameters(`&${text}`, NESTED).slice(1);
}

function hideInParameters(text: string, nested: number): string {
  return text.replace(PARAMETER, (whole, before: string, name: string, value: string) => {
    if (isSecretParameter(unescape(name))) return `${before}${name}=${hashed(unescape(value))}`;
    if (nested === 0 || !value.includes("%")) return whole;
    const inner = unescape(value);
    const shown = hideInUrl(inner, nested - 1);
    return shown === inner ? whole : `${before}${name}=${encodeURIComponent(shown)}`;
  });
}

function unescape(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
