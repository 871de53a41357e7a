/**
 * Times as nanoseconds since the Unix epoch.
 *
 * @module
 */

/** Digits of a time's text, from the year 2001 to 2286: what templates leave room for. */
export const DIGITS = 19;
const TWO_32 = 2 ** 32, TWO_16 = 2 ** 16;
/** The times that have so many digits, in milliseconds. */
const FIRST = 1e12, LAST = 1e13 - 1;

/** The nearest time that has {@linkcode DIGITS} digits: what a hostile sensor says may be no time at all. */
export function clamped(millis: number): number {
  return millis >= FIRST ? Math.min(millis, LAST) : FIRST;
}

/** The text of a time in milliseconds. */
export function nanos(millis: number): string {
  const time = clamped(millis);
  const seconds = Math.floor(time / 1000);
  return `${seconds}${String(fraction(time, seconds)).padStart(9, "0")}`;
}

/** Writes the same text. */
export function putNanos(bytes: Uint8Array, at: number, millis: number): void {
  const time = clamped(millis);
  const seconds = Math.floor(time / 1000);
  putDigits(bytes, at, 10, seconds);
  putDigits(bytes, at + 10, 9, fraction(time, seconds));
}

/** Writes it as 64 bits, little-endian. */
export function putNanos64(bytes: Uint8Array, at: number, millis: number): void {
  const time = clamped(millis);
  const seconds = Math.floor(time / 1000);
  // seconds * 1e9 does not fit into a double: by halves of the seconds, each product does
  const high = Math.floor(seconds / TWO_16) * 1e9, low = (seconds % TWO_16) * 1e9 + fraction(time, seconds);
  const rest = (high % TWO_16) * TWO_16 + low;
  put32(bytes, at, rest % TWO_32);
  put32(bytes, at + 4, Math.floor(high / TWO_16) + Math.floor(rest / TWO_32));
}

function fraction(time: number, seconds: number): number {
  return Math.min(999_999_999, Math.round((time - seconds * 1000) * 1e6));
}

function putDigits(bytes: Uint8Array, at: number, digits: number, value: number): void {
  // in two 32-bit parts, as a division of larger numbers takes long
  let high = Math.floor(value / 100_000) | 0, low = value - high * 100_000 | 0;
  for (let k = at + digits - 1; k >= at + digits - 5; k--) {
    const next = low / 10 | 0;
    bytes[k] = 0x30 + low - next * 10;
    low = next;
  }
  for (let k = at + digits - 6; k >= at; k--) {
    const next = high / 10 | 0;
    bytes[k] = 0x30 + high - next * 10;
    high = next;
  }
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
