/** The reader of ELF files under any bytes: it finds functions within the file, or refuses it by an ElfError. */
import { DynamicSymbols } from "../../bpf/elf/dynamic.ts";
import { ElfError, MemoryFile } from "../../bpf/elf/file.ts";
import { goVersion } from "../../bpf/elf/go/build_info.ts";
import { findGoFunctions } from "../../bpf/elf/go/pclntab.ts";
import { ElfImage, SHT_DYNSYM, SHT_SYMTAB } from "../../bpf/elf/image.ts";
import { Pace } from "../../bpf/elf/pace.ts";
import { type ElfSymbol, findMatching, findNamed } from "../../bpf/elf/symbols.ts";
import { examine } from "../../sources/ebpf/tls/examine.ts";
import { elfFile, GO_NAME, NAMES } from "./_elf.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const whole = elfFile();
const found = await read(whole);
if (found.length !== 3 * NAMES.length + 3) throw new Error(`the seed gives ${JSON.stringify(found)}`);

/** All functions that are found in a file, and what Go it is. */
async function read(bytes: Uint8Array): Promise<(ElfSymbol | string)[]> {
  const image = new ElfImage(new MemoryFile(Uint8Array.from(bytes))), pace = new Pace();
  const all: (ElfSymbol | string)[] = [];
  const dynamic = new DynamicSymbols(image);
  for (const name of NAMES) {
    const symbol = dynamic.find(name);
    if (symbol !== undefined) all.push(symbol);
  }
  for (const table of image.sections) {
    if (table.type !== SHT_SYMTAB && table.type !== SHT_DYNSYM) continue;
    all.push(...(await findNamed(image, table, NAMES, pace)).values());
    const nameOf = (mangled: string) => mangled === NAMES[1] ? "write" : undefined;
    if (table.type === SHT_SYMTAB) all.push(...(await findMatching(image, table, ["write"], nameOf, pace)).values());
  }
  all.push(...(await findGoFunctions(image, [GO_NAME], () => true, pace)).values());
  const version = goVersion(image);
  return version === undefined ? all : [...all, version];
}

async function refused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
  }
}

export default {
  name: "elf",
  seeds: [whole, whole.subarray(0, 1400)],
  async run(data) {
    await refused(() => examine(new MemoryFile(data), new Pace()));
    await refused(async () => {
      for (const symbol of await read(data)) {
        if (typeof symbol === "string") continue;
        const { address, size } = symbol;
        if (!(address >= 0 && size >= 0)) throw new Error(`${JSON.stringify(symbol)}`);
      }
    });
  },
} satisfies FuzzTarget;
