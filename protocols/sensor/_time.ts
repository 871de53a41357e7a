/**
 * Times in lines.
 *
 * @module
 */

const ZERO = 0x30, DASH = 0x2d, COLON = 0x3a, DOT = 0x2e, PLUS = 0x2b, SPACE = 0x20, QUOTE = 0x22;
const MINUTE = 60_000;
/** Milliseconds of the minute that was read last, and its text: lines that follow each other mostly share it. */
let minute = 0;
const minuteText = new Uint8Array(16);

/**
 * A time as milliseconds since the Unix epoch: a string by RFC 3339 (section 5.6; without offset it is UTC, a space may stand
 * for the T), or a number of seconds, milliseconds, microseconds or nanoseconds, told apart by its size. Undefined for
 * anything else. `bytes[from, to)` is a JSON value.
 */
export function readTime(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (from < 0) return undefined;
  return bytes[from] === QUOTE ? readText(bytes, from + 1, to - 1) : readNumber(bytes, from, to);
}

function readNumber(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (to - from > 32) return undefined;
  const value = Number(String.fromCharCode(...bytes.subarray(from, to)));
  if (!(value > 0)) return undefined;
  if (value < 1e11) return value * 1e3; // until the year 5138
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

function readText(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (to - from < 19 || to - from > 40) return undefined;
  const base = readMinute(bytes, from);
  const seconds = digits(bytes, from + 17, 2);
  if (base === undefined || bytes[from + 16] !== COLON || seconds < 0 || seconds > 60) return undefined;
  let at = from + 19, fraction = 0;
  if (bytes[at] === DOT) {
    let scale = 1000;
    for (at++; at < to; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      scale /= 10;
      fraction += digit * scale;
    }
  }
  const offset = readOffset(bytes, at, to);
  return offset === undefined ? undefined : base + seconds * 1000 + fraction - offset;
}

/** `2026-11-21T11:40`. */
function readMinute(bytes: Uint8Array, from: number): number | undefined {
  let k = 0;
  while (k < 16 && bytes[from + k] === minuteText[k]) k++;
  if (k === 16) return minute;
  const year = digits(bytes, from, 4), month = digits(bytes, from + 5, 2), day = digits(bytes, from + 8, 2);
  const hours = digits(bytes, from + 11, 2), minutes = digits(bytes, from + 14, 2);
  const marks = bytes[from + 4] === DASH && bytes[from + 7] === DASH && bytes[from + 13] === COLON;
  const t = bytes[from + 10];
  if (!marks || (t !== 0x54 && t !== 0x74 && t !== SPACE)) return undefined;
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hours < 0 || hours > 23) return undefined;
  if (minutes < 0 || minutes > 59) return undefined;
  minute = Date.UTC(year, month - 1, day, hours, minutes);
  minuteText.set(bytes.subarray(from, from + 16));
  return minute;
}

/** Milliseconds east of Greenwich. */
function readOffset(bytes: Uint8Array, at: number, to: number): number | undefined {
  if (at === to) return 0;
  const sign = bytes[at];
  if (sign === 0x5a || sign === 0x7a) return at + 1 === to ? 0 : undefined;
  if (sign !== PLUS && sign !== DASH || at + 6 !== to || bytes[at + 3] !== COLON) return undefined;
  const hours = digits(bytes, at + 1, 2), minutes = digits(bytes, at + 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return (sign === PLUS ? 1 : -1) * (hours * 60 + minutes) * MINUTE;
}

/** A number of so many digits; negative if there is anything else. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let k = 0; k < count; k++) {
    const digit = bytes[at + k]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
