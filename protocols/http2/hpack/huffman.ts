/**
 * Decodes strings in HPACK's Huffman code (RFC 7541 section 5.2 and appendix B).
 *
 * @module
 */

/** Bits of the code of each byte and, last, of the end mark. The code is canonical, so its bits follow from these. */
// deno-fmt-ignore
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const LONGEST = 30;
/** Stands for the end of the string, and must not occur in it. */
const END = 256;

/** Codes of up to so many bits are looked up at once. */
const QUICK = 10;
const QUICK_MASK = (1 << QUICK) - 1;
/** By the next bits: byte << 4 | bits of its code; 0 if the code is longer. */
const quick = new Uint16Array(1 << QUICK);
/** By length: the first code, how many there are, and where their bytes begin in `bytes`. */
const first = new Uint32Array(LONGEST + 1), count = new Uint32Array(LONGEST + 1), offset = new Uint32Array(LONGEST + 1);
/** Sorted by code. */
const bytes = new Uint16Array(LENGTHS.length);

for (let length = 1, code = 0, n = 0; length <= LONGEST; length++, code *= 2) {
  first[length] = code;
  offset[length] = n;
  for (const [byte, bits] of LENGTHS.entries()) {
    if (bits !== length) continue;
    if (length <= QUICK) quick.fill(byte << 4 | bits, code << (QUICK - bits), (code + 1) << (QUICK - bits));
    bytes[n++] = byte;
    code++;
  }
  count[length] = n - offset[length]!;
}

/**
 * Decodes `from[start, end)` to the beginning of `to`, which needs room for {@linkcode decodedRoom} bytes. Gives the
 * number of bytes, or -1 if it is no such string.
 */
export function decodeHuffman(from: Uint8Array, start: number, end: number, to: Uint8Array): number {
  let at = start, window = 0, bits = 0, length = 0;
  while (true) {
    // The lowest `bits` bits of `window` are not read yet.
    while (bits < QUICK && at < end) {
      window = window << 8 | from[at++]!;
      bits += 8;
    }
    while (bits >= QUICK) {
      const entry = quick[window >>> (bits - QUICK) & QUICK_MASK]!;
      if (entry === 0) break;
      to[length++] = entry >>> 4;
      bits -= entry & 15;
    }
    if (bits < QUICK) {
      if (at < end) continue;
      // Towards the end ones stand for what is missing, as in the padding.
      const entry = quick[(window << (QUICK - bits) | QUICK_MASK >>> bits) & QUICK_MASK]!;
      if (entry !== 0 && (entry & 15) <= bits) {
        to[length++] = entry >>> 4;
        bits -= entry & 15;
        continue;
      }
      const padding = (1 << bits) - 1;
      return bits < 8 && (window & padding) === padding ? length : -1;
    }
    const position = at * 8 - bits;
    const found = decodeLong(from, position, end * 8);
    if (found < 0) return -1;
    to[length++] = found & 255;
    const next = position + (found >>> 8);
    at = (next + 7) >>> 3;
    bits = at * 8 - next;
    window = bits > 0 ? from[at - 1]! : 0;
  }
}

/** A code of more than {@linkcode QUICK} bits at bit `position`: bits << 8 | byte, or -1. */
function decodeLong(from: Uint8Array, position: number, end: number): number {
  let code = 0;
  for (let length = 1; length <= LONGEST && position < end; length++, position++) {
    code = code << 1 | (from[position >>> 3]! >>> (7 - (position & 7)) & 1);
    const index = code - first[length]!;
    if (index >= count[length]!) continue;
    const byte = bytes[offset[length]! + index]!;
    return byte === END ? -1 : length << 8 | byte;
  }
  return -1;
}

/** How long the string may be that `length` bytes stand for: no code has less than five bits. */
export function decodedRoom(length: number): number {
  return Math.floor(length * 8 / 5);
}
