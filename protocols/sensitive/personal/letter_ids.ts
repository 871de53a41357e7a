/**
 * Identity numbers with letters among their digits.
 *
 * @module
 */
import type { Needle } from "../../byte_search/mod.ts";
import { endsWord, startsWord } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";
import { isDay, isNear, spelled, weighted } from "./_digits.ts";

interface LetterId {
  readonly name: string;
  readonly summary: string;
  /** Of bounded length. */
  readonly form: RegExp;
  /** One of these has to stand nearby. */
  readonly words?: RegExp;
  readonly needles: readonly Needle[];
  /** Given the value without spaces and hyphens, in capitals. */
  readonly valid: (value: string) => boolean;
}

/** Without those in "denied" and "manifest". */
const wordStart = (text: string): Needle => ({ text, notAfter: [..."abcdefghijklmnopqrstuvwxyz"] });

const DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
/** Values of characters at odd places, for 0 to 9 and again for A to J, then K to Z. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Decreto 23.12.1976, Italy: the last letter from the sum of all others. */
function isCodiceFiscale(value: string): boolean {
  let sum = 0;
  for (let k = 0; k < 15; k++) {
    const code = parseInt(value[k]!, 36), place = code > 9 ? code - 10 : code;
    sum += k % 2 === 0 ? ODD[place]! : place;
  }
  return sum % 26 === parseInt(value[15]!, 36) - 10;
}

const IDS: readonly LetterId[] = [
  { // gov.uk, NIM39110: which letters are used; suffix A to D
    name: "uk_nino",
    summary: "British national insurance number",
    form: /[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z](?:\d{6}| \d{2} \d{2} \d{2} )[A-D]/gi,
    words: /national[ _-]?insurance|(?<![a-z])ni[ _-]?(?:no|number)/i,
    needles: spelled("national insurance", "ni no", "ni number"),
    valid: (value) => !/^(?:BG|GB|NK|KN|TN|NT|ZZ)/.test(value),
  },
  { // interior.gob.es: "Cálculo del dígito de control del NIF/NIE"
    name: "es_dni",
    summary: "Spanish identity number (DNI, NIE)",
    form: /(?:\d{8}|[XYZ]-?\d{7})-?[A-HJ-NP-TV-Z]/gi,
    words: /(?<![a-z])dni(?![a-z])|(?<![a-z])ni[ef](?![a-z])|documento[ _-]?nacional|identidad/i,
    needles: [...["dni", "nie", "nif"].map(wordStart), ...spelled("documento nacional"), "identidad"],
    valid: (value) => {
      const digits = value.slice(0, -1).replace(/^[XYZ]/, (first) => String("XYZ".indexOf(first)));
      return DNI_LETTERS[Number(digits) % 23] === value.at(-1);
    },
  },
  {
    name: "it_fiscal_code",
    summary: "Italian fiscal code",
    form: /[A-Z]{6}[\dLMNP-V]{2}[ABCDEHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]/gi,
    needles: ["codice fiscale", "codicefiscale", "codice_fiscale", "fiscal code", "fiscal_code", "fiscalcode"],
    valid: isCodiceFiscale,
  },
  { // GB 11643-1999: region, date of birth, order, check by ISO 7064 MOD 11-2
    name: "cn_resident_id",
    summary: "Chinese resident identity number",
    form: /[1-8]\d{5}(?:19|20)\d{9}[\dX]/gi,
    needles: [{ digits: 17 }],
    valid: (value) =>
      isDay(Number(value.slice(10, 12)), Number(value.slice(12, 14))) &&
      "10X98765432"[weighted(value, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === value[17],
  },
];

/** One kind a number. */
export const LETTER_IDS: readonly SensitiveKind[] = IDS.map((
  { name, summary, form, words, needles, valid },
): SensitiveKind => ({
  name,
  summary,
  group: "personal",
  onByDefault: true,
  needles,
  elsewhere: words === undefined,
  around: words !== undefined,
  find(text, found) {
    for (const { index, 0: value } of text.matchAll(form)) {
      const end = index + value.length;
      if (!startsWord(text, index) || !endsWord(text, end) || !valid(value.replace(/[ -]/g, "").toUpperCase())) {
        continue;
      }
      if (words === undefined || isNear(text, index, end, words)) found(index, end);
    }
  },
}));
