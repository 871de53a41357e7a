/**
 * Strings that look random. Finds much that is no secret (digests, ids, encoded data), so it is an option.
 *
 * @module
 */
import { PERCENT, runEnd } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

const MIN = 20, MAX = 256;
/** Bits a character; English words have about 3.5 at this length, random base64 more than 4. */
const BITS = 4;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Shannon's entropy of a text, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const each of text) counts.set(each, (counts.get(each) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length);
  return bits / text.length;
}

/** Runs of 20 to 256 characters with small and capital letters and digits, or hexadecimal ones of 32 and more. */
export const ENTROPY: SensitiveKind = {
  name: "high_entropy",
  summary: "String that looks random (many digests and ids do too)",
  group: "secret",
  onByDefault: false,
  needles: ['"'], // the one around any text of JSON
  elsewhere: true,
  find(text, found) {
    for (let at = 0; at < text.length; at++) {
      const end = runEnd(text, at, PERCENT);
      if (end - at >= MIN && end - at <= MAX) {
        const run = text.slice(at, end);
        const mixed = /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run) && !run.includes("//");
        const hex = run.length >= 32 && /^[0-9a-f]+$/i.test(run);
        if (!UUID.test(run) && ((mixed && entropy(run) >= BITS) || (hex && entropy(run) >= 3))) found(at, end);
      }
      at = end;
    }
  },
};
