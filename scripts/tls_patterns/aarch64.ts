/**
 * Finding references and making patterns in arm64 code. Encodings: Arm Architecture Reference Manual, C4.1.
 *
 * @module
 */
import { type Architecture, bytesLike, isLine } from "./code.ts";

/** arm64. */
export const AARCH64: Architecture = {
  references(code, address) {
    const found: number[] = [];
    const words = new Uint32Array(code.bytes.buffer, code.bytes.byteOffset, code.bytes.length >> 2);
    words.forEach((word, k) => {
      if (!isAdrp(word) || pageOf(word, code.address(k * 4)) !== Math.floor(address / 4096)) return;
      for (const next of words.subarray(k + 1, k + 12)) {
        if (isAdd(next) && readsResult(next, word) && ((next >>> 10) & 0xfff) === address % 4096) found.push(k * 4);
      }
    });
    return found;
  },

  start(code, at) {
    for (let start = at & ~15; start >= 0 && at - start < 8192; start -= 16) {
      const word = code.bytes.readUInt32LE(start);
      if (isPrologue(word)) return start;
    }
    return undefined;
  },

  constants(code, at) {
    const found: number[] = [];
    for (let i = at; i < at + 28 && i + 4 <= code.bytes.length; i += 4) {
      const word = code.bytes.readUInt32LE(i);
      if (isMovz(word)) found.push((word >>> 5) & 0xffff);
    }
    return found;
  },

  free: [
    bytesLike("68 02 40 f9 ?? ?? 00 b4 08 09 40 f9 e0 03 13 aa 00 01 3f d6"),
    bytesLike("68 02 40 f9 ?? ?? 00 b4 e0 03 13 aa 08 09 40 f9 00 01 3f d6"),
  ],
  consumes: bytesLike("0a 41 40 f9 09 45 00 f9 4a 01 13 8b"),

  pattern(code, at, length) {
    const digits = code.digits(at, length);
    let last = 0;
    for (let i = 0; i + 4 <= length; i += 4) {
      const word = code.bytes.readUInt32LE(at + i);
      if (isCall(word) || isAdrp(word)) digits.fill("??", i, i + 4);
      else if (isAdrp(last) && readsResult(word, last)) digits.fill("??", i, i + 4); // linkers rewrite the pair
      else if ((isMovz(word) && isLine((word >>> 5) & 0xffff)) || leaves(word, i, length)) digits.fill("??", i, i + 3);
      last = word;
    }
    return digits;
  },
};

const isCall = (word: number): boolean => word >>> 26 === 0x25;
const isAdrp = (word: number): boolean => (word & 0x9f000000) >>> 0 === 0x90000000;
/** `add x, x, #n` */
const isAdd = (word: number): boolean => word >>> 22 === 0x244;
/** `movz w, #n` */
const isMovz = (word: number): boolean => word >>> 21 === 0x294;
/** `stp x29, x30, [sp, #-n]!` or `sub sp, sp, #n` */
const isPrologue = (word: number): boolean =>
  (word & 0xffc07fff) >>> 0 === 0xa9807bfd || (word & 0xffc003ff) >>> 0 === 0xd10003ff;
/** True if an instruction with one source takes it from the register that the other writes. */
const readsResult = (word: number, other: number): boolean => ((word >>> 5) & 31) === (other & 31);
/** The 4 KiB page that `adrp` at the address gives. */
const pageOf = (word: number, address: number): number =>
  Math.floor(address / 4096) + ((((word >>> 5) & 0x7ffff) << 2 | (word >>> 29) & 3) << 11 >> 11);

/** True of `cbz`, `cbnz` and `b.cond` out of the pattern. */
function leaves(word: number, at: number, length: number): boolean {
  if ((word & 0x7e000000) !== 0x34000000 && word >>> 24 !== 0x54) return false;
  const to = at + (word << 8 >> 13) * 4;
  return to < 0 || to >= length;
}
