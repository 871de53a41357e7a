/**
 * Whether a message has letters of other scripts, look-alikes or invisible characters: not merely accents, dashes,
 * quotation marks and emoji, as half of all texts have.
 *
 * @module
 */

/** Looks at UTF-8, and at `\u` escapes as JSON has them. */
export function isForeign(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) {
      if (byte === 0x5c && bytes[at + 1] === 0x75 && isForeignCode(hex(bytes, at + 2))) return true;
    } else if (byte >= 0xc2 && byte < 0xe0) {
      if (isForeignCode((byte & 31) << 6 | (bytes[at + 1] ?? 0) & 63)) return true;
      at++;
    } else if (byte >= 0xe0 && byte < 0xf0) {
      if (isForeignCode((byte & 15) << 12 | ((bytes[at + 1] ?? 0) & 63) << 6 | (bytes[at + 2] ?? 0) & 63)) return true;
      at += 2;
    } else if (byte >= 0xf0) {
      // Emoji are in plane 1 from U+1F000 on: F0 9F.
      if (byte !== 0xf0 || bytes[at + 1] !== 0x9f || (bytes[at + 2] ?? 0) < 0x80) return true;
      at += 3;
    }
  }
  return false;
}

/** Of one UTF-16 code unit, or a character of the basic plane. */
function isForeignCode(code: number): boolean {
  if (code < 0x180) return code === 0x1b || code === 0xad || code === 0x9b;
  if (code < 0x2000) return true;
  if (code < 0x2c00) return !isPlainSymbol(code);
  if (code >= 0xd800 && code < 0xe000) return isForeignSurrogate(code);
  return code !== 0xfe0f && code !== 0xfeff && code !== 0xfffd;
}

/** Punctuation, currencies, arrows, mathematical signs, boxes: all but the invisible and the enclosed letters. */
function isPlainSymbol(code: number): boolean {
  if (code >= 0x200b && code <= 0x200f) return code === 0x200d;
  if (code >= 0x202a && code <= 0x202e || code >= 0x2060 && code <= 0x206f) return false;
  if (code >= 0x2070 && code < 0x20a0) return false;
  return !(code >= 0x2460 && code < 0x2500);
}

/** High surrogates of plane 1 are those of emoji, but for the mathematical letters; low ones say nothing. */
function isForeignSurrogate(code: number): boolean {
  return code < 0xdc00 && code !== 0xd83c && code !== 0xd83d && code !== 0xd83e;
}

function hex(bytes: Uint8Array, at: number): number {
  let code = 0;
  for (let k = at; k < at + 4; k++) {
    const byte = bytes[k] ?? 0, letter = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) code = code << 4 | byte - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) code = code << 4 | letter - 0x57;
    else return 0;
  }
  return code;
}
