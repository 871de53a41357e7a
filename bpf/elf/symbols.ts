/**
 * Functions by name in a symbol table, without reading the table's names one by one: large programs have half a
 * million.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type ElfImage, type Section, SHT_NOBITS, u64, view } from "./image.ts";
import type { Pace } from "./pace.ts";
import { occurrences } from "./scan.ts";

/** A function. */
export interface ElfSymbol {
  readonly name: string;
  /** Virtual address of its first instruction. */
  readonly address: number;
  /** Bytes; 0 if the table does not say. */
  readonly size: number;
}

/** Bytes of a table entry (`Elf64_Sym`). */
export const SYM_BYTES = 24;
/** Longest name looked at. Rust's are the longest. */
const MAX_NAME = 1024;
/** Most places of wanted names; a hostile table could have millions. */
const MAX_PLACES = 4096;
/** Largest table, of symbols or of their names, that is searched. Those of the largest programs have some 100 MiB. */
const MAX_TABLE = 512 << 20;
/** Entries looked at in one go. */
const CHUNK_ENTRIES = 1 << 15;

/** A function that is in this image, as one entry of a symbol table tells; undefined for any other entry. */
export function functionAt(entry: DataView, at: number): { address: number; size: number } | undefined {
  if ((entry.getUint8(at + 4) & 15) !== 2 || entry.getUint16(at + 6, true) === 0) return undefined; // STT_FUNC, defined
  const address = u64(entry, at + 8), size = u64(entry, at + 16);
  return address > 0 ? { address, size: size >= 0 ? size : 0 } : undefined;
}

/** The functions of those names in `.symtab` or `.dynsym`; of several with one name, the first. */
export async function findNamed(
  image: ElfImage,
  table: Section,
  names: readonly string[],
  pace: Pace,
): Promise<Map<string, ElfSymbol>> {
  const places = new Map<number, string>();
  const strings = stringsOf(image, table);
  if (strings === undefined) return new Map();
  // A linker may let one name be the end of another, so what stands before is of no matter
  const needles = names.map((name) => Buffer.from(name + "\0", "latin1"));
  await occurrences(image.file, strings, needles, pace, ({ needle, offset }) => {
    places.set(offset - strings.offset, names[needle]!);
    return places.size >= MAX_PLACES;
  });
  return await functionsNamedAt(image, table, places, pace);
}

/**
 * The functions whose names contain one of the fragments, by what `nameOf` calls them; it gives undefined for others.
 */
export async function findMatching(
  image: ElfImage,
  table: Section,
  fragments: readonly string[],
  nameOf: (mangled: string) => string | undefined,
  pace: Pace,
): Promise<Map<string, ElfSymbol>> {
  const places = new Map<number, string>();
  const strings = stringsOf(image, table);
  if (strings === undefined) return new Map();
  const needles = fragments.map((fragment) => Buffer.from(fragment, "latin1"));
  await occurrences(image.file, strings, needles, pace, ({ offset, chunk, at }) => {
    const limit = Math.max(0, at - MAX_NAME);
    const start = limit + chunk.subarray(limit, at).lastIndexOf(0) + 1;
    const length = chunk.subarray(start, start + MAX_NAME).indexOf(0);
    if (length < 0) return;
    const text = chunk.toString("latin1", start, start + length);
    const name = nameOf(text);
    if (name !== undefined) places.set(offset - (at - start) - strings.offset, name);
    return places.size >= MAX_PLACES;
  }, MAX_NAME);
  return await functionsNamedAt(image, table, places, pace);
}

/** The table that a symbol table's names are in. */
function stringsOf(image: ElfImage, table: Section): Section | undefined {
  const strings = image.sections[table.link];
  if (strings === undefined || strings.type === SHT_NOBITS || table.entry !== SYM_BYTES) return undefined;
  return Math.max(strings.size, table.size) > MAX_TABLE ? undefined : strings;
}

async function functionsNamedAt(
  image: ElfImage,
  table: Section,
  places: ReadonlyMap<number, string>,
  pace: Pace,
): Promise<Map<string, ElfSymbol>> {
  const found = new Map<string, ElfSymbol>();
  if (places.size === 0) return found;
  const step = CHUNK_ENTRIES * SYM_BYTES;
  for (let from = 0; from < table.size; from += step) {
    const entries = view(image.file.read(table.offset + from, Math.min(step, table.size - from)));
    for (let at = 0; at + SYM_BYTES <= entries.byteLength; at += SYM_BYTES) {
      const name = places.get(entries.getUint32(at, true));
      if (name === undefined || found.has(name)) continue;
      const symbol = functionAt(entries, at);
      if (symbol !== undefined) found.set(name, { name, ...symbol });
    }
    await pace.rest();
  }
  return found;
}
