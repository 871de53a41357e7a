/**
 * E-mail addresses (RFC 5321, section 4.1.2), in the form that everybody uses.
 *
 * @module
 */
import { ALNUM_HYPHEN, chars, eachPlace, isA, runEnd } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

const LOCAL = chars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$&'*+=?^_`{|}~-");
const MAX_LOCAL = 64, MAX_DOMAIN = 253;
/** What `git@host:path` and `package@1.2.3` look like, and hosts that are examples (RFC 2606). */
const NOBODY = /^(?:git|noreply|no-reply)$/i;

/** Off by default: every commit in a log and every package's author has one. */
export const EMAIL: SensitiveKind = {
  name: "email",
  summary: "E-mail address",
  group: "personal",
  onByDefault: false,
  needles: ["@"],
  find(text, found) {
    eachPlace(text, "@", (at) => {
      let start = at;
      while (at - start <= MAX_LOCAL && isA(text, start - 1, LOCAL)) start--;
      if (at - start > MAX_LOCAL) return at + 1;
      if (text[start - 1] === "\\" && "nrt".includes(text[start]!)) start++; // as JSON writes a line end
      while (start < at && !isA(text, start, ALNUM_HYPHEN)) start++;
      let end = at + 1, dots = 0;
      for (;;) {
        const next = runEnd(text, end, ALNUM_HYPHEN, at + MAX_DOMAIN);
        if (next === end) break;
        end = next;
        if (text[end] !== "." || !isA(text, end + 1, ALNUM_HYPHEN)) break;
        dots++;
        end++;
      }
      const domain = text.slice(at + 1, end), top = domain.slice(domain.lastIndexOf(".") + 1);
      if (start < at && dots > 0 && /^[a-z]{2,24}$/i.test(top) && !NOBODY.test(text.slice(start, at))) {
        found(start, end);
      }
      return end;
    });
  },
};
