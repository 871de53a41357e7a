/**
 * JSON Web Tokens (RFC 7519): base64url parts with dots between, the first of which is an object with `alg` (RFC 7515,
 * section 4.1.1; encrypted ones, of five parts: RFC 7516).
 *
 * @module
 */
import { eachPlace, runEnd, startsWord, URL_SAFE } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

/** Any object in base64url whose first member follows its brace at once. */
const MARK = "eyJ";
/** Headers are short; with a certificate chain some kilobytes. */
const MAX_HEADER = 8192;

/** Whether it is an object with `alg`. */
function isHeader(part: string): boolean {
  if (part.length > MAX_HEADER) return false;
  try {
    const value: unknown = JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof value === "object" && value !== null && "alg" in value && typeof value.alg === "string";
  } catch {
    return false;
  }
}

/** Signed and encrypted tokens. */
export const JWT: SensitiveKind = {
  name: "jwt",
  summary: "JSON Web Token",
  group: "secret",
  onByDefault: true,
  needles: [MARK],
  find(text, found) {
    eachPlace(text, MARK, (at) => {
      const header = runEnd(text, at, URL_SAFE);
      if (text[header] !== "." || !startsWord(text, at) || !isHeader(text.slice(at, header))) return header;
      let end = header;
      for (let part = 0; part < 4 && text[end] === "."; part++) end = runEnd(text, end + 1, URL_SAFE);
      while (text[end - 1] === ".") end--;
      if (end > header) found(at, end);
      return end;
    });
  },
};
