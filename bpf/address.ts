/**
 * IP addresses as text.
 *
 * @module
 */

/** The text of 4 or 16 bytes, IPv6 as RFC 5952 has it: lower case, the longest run of zeros left out. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const words = Array.from({ length: 8 }, (_, i) => bytes[2 * i]! << 8 | bytes[2 * i + 1]!);
  let best = 0, from = -1;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && words[end] === 0) end++;
    if (end - start > best) [best, from] = [end - start, start];
  }
  const text = (part: number[]) => part.map((word) => word.toString(16)).join(":");
  return best < 2 ? text(words) : `${text(words.slice(0, from))}::${text(words.slice(from + best))}`;
}
