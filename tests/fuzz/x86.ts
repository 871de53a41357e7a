/** The lengths of x86 instructions, and the returns among them, in any bytes. */
import { ElfError } from "../../bpf/elf/file.ts";
import { findReturns } from "../../bpf/elf/returns.ts";
import { instructionLength } from "../../bpf/elf/x86.ts";
import { hex } from "../protocols/http2/_bytes.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const SEEDS = [
  "55 4889e5 4883ec10 48c745f800000000 b801000000 c9 c3",
  "493b6610 0f8699000000 e8ffffffff 48b8efcdab8967452301 f3c3 90 660f1f440000 c20800",
  "c5f877 c4e37d39c101 62f17c4828c8 67488b0424 a1ffffffffffffffff f20f10c1 0fc7c8 f6c001 f7c001000000",
];

export default {
  name: "x86",
  seeds: SEEDS.map(hex),
  run(data) {
    for (let at = 0; at < data.length; at++) {
      const length = instructionLength(data, at);
      if (!(Number.isInteger(length) && length >= 0 && length <= 15 && at + length <= data.length)) {
        throw new Error(`${length} bytes at ${at}`);
      }
      // What follows an instruction is of no matter, and no part of it is enough.
      if (length > 0 && instructionLength(data.slice(at, at + length), 0) !== length) throw new Error(`cut at ${at}`);
      if (length > 1 && instructionLength(data.slice(at, at + length - 1), 0) !== 0) throw new Error(`part of ${at}`);
    }
    for (const machine of ["x86_64", "aarch64"] as const) {
      try {
        for (const at of findReturns(machine, data)) {
          if (!(at >= 0 && at < data.length)) throw new Error(`returns at ${at} of ${data.length}`);
        }
      } catch (error) {
        if (!(error instanceof ElfError)) throw error;
      }
    }
  },
} satisfies FuzzTarget;
