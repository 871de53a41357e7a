/**
 * Shows what escapes hide, for a search.
 *
 * @module
 */

/** How often what was read is read again. */
const TIMES = 3;
const BACKSLASH = 0x5c, SLASH = 0x2f, PERCENT = 0x25, U = 0x75;
let scratch = new Uint8Array(4096);

/**
 * Calls `seen` with the bytes in which escapes of JSON, however many backslashes they have, and of URLs are what they
 * stand for, if that is ASCII; and again with what these make. The bytes are good until it returns.
 */
export function eachUnescaped(
  buffer: Uint8Array,
  start: number,
  end: number,
  seen: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  if (scratch.length < end - start) scratch = new Uint8Array(2 * (end - start));
  let length = unescape(buffer, start, end);
  for (let time = 0; time < TIMES; time++) {
    seen(scratch, 0, length);
    const next = unescape(scratch, 0, length);
    if (next === length) return;
    length = next;
  }
  seen(scratch, 0, length);
}

/** Writes to the scratch, which may be where it reads: what is written is never longer. */
function unescape(from: Uint8Array, start: number, end: number): number {
  const to = scratch;
  let length = 0;
  for (let at = start; at < end;) {
    const byte = from[at]!;
    if (byte === BACKSLASH) {
      let next = at + 1;
      while (next < end && from[next] === BACKSLASH) next++;
      if (from[next] === SLASH && next < end) {
        to[length++] = SLASH;
        at = next + 1;
        continue;
      }
      const code = from[next] === U ? hex(from, next + 1, 4, end) : -1;
      if (code >= 0 && code < 0x80) {
        to[length++] = code;
        at = next + 5;
        continue;
      }
      while (at < next) to[length++] = from[at++]!;
      continue;
    } else if (byte === PERCENT) {
      const code = hex(from, at + 1, 2, end);
      if (code >= 0 && code < 0x80) {
        to[length++] = code;
        at += 3;
        continue;
      }
    }
    to[length++] = byte;
    at++;
  }
  return length;
}

/** The number in so many hexadecimal digits, or -1. */
function hex(bytes: Uint8Array, at: number, digits: number, end: number): number {
  if (at + digits > end) return -1;
  let number = 0;
  for (let k = 0; k < digits; k++) {
    const byte = bytes[at + k]!, letter = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) number = number * 16 + byte - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) number = number * 16 + letter - 0x57;
    else return -1;
  }
  return number;
}
