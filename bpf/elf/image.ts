/**
 * The header, the segments and the sections of a 64-bit little-endian ELF file. Layout: System V ABI, "Object Files".
 *
 * Everything in the file is taken for a claim: offsets and sizes are held against the file's length, counts against
 * bounds, and what does not fit is left out.
 *
 * @module
 */
import { type ByteFile, ElfError } from "./file.ts";

/** Architectures that probes are made for. */
export type Machine = "x86_64" | "aarch64";

/** A part of the file that is mapped into memory. */
export interface Segment {
  readonly type: number;
  /** `PF_X` 1, `PF_W` 2, `PF_R` 4. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  /** Bytes in the file; in memory there may be more. */
  readonly size: number;
}

/** A named part of the file. */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly entry: number;
  /** Index of a section that this one refers to. */
  readonly link: number;
}

/** Segment types. */
export const PT_LOAD = 1, PT_DYNAMIC = 2;
/** Section types. */
export const SHT_SYMTAB = 2, SHT_NOBITS = 8, SHT_DYNSYM = 11;
/** Segment flags. */
export const PF_X = 1, PF_W = 2;

/** Most segments and sections that are looked at; real files have dozens, those with a section a function thousands. */
const MAX_SEGMENTS = 256, MAX_SECTIONS = 65_536;
/** Sizes of a program header and a section header. */
const SEGMENT_BYTES = 56, SECTION_BYTES = 64;
/** Longest table of section names, and longest name in it. */
const MAX_NAMES = 4 << 20, MAX_NAME = 128;
const MACHINES: Readonly<Record<number, Machine>> = { 62: "x86_64", 183: "aarch64" };

const latin1 = new TextDecoder("latin1");

/** Little-endian view of bytes. */
export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A 64-bit number as a double; what is beyond 2^53 becomes NaN, which fits nowhere. */
export function u64(data: DataView, at: number): number {
  const high = data.getUint32(at + 4, true);
  return high < 1 << 21 ? high * 2 ** 32 + data.getUint32(at, true) : NaN;
}

/** An ELF file's frame. Throws {@linkcode ElfError} when it is none, or none for this use. */
export class ElfImage {
  readonly machine: Machine;
  /** True of a shared object or a position-independent program. */
  readonly relocatable: boolean;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];

  constructor(readonly file: ByteFile) {
    const head = view(file.read(0, 64));
    if (head.byteLength < 64 || head.getUint32(0) !== 0x7f454c46) throw new ElfError("not an ELF file");
    if (head.getUint8(4) !== 2 || head.getUint8(5) !== 1) throw new ElfError("not a 64-bit little-endian ELF file");
    const type = head.getUint16(16, true);
    if (type !== 2 && type !== 3) throw new ElfError("neither a program nor a shared object");
    const machine = MACHINES[head.getUint16(18, true)];
    if (machine === undefined) throw new ElfError("for an architecture that is not supported");
    this.machine = machine;
    this.relocatable = type === 3;
    this.segments = this.#readSegments(u64(head, 32), head.getUint16(54, true), head.getUint16(56, true));
    this.sections = this.#readSections(
      u64(head, 40),
      head.getUint16(58, true),
      head.getUint16(60, true),
      head.getUint16(62, true),
    );
  }

  /** Where in the file the byte at a virtual address is, or undefined if no segment has it. */
  offsetOf(address: number): number | undefined {
    for (const s of this.segments) {
      if (s.type === PT_LOAD && address >= s.address && address < s.address + s.size) {
        return address - s.address + s.offset;
      }
    }
    return undefined;
  }

  /** Where in the file the instruction at a virtual address is; undefined if it is not in an executable segment. */
  codeOffsetOf(address: number): number | undefined {
    for (const s of this.segments) {
      if (s.type === PT_LOAD && (s.flags & PF_X) !== 0 && address >= s.address && address < s.address + s.size) {
        return address - s.address + s.offset;
      }
    }
    return undefined;
  }

  /** The first section of that name that has bytes in the file. */
  section(name: string): Section | undefined {
    return this.sections.find((s) => s.name === name && s.type !== SHT_NOBITS);
  }

  /** Bytes of the file from that of a virtual address on; none if no segment has it. */
  readAt(address: number, length: number): Uint8Array<ArrayBuffer> {
    const offset = this.offsetOf(address);
    return offset === undefined ? new Uint8Array(0) : this.file.read(offset, length);
  }

  #readSegments(offset: number, entry: number, count: number): Segment[] {
    if (entry !== SEGMENT_BYTES || count > MAX_SEGMENTS) throw new ElfError("its program headers make no sense");
    const table = view(this.file.read(offset, entry * count));
    const segments: Segment[] = [];
    for (let at = 0; at + entry <= table.byteLength; at += entry) {
      const segment = {
        type: table.getUint32(at, true),
        flags: table.getUint32(at + 4, true),
        offset: u64(table, at + 8),
        address: u64(table, at + 16),
        size: u64(table, at + 32),
      };
      if (this.#fits(segment.offset, segment.size) && segment.address >= 0) segments.push(segment);
    }
    return segments;
  }

  #readSections(offset: number, entry: number, count: number, names: number): Section[] {
    if (!(offset > 0) || entry !== SECTION_BYTES) return []; // stripped of them
    if (count === 0) { // more than the header has room for: the first section tells
      const first = view(this.file.read(offset, 64));
      if (first.byteLength < 64) return [];
      count = u64(first, 32);
      if (names === 0xffff) names = first.getUint32(40, true);
    }
    if (!(count <= MAX_SECTIONS)) throw new ElfError("more sections than make sense");
    const table = view(this.file.read(offset, entry * count).slice());
    const nameOf = this.#names(table, names * entry);
    const sections: Section[] = [];
    for (let at = 0; at + entry <= table.byteLength; at += entry) {
      const type = table.getUint32(at + 4, true);
      const section = {
        name: nameOf(table.getUint32(at, true)),
        type,
        address: u64(table, at + 16),
        offset: u64(table, at + 24),
        size: u64(table, at + 32),
        link: table.getUint32(at + 40, true),
        entry: u64(table, at + 56),
      };
      const sane = type === SHT_NOBITS || this.#fits(section.offset, section.size);
      sections.push(sane ? section : { ...section, type: SHT_NOBITS }); // indexes must stay
    }
    return sections;
  }

  #names(table: DataView, at: number): (from: number) => string {
    if (at + SECTION_BYTES > table.byteLength) return () => "";
    const offset = u64(table, at + 24), size = u64(table, at + 32);
    if (!this.#fits(offset, size) || size > MAX_NAMES) return () => "";
    const bytes = this.file.read(offset, size).slice();
    return (from) => {
      const name = bytes.subarray(from, from + MAX_NAME);
      return latin1.decode(name.subarray(0, Math.max(0, name.indexOf(0))));
    };
  }

  #fits(offset: number, size: number): boolean {
    return offset >= 0 && size >= 0 && offset + size <= this.file.size;
  }
}
