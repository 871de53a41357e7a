/**
 * Values of cookies, as `Cookie` and `Set-Cookie` fields have them (RFC 6265, section 4).
 *
 * @module
 */
import { chars, isPlaceholder } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

/** `token` of RFC 9110, section 5.6.2. */
const NAME = /[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}=/y;
const STOP = chars(' \t\r\n"\\;,<>');

/** The values, not the names. */
export const COOKIE: SensitiveKind = {
  name: "cookie",
  summary: "Values of cookies in Cookie and Set-Cookie fields",
  group: "secret",
  onByDefault: true,
  needles: ["cookie"],
  find(text, found) {
    let done = 0;
    for (const { index, 0: field } of text.matchAll(/cookie["']?\s{0,3}:\s{0,3}["']?/gi)) {
      if (index < done) continue;
      const isSet = index >= 4 && text.slice(index - 4, index).toLowerCase() === "set-";
      for (let at = index + field.length;;) {
        NAME.lastIndex = at;
        const name = NAME.exec(text);
        if (name === null) break;
        const from = at + name[0].length;
        let end = from;
        while (end < text.length && STOP[text.charCodeAt(end)] !== 1) end++;
        done = end;
        if (end - from >= 3 && !isPlaceholder(text.slice(from, end))) found(from, end);
        if (isSet || text[end] !== ";") break;
        at = text[end + 1] === " " ? end + 2 : end + 1;
      }
    }
  },
};
