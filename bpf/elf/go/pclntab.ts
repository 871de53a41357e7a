/**
 * Functions by name in Go's own table, which its runtime needs and `strip` therefore leaves. Format: Go's
 * `debug/gosym/pclntab.go` and `runtime/symtab.go`; headers of Go 1.16 (of use here: 1.17), 1.18 and 1.20.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type ElfImage, PF_W, PT_LOAD, u64, view } from "../image.ts";
import type { Pace } from "../pace.ts";
import { occurrences, type Range } from "../scan.ts";
import type { ElfSymbol } from "../symbols.ts";
import { pointersAt } from "./pointers.ts";

/** First words of the table. */
const GO_1_16 = 0xfffffffa, GO_1_18 = 0xfffffff0, GO_1_20 = 0xfffffff1;
/** Header: magic, 0, 0, instruction quantum, pointer size; then words of 8 bytes. */
const HEADER = 72;
/** Most functions that a table is believed to have; the largest programs have some 500,000. */
const MAX_FUNCTIONS = 4 << 20;
/** Most bytes searched for a table that no section names, and most places tried of those that look like one. */
const MAX_SEARCH = 512 << 20, MAX_TABLES = 16;
/** Functions looked at between two rests. */
const STEP = 8192;
/** Words before `text` in `runtime.moduledata`: a pointer, six slices, three words. */
const MODULE_TEXT = 22 * 8;

interface Table {
  readonly offset: number;
  readonly size: number;
  readonly old: boolean;
  readonly count: number;
  /** Offsets in the file. */
  readonly names: Range;
  readonly functions: number;
  /** Where the code may begin, that function addresses count from; 0 alone where they are absolute. */
  readonly bases: readonly number[];
}

/**
 * The functions of those names. Where Go's code begins is not always told; `starts` says whether the bytes at an
 * address can be the start of such a function, and only an answer for which all do is given.
 */
export async function findGoFunctions(
  image: ElfImage,
  names: readonly string[],
  starts: (code: Uint8Array) => boolean,
  pace: Pace,
): Promise<Map<string, ElfSymbol>> {
  const table = await findTable(image, pace);
  if (table === undefined) return new Map();
  const places = await findNames(image, table, names, pace);
  if (places.size === 0) return new Map();
  const found = await findEntries(image, table, places, pace);
  for (const base of table.bases) {
    const moved = found.map((f) => ({ ...f, address: f.address + base }));
    const right = moved.every(({ address }) => {
      const offset = image.codeOffsetOf(address);
      return offset !== undefined && starts(image.file.read(offset, 16));
    });
    if (right) return new Map(moved.map((f) => [f.name, f]));
  }
  return new Map();
}

async function findTable(image: ElfImage, pace: Pace): Promise<Table | undefined> {
  const section = image.section(".gopclntab") ?? image.section(".data.rel.ro.gopclntab");
  if (section !== undefined) return await readTable(image, section, pace);
  // No sections: the table begins with one of three words, two zero bytes, the quantum and the pointer size
  const quantum = image.machine === "x86_64" ? 1 : 4;
  const needles = [GO_1_16, GO_1_18, GO_1_20].map((magic) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(magic);
    bytes.set([0, 0, quantum, 8], 4);
    return bytes;
  });
  let left = MAX_SEARCH;
  for (const segment of image.segments) {
    if (segment.type !== PT_LOAD) continue;
    const size = Math.min(segment.size, left);
    left -= size;
    const starts: number[] = [];
    await occurrences(image.file, { offset: segment.offset, size }, needles, pace, ({ offset }) => {
      starts.push(offset);
      return starts.length >= MAX_TABLES;
    });
    for (const offset of starts) {
      const table = await readTable(image, { offset, size: segment.offset + segment.size - offset }, pace);
      if (table !== undefined) return table;
    }
  }
  return undefined;
}

async function readTable(image: ElfImage, { offset, size }: Range, pace: Pace): Promise<Table | undefined> {
  const head = view(image.file.read(offset, HEADER).slice());
  if (head.byteLength < HEADER || head.getUint16(4, true) !== 0 || head.getUint8(7) !== 8) return undefined;
  const magic = head.getUint32(0, true);
  const old = magic === GO_1_16;
  if (!old && magic !== GO_1_18 && magic !== GO_1_20) return undefined;
  const word = (n: number): number => u64(head, 8 + n * 8);
  const count = word(0);
  const [names, after, functions] = old ? [word(2), word(3), word(6)] : [word(3), word(4), word(7)];
  const fields = (count * 2 + 1) * (old ? 8 : 4);
  if (!(count > 0 && count <= MAX_FUNCTIONS && names < after && after <= size && functions + fields <= size)) {
    return undefined;
  }
  return {
    offset,
    size,
    old,
    count,
    names: { offset: offset + names, size: after - names },
    functions: offset + functions,
    bases: old ? [0] : await bases(image, offset, word(2), pace),
  };
}

/**
 * Until Go 1.25 the header tells, and from 1.26 on the module's data; a relocation may have the value. Else `.text`.
 */
async function bases(image: ElfImage, table: number, told: number, pace: Pace): Promise<number[]> {
  const found: number[] = told > 0 ? [told] : [];
  const module = image.section(".go.module");
  const segment = image.segments.find((s) => s.type === PT_LOAD && table >= s.offset && table < s.offset + s.size);
  const pointers = [];
  if (segment !== undefined) pointers.push(table - segment.offset + segment.address + 24);
  if (module !== undefined && module.size > MODULE_TEXT) pointers.push(module.address + MODULE_TEXT);
  found.push(...await pointersAt(image, pointers, pace));
  const text = image.section(".text");
  if (text !== undefined) found.push(text.address);
  for (const s of image.segments) {
    if (s.type === PT_LOAD && (s.flags & PF_W) === 0) found.push(s.address, s.address + 0x1000);
  }
  return [...new Set(found)];
}

async function findNames(
  image: ElfImage,
  table: Table,
  names: readonly string[],
  pace: Pace,
): Promise<Map<number, string>> {
  const places = new Map<number, string>();
  const needles = names.map((name) => Buffer.from(`\0${name}\0`, "latin1"));
  await occurrences(image.file, table.names, needles, pace, ({ needle, offset }) => {
    places.set(offset + 1 - table.names.offset, names[needle]!);
    return places.size === names.length;
  });
  return places;
}

/** Their addresses without the base. */
async function findEntries(
  image: ElfImage,
  table: Table,
  places: ReadonlyMap<number, string>,
  pace: Pace,
): Promise<ElfSymbol[]> {
  const found: ElfSymbol[] = [];
  const field = table.old ? 8 : 4;
  let last = 0;
  for (let first = 0; first < table.count && found.length < places.size; first += STEP) {
    const rows = Math.min(STEP, table.count - first);
    // Pairs of entry address and place of the function's data, and the next one's address for the last one's end
    const pairs = view(image.file.read(table.functions + first * 2 * field, (rows * 2 + 1) * field).slice());
    const at = (n: number): number => table.old ? u64(pairs, n * 8) : pairs.getUint32(n * 4, true);
    if (pairs.byteLength < (rows * 2 + 1) * field) return found;
    for (let row = 0; row < rows; row++) {
      const place = at(row * 2 + 1);
      if (!(place >= last)) return []; // they are in order, which keeps the reads few
      last = place;
      const data = image.file.read(table.functions + place + field, 4); // behind the entry: the name's place
      if (data.length < 4) continue;
      const name = places.get((data[0]! | data[1]! << 8 | data[2]! << 16 | data[3]! << 24) >>> 0);
      if (name === undefined) continue;
      const address = at(row * 2), size = at(row * 2 + 2) - address;
      if (size > 0) found.push({ name, address, size });
    }
    await pace.rest();
  }
  return found;
}
