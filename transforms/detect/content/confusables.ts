/**
 * Letters of other scripts that look like Latin ones, and letters with marks.
 *
 * @module
 */
import type { Hidden } from "./hidden.ts";

/** Look-alike and what it looks like, after NFKD; from Unicode's confusables.txt (UTS 39), those of lower and upper case. */
const PAIRS =
  "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw ѡw ьb гr кk мm тt нh вb пn иu зe АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ԌG " +
  "αa βb εe ηn ιi κk νv οo ρp τt υu χx γy σo ωw ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX " +
  "օo ոn սu հh ցg զq ѵv ӏl Ӏl ɑa ɡg ɩi ɪi ʏy ʀr ɴn ʟl ʜh ɢg ʙb ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ᴍm ᴏo ᴘp ᴛt ᴜu ᴠv ᴡw ᴢz ꜱs ꜰf ǀl ƿp łl øo đd ħh ıi ŧt";
const LATIN = new Map(PAIRS.split(" ").map((pair) => [pair[0] ?? "", pair[1] ?? ""]));

/** A word, with look-alikes in it. */
const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/g;
// deno-lint-ignore no-control-regex
const NON_ASCII = /[^\x00-\x7f]/;

/**
 * Compatibility forms become plain, marks go, and look-alikes become Latin letters in words that have Latin letters
 * besides. Words of one script stay as they are.
 */
export function foldLetters(text: string, hidden?: Hidden): string {
  const plain = text.normalize("NFKD").replace(MARKS, "").normalize("NFC");
  if (!NON_ASCII.test(plain)) return plain;
  return plain.replace(WORD, (word) => {
    if (!NON_ASCII.test(word) || !/[a-z]/i.test(word)) return word;
    let folded = "", foreign = 0;
    for (const letter of word) {
      const latin = LATIN.get(letter);
      if (latin !== undefined && letter > "\u024f") foreign++;
      folded += latin ?? letter;
    }
    if (foreign > 0 && hidden !== undefined && !NON_ASCII.test(folded)) hidden.mixedWords++;
    return folded;
  });
}
