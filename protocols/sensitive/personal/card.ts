/**
 * Numbers of payment cards: ISO/IEC 7812 issuer ranges as the networks publish them, their lengths, and the check digit.
 *
 * @module
 */
import type { SensitiveKind } from "../kind.ts";
import { eachNumeral, luhn } from "./_digits.ts";

/** First and last prefix of a range, of the same length, and the lengths of its numbers. */
export const CARD_RANGES: readonly (readonly [from: number, to: number, lengths: string])[] = [
  [4, 4, "16 19"], // Visa; its numbers of 13 digits are gone
  [51, 55, "16"], // Mastercard
  [2221, 2720, "16"],
  [34, 34, "15"], // American Express
  [37, 37, "15"],
  [6011, 6011, "16 19"], // Discover
  [644, 649, "16 19"],
  [65, 65, "16 19"],
  [300, 305, "14 16 19"], // Diners Club
  [36, 36, "14 16 19"],
  [38, 39, "14 16 19"],
  [3528, 3589, "16 19"], // JCB
  [62, 62, "16 17 18 19"], // UnionPay
  [5018, 5018, "16"], // Maestro
  [5020, 5020, "16"],
  [5038, 5038, "16"],
  [5893, 5893, "16"],
  [6304, 6304, "16"],
  [6759, 6763, "16"],
  [2200, 2204, "16"], // Mir
];
/** As people write them. */
export const CARD_FORMS = ["4-4-4-4-3", "4-4-4-4", "4-6-5", "4-6-4", "6-13", "14", "15", "16", "17", "18", "19"];

/** The same, with the lengths as numbers. */
const ISSUERS = CARD_RANGES.map(([from, to, lengths]) => ({
  from,
  to,
  digits: String(from).length,
  lengths: lengths.split(" ").map(Number),
}));

function isCard(number: string): boolean {
  const known = ISSUERS.some(({ from, to, digits, lengths }) => {
    const prefix = Number(number.slice(0, digits));
    return prefix >= from && prefix <= to && lengths.includes(number.length);
  });
  return known && luhn(number) && new Set(number).size > 1;
}

/** 14 to 19 digits, in groups as on the card or without. */
export const CARD: SensitiveKind = {
  name: "card_number",
  summary: "Payment card number: issuer range, length and check digit",
  group: "personal",
  onByDefault: true,
  needles: [{ digits: 14 }],
  find(text, found) {
    eachNumeral(text, CARD_FORMS, ({ start, end, digits }) => {
      const valid = isCard(digits);
      if (valid) found(start, end);
      return valid;
    });
  },
};
