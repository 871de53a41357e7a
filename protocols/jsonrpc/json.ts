/**
 * Walks over JSON text in bytes without building values: RFC 8259 to the letter, so it accepts what `JSON.parse` accepts
 * once the bytes are decoded as UTF-8, and nothing else.
 *
 * Each function takes the bytes, where to begin and where the text ends, and returns the offset just past what it
 * walked over, or one of the negative codes below.
 *
 * @module
 */

/** Not JSON. */
export const INVALID_JSON = -1;
/** JSON but for a string that is not UTF-8. */
export const INVALID_UTF8 = -2;
/** Nested deeper than allowed. */
export const TOO_DEEP = -3;

/** The most that any caller may allow as depth. */
export const DEPTH_LIMIT = 4096;

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;
const OPEN_BRACE = 0x7b, CLOSE_BRACE = 0x7d, OPEN_BRACKET = 0x5b, CLOSE_BRACKET = 0x5d;

/** What may follow a backslash, but for `u`. */
const ESCAPE = table('"\\/bfnrt');
const HEX = table("0123456789abcdefABCDEF");
/** Kinds of containers that are open, outermost first: 1 for an object. One is enough, as nothing here waits. */
const open = new Uint8Array(DEPTH_LIMIT);

function table(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const character of characters) set[character.charCodeAt(0)] = 1;
  return set;
}

/** True for the four bytes that JSON calls whitespace. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Walks over whitespace. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at]! <= 0x20 && isSpace(bytes[at]!)) at++;
  return at;
}

/** Walks over a string from just past its opening quote. */
export function skipString(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at++]!;
    if (byte >= 0x80) {
      at = skipUtf8(bytes, at, end, byte);
      if (at < 0) return at;
    } else if (byte === QUOTE) return at;
    else if (byte === BACKSLASH) {
      at = skipEscape(bytes, at, end);
      if (at < 0) return at;
    } else if (byte < 0x20) return INVALID_JSON;
  }
  return INVALID_JSON;
}

function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return INVALID_JSON;
  const byte = bytes[at++]!;
  if (ESCAPE[byte] === 1) return at;
  if (byte !== 0x75 || at + 4 > end) return INVALID_JSON;
  const digits = HEX[bytes[at]!]! + HEX[bytes[at + 1]!]! + HEX[bytes[at + 2]!]! + HEX[bytes[at + 3]!]!;
  return digits === 4 ? at + 4 : INVALID_JSON;
}

/** Walks over the rest of a character whose first byte was `lead`; Unicode 15, table 3-7. */
function skipUtf8(bytes: Uint8Array, at: number, end: number, lead: number): number {
  let low = 0x80, high = 0xbf, rest = 1;
  if (lead < 0xc2 || lead > 0xf4) return INVALID_UTF8;
  if (lead >= 0xf0) {
    rest = 3;
    if (lead === 0xf0) low = 0x90;
    else if (lead === 0xf4) high = 0x8f;
  } else if (lead >= 0xe0) {
    rest = 2;
    if (lead === 0xe0) low = 0xa0;
    else if (lead === 0xed) high = 0x9f;
  }
  if (at + rest > end || bytes[at]! < low || bytes[at]! > high) return INVALID_UTF8;
  const last = at + rest;
  for (at++; at < last; at++) if ((bytes[at]! & 0xc0) !== 0x80) return INVALID_UTF8;
  return at;
}

function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  const from = at;
  while (at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
  return at > from ? at : INVALID_JSON;
}

function skipNumber(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === 0x2d) at++;
  if (at < end && bytes[at] === 0x30) at++;
  else if ((at = skipDigits(bytes, at, end)) < 0) return at;
  if (at < end && bytes[at] === 0x2e && (at = skipDigits(bytes, at + 1, end)) < 0) return at;
  if (at < end && (bytes[at]! | 0x20) === 0x65) {
    at++;
    if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
    return skipDigits(bytes, at, end);
  }
  return at;
}

/** Walks over `true`, `false` or `null`. */
function skipWord(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  const length = first === 0x66 ? 5 : 4;
  if (at + length > end) return INVALID_JSON;
  const b = bytes[at + 1]!, c = bytes[at + 2]!, d = bytes[at + 3]!;
  if (first === 0x74) return b === 0x72 && c === 0x75 && d === 0x65 ? at + 4 : INVALID_JSON;
  if (first === 0x6e) return b === 0x75 && c === 0x6c && d === 0x6c ? at + 4 : INVALID_JSON;
  return b === 0x61 && c === 0x6c && d === 0x73 && bytes[at + 4] === 0x65 ? at + 5 : INVALID_JSON;
}

/** Walks over a member's name, the colon and the space around it. `at` is where the opening quote must be. */
function skipName(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || bytes[at] !== QUOTE) return INVALID_JSON;
  at = skipString(bytes, at + 1, end);
  if (at < 0) return at;
  at = skipSpace(bytes, at, end);
  return at < end && bytes[at] === COLON ? skipSpace(bytes, at + 1, end) : INVALID_JSON;
}

/** Walks over any value; containers may nest `depth` deep. No recursion, so no input can exhaust the stack. */
export function skipValue(bytes: Uint8Array, at: number, end: number, depth: number): number {
  let level = 0, inObject = 0;
  for (;;) {
    if (at >= end) return INVALID_JSON;
    const byte = bytes[at]!;
    if (byte === QUOTE) at = skipString(bytes, at + 1, end);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (level >= depth) return TOO_DEEP;
      at = skipSpace(bytes, at + 1, end);
      if (at < end && bytes[at] === byte + 2) at++;
      else {
        open[level++] = inObject;
        inObject = byte === OPEN_BRACE ? 1 : 0;
        if (inObject === 1 && (at = skipName(bytes, at, end)) < 0) return at;
        continue;
      }
    } else if (byte === 0x74 || byte === 0x66 || byte === 0x6e) at = skipWord(bytes, at, end);
    else at = skipNumber(bytes, at, end);
    if (at < 0) return at;
    for (;;) { // after a value
      if (level === 0) return at;
      at = skipSpace(bytes, at, end);
      if (at >= end) return INVALID_JSON;
      const next = bytes[at++]!;
      if (next === COMMA) {
        at = skipSpace(bytes, at, end);
        if (inObject === 1 && (at = skipName(bytes, at, end)) < 0) return at;
        break;
      }
      if (next !== (inObject === 1 ? CLOSE_BRACE : CLOSE_BRACKET)) return INVALID_JSON;
      inObject = open[--level]!;
    }
  }
}
