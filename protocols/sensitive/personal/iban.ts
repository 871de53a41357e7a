/**
 * International bank account numbers (ISO 13616; lengths from SWIFT's IBAN registry, release 99).
 *
 * @module
 */
import { endsWord, startsWord } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

/** By country: characters in all. */
export const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 " +
    "FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 " +
    "LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 " +
    "RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30")
    .split(" ").map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** ISO 7064, MOD 97-10, over the number with its first four characters moved to the end. */
function isValid(iban: string): boolean {
  const check = Number(iban.slice(2, 4));
  if (check < 2 || check > 98) return false;
  let rest = 0;
  for (let k = 0; k < iban.length; k++) {
    const value = parseInt(iban[(k + 4) % iban.length]!, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** In one piece, or in groups of four with a space between. */
export const IBAN: SensitiveKind = {
  name: "iban",
  summary: "International bank account number: country, length and check digits",
  group: "personal",
  onByDefault: true,
  needles: [{ iban: true }],
  find(text, found) {
    for (const { index, 0: head } of text.matchAll(/[A-Z]{2}\d{2}/g)) {
      const length = IBAN_LENGTHS.get(head.slice(0, 2));
      if (length === undefined || !startsWord(text, index)) continue;
      const grouped = text[index + 4] === " ";
      const end = index + length + (grouped ? Math.ceil(length / 4) - 1 : 0);
      const value = text.slice(index, end);
      const form = grouped ? /^(?:[A-Z0-9]{4} ){3,8}[A-Z0-9]{1,4}$/ : /^[A-Z0-9]+$/;
      if (
        value.length === end - index && form.test(value) && endsWord(text, end) && isValid(value.replaceAll(" ", ""))
      ) found(index, end);
    }
  },
};
