/**
 * Numbers that states give to persons: their rules, from the issuing authorities, and where these leave room for other
 * numbers, a word that has to stand nearby.
 *
 * @module
 */
import type { Needle } from "../../byte_search/mod.ts";
import type { SensitiveKind } from "../kind.ts";
import { eachNumeral, isDay, isNear, luhn, spelled, weighted } from "./_digits.ts";
import { isVerhoeff } from "./_verhoeff.ts";

interface NumericId {
  readonly name: string;
  readonly summary: string;
  /** How it is written, where that says enough. */
  readonly forms: readonly string[];
  /** How it is written otherwise, with one of the words nearby. */
  readonly withWord?: { readonly forms: readonly string[]; readonly words: RegExp };
  readonly needles: readonly Needle[];
  readonly valid: (digits: string) => boolean;
}

const number = (digits: string, from: number, to: number) => Number(digits.slice(from, to));

/** ISO 7064, MOD 11,10. */
function isMod1110(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = sum * 2 % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** Of the first ten digits one stands there twice or thrice and the others at most once; never three in a row. */
function isSteuerId(digits: string): boolean {
  const first = digits.slice(0, 10), repeated = [...new Set(first)].filter((digit) => first.split(digit).length > 2);
  const times = repeated.length === 1 ? first.split(repeated[0]!).length - 1 : 0;
  return first[0] !== "0" && (times === 2 || times === 3) && !/(\d)\1\1/.test(first) && isMod1110(digits);
}

/** Number of the first n digits by weights n+1 to 2, modulo 11; a rest below 2 stands for 0. */
function cpfDigit(digits: string, n: number): number {
  const rest = weighted(digits, Array.from({ length: n }, (_, k) => n + 1 - k)) % 11;
  return rest < 2 ? 0 : 11 - rest;
}

const IDS: readonly NumericId[] = [
  { // ssa.gov, "Social Security Number Randomization"; irs.gov, Publication 1915 for ITIN (from 900 on)
    name: "us_ssn",
    summary: "US social security number or taxpayer number (ITIN)",
    forms: ["3-2-4"],
    withWord: { forms: ["9"], words: /(?<![a-z])ssn(?![a-z])|social[ _-]?security/i },
    needles: [
      { groups: [3, 2, 4] },
      { text: "ssn", notAfter: [..."aeiou"] },
      ...spelled("social security"),
    ],
    valid(digits) {
      const area = number(digits, 0, 3), group = number(digits, 3, 5), serial = number(digits, 5, 9);
      if (area >= 900) {
        return (group >= 50 && group <= 65) || (group >= 70 && group <= 99 && group !== 89 && group !== 93);
      }
      return area !== 0 && area !== 666 && group !== 0 && serial !== 0;
    },
  },
  { // Bundeszentralamt für Steuern, "Steuerliche Identifikationsnummer"
    name: "de_tax_id",
    summary: "German tax identification number",
    forms: ["2-3-3-3"],
    withWord: { forms: ["11"], words: /steuer|id[ _-]?nr|identifikationsnummer|tax[ _-]?id/i },
    needles: [{ groups: [3, 3, 3] }, "steuer", "identifikationsnummer", ...spelled("id nr", "tax id")],
    valid: isSteuerId,
  },
  { // service-public.fr; INSEE: sex, year, month, place, order, key 97 - n mod 97
    name: "fr_nir",
    summary: "French social security number (NIR)",
    forms: ["15", "13-2", "1-2-2-2-3-3-2"],
    needles: [{ digits: 15 }],
    valid(digits) {
      const month = number(digits, 3, 5);
      return /^[1-478]/.test(digits) && ((month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50) &&
        97 - Number(digits.slice(0, 13)) % 97 === number(digits, 13, 15);
    },
  },
  { // uidai.gov.in: never begins with 0 or 1
    name: "in_aadhaar",
    summary: "Indian Aadhaar number",
    forms: ["4-4-4"],
    withWord: { forms: ["12"], words: /aadha?ar|uidai/i },
    needles: [{ groups: [4, 4, 4] }, "aadhaar", "aadhar", "uidai"],
    valid: (digits) => digits[0]! >= "2" && isVerhoeff(digits),
  },
  { // canada.ca: Luhn; 0 and 8 are not given out
    name: "ca_sin",
    summary: "Canadian social insurance number",
    forms: [],
    withWord: {
      forms: ["3-3-3", "9"],
      words: /(?<![a-z])sin(?:"?[:=]| n)|social[ _-]?insurance|assurance[ _-]?sociale/i,
    },
    needles: [...spelled("social insurance", "assurance sociale"), "sin:", 'sin":', "sin=", 'sin"=', "sin n"],
    valid: (digits) => digits[0] !== "0" && digits[0] !== "8" && luhn(digits),
  },
  { // mf.gov.pl: century in the month
    name: "pl_pesel",
    summary: "Polish PESEL number",
    forms: [],
    withWord: { forms: ["11"], words: /pesel/i },
    needles: ["pesel"],
    valid: (digits) =>
      isDay(number(digits, 2, 4) % 20, number(digits, 4, 6)) &&
      weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
  },
  { // rvig.nl: the eleven test
    name: "nl_bsn",
    summary: "Dutch citizen service number (BSN)",
    forms: [],
    withWord: { forms: ["9", "4-2-3", "3-3-3"], words: /(?<![a-z])bsn(?![a-z])|burgerservice|sofi/i },
    needles: ["bsn", "burgerservice", "sofi"],
    valid: (digits) => weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && Number(digits) > 0,
  },
  { // skatteverket.se: date and Luhn
    name: "se_personnummer",
    summary: "Swedish personal identity number",
    forms: [],
    withWord: { forms: ["6-4", "8-4", "10", "12"], words: /person[ _-]?(?:nummer|nr)|personal[ _-]?identity/i },
    needles: spelled("person nummer", "person nr", "personal identity"),
    valid(digits) {
      const short = digits.slice(-10);
      return isDay(number(short, 2, 4), number(short, 4, 6)) && luhn(short);
    },
  },
  { // ato.gov.au
    name: "au_tfn",
    summary: "Australian tax file number",
    forms: [],
    withWord: { forms: ["3-3-3", "9"], words: /(?<![a-z])tfn(?![a-z])|tax[ _-]?file/i },
    needles: ["tfn", ...spelled("tax file")],
    valid: (digits) => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  },
  { // datadictionary.nhs.uk
    name: "uk_nhs",
    summary: "British NHS number",
    forms: [],
    withWord: { forms: ["3-3-4", "10"], words: /(?<![a-z])nhs/i },
    needles: ["nhs"],
    valid(digits) {
      const check = 11 - weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
      return (check === 11 ? 0 : check) === Number(digits[9]);
    },
  },
];

/** Receita Federal, Brazil: two check digits. It is written with dots: `529.982.247-25`. */
const CPF: SensitiveKind = {
  name: "br_cpf",
  summary: "Brazilian taxpayer number (CPF)",
  group: "personal",
  onByDefault: true,
  needles: ["cpf"],
  elsewhere: true,
  find(text, found) {
    for (const { index, 0: value } of text.matchAll(/(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)/g)) {
      const digits = value.replace(/\D/g, "");
      const valid = cpfDigit(digits, 9) === Number(digits[9]) && cpfDigit(digits, 10) === Number(digits[10]);
      const told = value.length === 14 || isNear(text, index, index + value.length, /cpf/i);
      if (valid && told && new Set(digits).size > 1) found(index, index + value.length);
    }
  },
};

/** One kind a number. */
export const NUMERIC_IDS: readonly SensitiveKind[] = [
  ...IDS.map(({ name, summary, forms, withWord, needles, valid }): SensitiveKind => {
    const all = [...forms, ...withWord?.forms ?? []];
    return {
      name,
      summary,
      group: "personal",
      onByDefault: true,
      needles,
      around: withWord !== undefined,
      find(text, found) {
        eachNumeral(text, all, ({ start, end, digits, form }) => {
          const told = forms.includes(form) || (withWord !== undefined && isNear(text, start, end, withWord.words));
          if (!told || !valid(digits)) return false;
          found(start, end);
          return true;
        });
      },
    };
  }),
  CPF,
];
