/** Ordinary text to bury things in. */

const SENTENCES = [
  "The service starts on port 8080 unless the configuration says otherwise.",
  "You can find the list of supported formats in the appendix.",
  "In the second quarter sales rose by four percent, mostly in the north.",
  "To build the project, install the compiler first and then run the build script.",
  "The old bridge was closed in 1974 and replaced by a tunnel.",
  "If an upload fails, the client tries again after a short pause.",
  "Most users keep the default settings, which are a good start.",
  "A table of contents is generated from the headings.",
  "The museum shows paintings, maps and instruments of the 18th century.",
  "Each entry has a date, an author and a short description.",
  "Note that the cache is cleared when a new version is installed.",
  "Please see the guide for administrators before you change permissions.",
  "Wind and rain are expected in the afternoon, with clear skies later.",
  "The function returns an empty list when nothing matches.",
  "Members of the club meet on the first Monday of the month.",
  "Values are rounded to two decimal places in reports.",
  "The recipe serves four and takes about forty minutes.",
  "Keys and passwords should be kept in a password manager.",
];

/** So many characters of it, in sentences chosen by `pick`, which gives a number from 0 up to below its argument. */
export function prose(length: number, pick: (below: number) => number): string {
  let text = "";
  for (let count = 1; text.length < length; count++) {
    text += SENTENCES[pick(SENTENCES.length)] + (count % 6 === 0 ? "\n\n" : " ");
  }
  return text.slice(0, length);
}
