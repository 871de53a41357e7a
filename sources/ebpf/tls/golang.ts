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
    ...pair(image, write, "go_write_enter", "go_write_exit"),
    ...pair(image, read, "go_read_enter", "go_read_exit"),
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

function pair(image: ElfImage, symbol: ElfSymbol, enter: ProbeProgram, exit: ProbeProgram): Probe[] {
  const offset = image.codeOffsetOf(symbol.address);
  const code = image.readAt(symbol.address, Math.min(symbol.size, MAX_FUNCTION + 1));
  const returns = findReturns(image.machine, code.slice());
  if (offset === undefined || returns.length === 0) throw new ElfError(`${symbol.name} has no return`);
  return [
    { program: enter, onReturn: false, offset },
    ...returns.map((at) => ({ program: exit, onReturn: false, offset: offset + at })),
  ];
}

/**
 * How a function begins that may need more stack: with a look at the goroutine's limit, which since Go 1.17 is at 16
 * bytes from R14 (`cmp 16(R14), SP`, or `lea -n(SP), R12` before it), and on AArch64 at 16 from R28 (`ldr 16(R28),
 * R16`).
 */
const STARTS: Readonly<Record<Machine, (code: Uint8Array) => boolean>> = {
  x86_64: (code) =>
    begins(code, [0x49, 0x3b, 0x66, 0x10]) || begins(code, [0x4c, 0x8d, 0x64, 0x24]) ||
    begins(code, [0x4c, 0x8d, 0xa4, 0x24]),
  aarch64: (code) => begins(code, [0x90, 0x0b, 0x40, 0xf9]),
};

const begins = (code: Uint8Array, start: readonly number[]): boolean => start.every((byte, i) => code[i] === byte);
