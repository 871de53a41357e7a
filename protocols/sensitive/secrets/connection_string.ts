/**
 * Passwords in URLs and connection strings: `scheme://user:password@host` (RFC 3986, section 3.2.1).
 *
 * @module
 */
import { chars, eachPlace, isA, isPlaceholder } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

const SCHEME = chars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
/** What ends an authority, or shows that it is none. */
const STOP = chars(`/?#"'\`<>\\${String.fromCharCode(...Array(0x21).keys())}`);
/** Longest user name and password looked at. */
const MAX = 512;

/** The password. */
export const CONNECTION_STRING: SensitiveKind = {
  name: "connection_string",
  summary: "Password in a URL or connection string",
  group: "secret",
  onByDefault: true,
  needles: [{ userInfo: true }],
  find(text, found) {
    for (const slashes of ["://", ":\\/\\/"]) {
      eachPlace(text, slashes, (at) => {
        const from = at + slashes.length;
        if (!isA(text, at - 1, SCHEME)) return from;
        let end = from, colon = -1, sign = -1;
        for (; end < text.length && end - from < MAX && !isA(text, end, STOP); end++) {
          if (text[end] === "@") sign = end; // the last one, as people forget to encode it
          else if (text[end] === ":" && colon < 0) colon = end;
        }
        const value = colon < 0 || sign < colon ? "" : text.slice(colon + 1, sign);
        if (value !== "" && sign + 1 < end && !isPlaceholder(value)) found(colon + 1, sign);
        return end;
      });
    }
  },
};
