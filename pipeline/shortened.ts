/**
 * Texts of peers are as long as they like.
 *
 * @module
 */

/** The text, or as much of its beginning as leaves room for `…` in so many UTF-16 code units; no surrogate pair is halved. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 2);
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 2 : length - 1)}…`;
}
