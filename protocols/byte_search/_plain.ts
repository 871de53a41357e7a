/**
 * The search in plain TypeScript.
 *
 * @module
 */
import type { Needles } from "./needle.ts";

interface Text {
  readonly bytes: Uint8Array;
  readonly mask: number;
}

/** Looks at every byte by itself. */
export class PlainSearch {
  /** By first byte, both cases. */
  readonly #texts: (readonly Text[] | undefined)[] = new Array(256).fill(undefined);
  readonly #digits: readonly (readonly [count: number, mask: number])[];
  readonly #nonAscii: number;
  readonly #escape: number;

  constructor(needles: Needles) {
    const byFirst = new Map<number, Text[]>();
    for (const [text, mask] of needles.texts) {
      const bytes = new TextEncoder().encode(text);
      for (const first of new Set([text.charCodeAt(0), text.toUpperCase().charCodeAt(0)])) {
        const list = byFirst.get(first) ?? [];
        list.push({ bytes, mask });
        byFirst.set(first, list);
      }
    }
    for (const [first, list] of byFirst) this.#texts[first] = list;
    this.#digits = [...needles.digits];
    this.#nonAscii = needles.nonAscii;
    this.#escape = needles.escape;
  }

  search(buffer: Uint8Array, start: number, end: number): number {
    let found = 0, digits = 0, last = -2;
    for (let at = start; at < end; at++) {
      const byte = buffer[at]!;
      const texts = this.#texts[byte];
      if (texts !== undefined) {
        for (const { bytes, mask } of texts) if (startsWith(buffer, at, end, bytes)) found |= mask;
      }
      if (isDigit(byte)) {
        const joined = last === at - 1 || (last === at - 2 && (buffer[at - 1] === 0x20 || buffer[at - 1] === 0x2d));
        digits = joined ? digits + 1 : 1;
        last = at;
        for (const [count, mask] of this.#digits) if (digits >= count) found |= mask;
      } else if (byte > 0x7f) found |= this.#nonAscii;
      else if (byte === 0x5c && this.#escape !== 0 && isEscape(buffer, at, end)) found |= this.#escape;
    }
    return found;
  }
}

function startsWith(buffer: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (at + text.length > end) return false;
  for (let k = 0; k < text.length; k++) {
    const byte = buffer[at + k]!;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== text[k]) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isEscape(buffer: Uint8Array, at: number, end: number): boolean {
  if (at + 6 > end || buffer[at + 1] !== 0x75) return false;
  for (let k = 2; k < 6; k++) {
    const byte = buffer[at + k]!, letter = byte | 0x20;
    if (!isDigit(byte) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}
