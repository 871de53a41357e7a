/**
 * Where a function returns: the places of its return instructions. A probe in the middle of an instruction would
 * corrupt the program, so nothing is told of code that cannot be decoded from its first byte to its last.
 *
 * @module
 */
import { ElfError } from "./file.ts";
import type { Machine } from "./image.ts";
import { instructionLength } from "./x86.ts";

/** Longest function that is decoded, in bytes. Go's `(*Conn).Write` has about 2,000. */
export const MAX_FUNCTION = 64 << 10;
/** AArch64 `RET X30` (Arm ARM, C6.2 RET). */
const RET_X30 = 0xd65f03c0;

/**
 * Offsets from the start of `code` of every return instruction in it. Throws {@linkcode ElfError} if it cannot be
 * decoded.
 */
export function findReturns(machine: Machine, code: Uint8Array): number[] {
  if (code.length > MAX_FUNCTION) throw new ElfError("the function is too long to be decoded");
  return machine === "aarch64" ? aarch64(code) : x86(code);
}

function aarch64(code: Uint8Array): number[] {
  const words = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const found: number[] = [];
  for (let at = 0; at + 4 <= code.length; at += 4) if (words.getUint32(at, true) === RET_X30) found.push(at);
  return found;
}

function x86(code: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at < code.length;) {
    const length = instructionLength(code, at);
    if (length === 0) throw new ElfError(`the code cannot be decoded at byte ${at} of the function`);
    if (isReturn(code, at)) found.push(at);
    at += length;
  }
  return found;
}

/** A near return, with the prefixes that compilers write: `ret`, `ret n`, `repz ret`, `bnd ret`. */
function isReturn(code: Uint8Array, at: number): boolean {
  while (code[at] === 0xf3 || code[at] === 0xf2) at++;
  return code[at] === 0xc3 || code[at] === 0xc2;
}
