/**
 * Go's `crypto/tls`. Go moves and shrinks stacks, which return probes do not survive: the probes for returns stand on
 * the return instructions themselves.
 *
 * @module
 */
import { goMinor, goVersion } from "../../../bpf/elf/go/build_info.ts";
import { findGoFunctions } from "../../../bpf/elf/go/pclntab.ts";
import { ElfError } from "../../../bpf/elf/file.ts";
import type { ElfImage, Machine } from "../../../bpf/elf/image.ts";
import type { Pace } from "../../../bpf/elf/pace.ts";
import { instructionLength } from "../../../bpf/elf/x86.ts";
import { findReturns, MAX_FUNCTION } from "../../../bpf/elf/returns.ts";
import { type ElfSymbol, findNamed } from "../../../bpf/elf/symbols.ts";
import type { Examined } from "./examined.ts";
import type { Probe, ProbeProgram } from "./types.ts";

const WRITE = "crypto/tls.(*Conn).Write", READ = "crypto/tls.(*Conn).Read", CLOSE = "crypto/tls.(*Conn).Close";
const NAMES = [WRITE, READ, CLOSE];
/** The first minor version of Go 1 that passes arguments in registers (Go's `internal/buildcfg`). */
const REGISTERS: Readonly<Record<Machine, number>> = { x86_64: 17, aarch64: 18 };

/** Examines a file; undefined if it is no Go program. */
export async function examineGo(image: ElfImage, pace: Pace): Promise<Examined | undefined> {
  const version = goVersion(image);
  if (version === undefined) return undefined;
  const functions = await find(image, pace);
  const write = functions.get(WRITE), read = functions.get(READ), close = functions.get(CLOSE);
  if (write === undefined || read === undefined) return { tls: undefined };
  const minor = goMinor(version);
  if (minor !== undefined && minor < REGISTERS[image.machine]) {
    return {
      tls: undefined,
      note: `it was built with ${version}, and what crypto/tls sends is seen from go1.${
        REGISTERS[image.machine]
      } on only`,
    };
  }
  const probes = [
    beginning(image, write, "go_write"),
    beginning(image, read, "go_read_enter"),
    ...returns(image, read, "go_read_exit"),
  ];
  const closing = close && image.codeOffsetOf(close.address);
  if (closing !== undefined) probes.push({ program: "go_close", onReturn: false, offset: closing });
  return { tls: { library: "go", version: /go\d[\w.]*/.exec(version)?.[0], probes } };
}

async function find(image: ElfImage, pace: Pace): Promise<Map<string, ElfSymbol>> {
  const table = image.section(".symtab");
  const symbols = table && await findNamed(image, table, NAMES, pace);
  if (symbols?.has(WRITE) && symbols.has(READ)) return symbols;
  return await findGoFunctions(image, NAMES, STARTS[image.machine], pace);
}

/** A probe where the function has its arguments. */
function beginning(image: ElfImage, symbol: ElfSymbol, program: ProbeProgram): Probe {
  const offset = image.codeOffsetOf(symbol.address);
  if (offset === undefined) throw new ElfError(`${symbol.name} has no code`);
  const code = image.readAt(symbol.address, Math.min(symbol.size, PROLOGUE));
  return { program, onReturn: false, offset: offset + entry(image.machine, code) };
}

/** A probe on each of the function's return instructions. */
function returns(image: ElfImage, symbol: ElfSymbol, program: ProbeProgram): Probe[] {
  const offset = image.codeOffsetOf(symbol.address);
  const code = image.readAt(symbol.address, Math.min(symbol.size, MAX_FUNCTION + 1));
  const found = findReturns(image.machine, code.slice());
  if (offset === undefined || found.length === 0) throw new ElfError(`${symbol.name} has no return`);
  return found.map((at) => ({ program, onReturn: false, offset: offset + at }));
}

/** More bytes than a function's look at the stack's limit takes. */
const PROLOGUE = 32;

/**
 * Where a function's arguments are still in their registers and a probe costs least. On x86-64 that is at its `push
 * %rbp` behind the look at the stack's limit: the kernel does that one instruction itself (`push_setup_xol_ops` in
 * `arch/x86/kernel/uprobes.c`), and steps through others, which takes twice as long. A function that begins otherwise (so
 * do those of Go before 1.21) is probed at its first byte.
 */
function entry(machine: Machine, code: Uint8Array): number {
  if (machine !== "x86_64") return 0;
  let at = begins(code, CMP_LIMIT) ? CMP_LIMIT.length : 0;
  if (at === 0) {
    const lea = instructionLength(code, 0);
    if (!begins(code, LEA_SHORT) && !begins(code, LEA_LONG) || !begins(code.subarray(lea), CMP_LIMIT_R12)) return 0;
    at = lea + CMP_LIMIT_R12.length;
  }
  if (code[at] === 0x76) at += 2; // jbe rel8
  else if (code[at] === 0x0f && code[at + 1] === 0x86) at += 6; // jbe rel32
  else return 0;
  return code[at] === 0x55 ? at : 0;
}

/** `cmp 16(%r14), %rsp`; `lea -n(%rsp), %r12` with a distance of one byte and of four, and `cmp 16(%r14), %r12` behind it. */
const CMP_LIMIT = [0x49, 0x3b, 0x66, 0x10], CMP_LIMIT_R12 = [0x4d, 0x3b, 0x66, 0x10];
const LEA_SHORT = [0x4c, 0x8d, 0x64, 0x24], LEA_LONG = [0x4c, 0x8d, 0xa4, 0x24];

/**
 * How a function begins that may need more stack: with a look at the goroutine's limit, which since Go 1.17 is at 16
 * bytes from R14 (`cmp 16(R14), SP`, or `lea -n(SP), R12` before it), and on AArch64 at 16 from R28 (`ldr 16(R28),
 * R16`).
 */
const STARTS: Readonly<Record<Machine, (code: Uint8Array) => boolean>> = {
  x86_64: (code) => begins(code, CMP_LIMIT) || begins(code, LEA_SHORT) || begins(code, LEA_LONG),
  aarch64: (code) => begins(code, [0x90, 0x0b, 0x40, 0xf9]),
};

const begins = (code: Uint8Array, start: readonly number[]): boolean => start.every((byte, i) => code[i] === byte);
