/**
 * Finding references and making patterns in x86-64 code, without a disassembler.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type Architecture, bytesLike, type Code, isLine } from "./code.ts";

/** `push rbp; mov rbp, rsp` */
const PROLOGUE = "\x55\x48\x89\xe5";
/** Opcodes of `mov r32, imm32` for the registers that a reason is passed in. */
const MOV_EDX = 0xba, MOV_ESI = 0xbe;
/** Opcode of `lea`, behind its prefix. */
const LEA = 0x8d;

/** x86-64. */
export const X86_64: Architecture = {
  references(code, address) {
    const found: number[] = [];
    const absolute = Buffer.alloc(4);
    absolute.writeUInt32LE(address);
    for (let at = code.bytes.indexOf(absolute); at >= 0; at = code.bytes.indexOf(absolute, at + 1)) found.push(at);
    for (
      let at = code.bytes.indexOf(LEA);
      at >= 0 && at + 6 <= code.bytes.length;
      at = code.bytes.indexOf(LEA, at + 1)
    ) {
      const ripRelative = (code.bytes[at + 1]! & 0xc7) === 5;
      if (ripRelative && target(code, at + 6) === address) found.push(at + 2);
    }
    return found;
  },

  start(code, at) {
    let start = at;
    do start = code.text.lastIndexOf(PROLOGUE, start - 1); while (start > 0 && code.address(start) % 16 !== 0);
    return start >= 0 && at - start < 8192 ? start : undefined;
  },

  constants(code, at) {
    const around = code.bytes.subarray(Math.max(0, at - 26), at + 26);
    const found: number[] = [];
    for (let i = 0; i + 5 <= around.length; i++) {
      if (around[i] === MOV_EDX || around[i] === MOV_ESI) found.push(around.readUInt32LE(i + 1));
    }
    return found;
  },

  free: [bytesLike("48 8b 03 48 85 c0 74 ?? 48 89 df ff 50 10")],
  consumes: bytesLike("48 01 ?? 80 00 00 00"),

  pattern(code, at, length) {
    const digits = code.digits(at, length);
    const hide = (from: number, count: number): void => void digits.fill("??", from, Math.min(from + count, length));
    for (let i = 0; i + 6 <= length; i++) {
      const byte = code.bytes[at + i]!, next = code.bytes[at + i + 1]!;
      const immediate = code.bytes.readUInt32LE(at + i + 1);
      if (byte === 0xe8 && isFunction(code, target(code, at + i + 5))) hide(i + 1, 4); // call
      else if (byte === 0xff && next === 0x15) hide(i + 2, 4); // call through the GOT
      else if (byte === 0x0f && (next & 0xf0) === 0x80) hide(i + 2, 4); // conditional jump
      else if (byte >= 0xb8 && byte <= 0xbf && (code.maps(immediate) || isLine(immediate))) hide(i + 1, 4); // mov
      else continue;
      i += 4;
    }
    return digits;
  },
};

const isFunction = (code: Code, address: number): boolean => address % 16 === 0 && code.maps(address);
/** The address that the 32-bit displacement before `end` refers to. */
const target = (code: Code, end: number): number => code.address(end) + code.bytes.readInt32LE(end - 4);
