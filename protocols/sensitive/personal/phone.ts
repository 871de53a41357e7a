/**
 * Telephone numbers: international ones with their plus sign (ITU-T E.164: at most 15 digits), and national ones in the
 * forms that tell them from other numbers.
 *
 * @module
 */
import { endsWord, startsWord } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

/** `+49 151 23456789`, `+1 (415) 555-0132`. */
const INTERNATIONAL = /\+[1-9]\d{0,2}(?:[ .-]?\(?\d{1,5}\)?){1,6}/g;
/** Of North America: `(415) 555-0132`, `415-555-0132`. */
const AMERICAN = /(?:\([2-9]\d{2}\) ?|[2-9]\d{2}-)[2-9]\d{2}-\d{4}/g;
/** With a trunk prefix and a separator: `030 1234567`, `01 42 68 53 00`, `020 7946 0958`. */
const TRUNK = /0[1-9]\d{0,4}(?:[ /-]\d{2,8}){1,4}/g;

/** Off by default: too many other numbers look like one. */
export const PHONE: SensitiveKind = {
  name: "phone",
  summary: "Telephone number: E.164 and common national forms",
  group: "personal",
  onByDefault: false,
  needles: [{ digits: 8 }, "+", "("],
  find(text, found) {
    for (const [form, min, max] of [[INTERNATIONAL, 8, 15], [AMERICAN, 10, 10], [TRUNK, 9, 12]] as const) {
      for (const { index, 0: value } of text.matchAll(form)) {
        const digits = value.replace(/\D/g, "").length, end = index + value.length;
        const before = text[index - 1];
        const whole = startsWord(text, index) && endsWord(text, end) && before !== "-" && before !== "." &&
          before !== "/";
        const date = /^\d{2}[/-]\d{2}[/-]\d{4}/.test(value);
        if (whole && !date && digits >= min && digits <= max && text[end] !== "-") found(index, end);
      }
    }
  },
};
