/**
 * The search in plain TypeScript, to compare with.
 *
 * @module
 */
import { MIN_BBAN, type Needles } from "../../../protocols/byte_search/needle.ts";

interface Text {
  readonly bytes: Uint8Array;
  readonly notAfter: readonly Uint8Array[];
  readonly userInfo: boolean;
  readonly mask: number;
}

const encoder = new TextEncoder();

/** Looks at every byte by itself. */
export class PlainSearch {
  /** By first byte, in lower case. */
  readonly #texts: (readonly Text[])[] = Array.from({ length: 256 }, () => []);
  readonly #needles: Needles;

  constructor(needles: Needles) {
    for (const { text, notAfter, userInfo, mask } of needles.texts) {
      const first = text.charCodeAt(0);
      const befores = notAfter.map((each) => encoder.encode(each));
      const entry = { bytes: encoder.encode(text), notAfter: befores, userInfo, mask };
      this.#texts[first] = [...this.#texts[first]!, entry];
    }
    this.#needles = needles;
  }

  search(buffer: Uint8Array, start: number, end: number): number {
    const { digits, groups, iban, nonAscii, escape } = this.#needles;
    let found = 0, count = 0, lengths = 0, last = -2;
    for (let at = start; at < end; at++) {
      const byte = buffer[at]!;
      for (const { bytes, notAfter, userInfo, mask } of this.#texts[lower(byte)]!) {
        if (!startsWith(buffer, at, end, bytes)) continue;
        if (userInfo && !hasUserInfo(buffer, at + bytes.length, end)) continue;
        if (!notAfter.some((each) => at - each.length >= start && startsWith(buffer, at - each.length, at, each))) {
          found |= mask;
        }
      }
      if (isDigit(byte)) {
        const separator = last === at - 2 && (buffer[at - 1] === 0x20 || buffer[at - 1] === 0x2d);
        if (last === at - 1) {
          count++;
          if ((lengths & 15) < 15) lengths++;
        } else {
          count = separator ? count + 1 : 1;
          lengths = separator ? (lengths & 0xff) << 4 | 1 : 1;
        }
        last = at;
        for (const each of digits) if (count >= each.count) found |= each.mask;
        if (at + 1 === end || !isDigit(buffer[at + 1]!)) {
          for (const each of groups) if (lengths === each.lengths) found |= each.mask;
        }
      } else if (byte > 0x7f) found |= nonAscii;
      else if (byte === 0x5c && isEscape(buffer, at, end)) found |= escape;
      else if (iban !== 0 && isUpper(byte) && isIban(buffer, at, end)) found |= iban;
    }
    return found;
  }
}

function lower(byte: number): number {
  return isUpper(byte) ? byte | 0x20 : byte;
}

function startsWith(buffer: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (at + text.length > end) return false;
  for (let k = 0; k < text.length; k++) if (lower(buffer[at + k]!) !== text[k]) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isEscape(buffer: Uint8Array, at: number, end: number): boolean {
  if (at + 6 > end || buffer[at + 1] !== 0x75) return false;
  for (let k = 2; k < 6; k++) {
    const byte = buffer[at + k]!, letter = byte | 0x20;
    if (!isDigit(byte) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}

function isIban(buffer: Uint8Array, at: number, end: number): boolean {
  if (at + 4 + MIN_BBAN > end || !isUpper(buffer[at + 1]!)) return false;
  if (!isDigit(buffer[at + 2]!) || !isDigit(buffer[at + 3]!)) return false;
  let count = 0;
  for (let k = at + 4; k < end && count < MIN_BBAN; k++) {
    const byte = buffer[k]!;
    if (isDigit(byte) || isUpper(byte)) count++;
    else if (byte !== 0x20 || buffer[k - 1] === 0x20) return false;
  }
  return count >= MIN_BBAN;
}

function hasUserInfo(buffer: Uint8Array, at: number, end: number): boolean {
  for (let k = at; k < Math.min(end, at + 2048); k++) {
    const byte = buffer[k]!;
    if (byte === 0x40) return true;
    if (byte <= 0x20 || "/?#\"'`<>\\".includes(String.fromCharCode(byte))) return false;
  }
  return false;
}
