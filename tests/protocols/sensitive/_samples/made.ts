/** What made-up values are made of. */

/** So many characters, the same ones each time, with digits and letters of both cases. */
export function some(length: number, alphabet = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYz"): string {
  let text = "";
  for (let k = 0; k < length; k++) text += alphabet[(k * 7 + (k >> 2)) % alphabet.length];
  return text;
}
export const hex = (length: number): string => some(length, "0a1b2c3d4e5f6789");
export const upper = (length: number): string => some(length, "A2B3C4D5E6F7GHIJKLMNOP");
export const lower = (length: number): string => some(length, "a1b2c3d4e5f6g7h8i9jk");
export const base64 = (text: string): string => btoa(text);
export const base64Url = (text: string): string =>
  btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** Of one kind: what is found, whole, in a text with it; and texts in which nothing is. */
export interface Samples {
  /** The text, and what of it is the value, where it is not all. */
  readonly true: readonly (string | readonly [text: string, ...values: string[]])[];
  readonly near: readonly string[];
}

/** Of a token that is known by its mark. */
export const token = (mark: string, rest: string): Samples => ({
  true: [mark + rest, [`export X="${mark}${rest}"`, mark + rest], [`{"k":"a\\n${mark}${rest}"}`, mark + rest]],
  near: [mark, mark + rest.slice(0, 8), `x${mark}${rest}`],
});
