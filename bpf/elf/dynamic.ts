/**
 * Exported functions by name, through the hash table that the dynamic linker uses: a few reads however large the file
 * is, and there also when the section headers are gone. Layouts: System V ABI "Hash Table"; for `.gnu.hash` glibc's
 * `elf/dl-lookup.c`.
 *
 * @module
 */
import { type ElfImage, PT_DYNAMIC, u64, view } from "./image.ts";
import { type ElfSymbol, functionAt, SYM_BYTES } from "./symbols.ts";

const DT_HASH = 4, DT_STRTAB = 5, DT_SYMTAB = 6, DT_GNU_HASH = 0x6ffffef5;
/** Most entries of the dynamic table that are read. */
const MAX_TAGS = 1024;
/** Longest chain followed in a hash table: real ones have a handful. */
const MAX_CHAIN = 512;

/** Exported functions of an image. */
export class DynamicSymbols {
  readonly #image: ElfImage;
  readonly #tags: ReadonlyMap<number, number>;

  constructor(image: ElfImage) {
    this.#image = image;
    this.#tags = readTags(image);
  }

  /** The function of that name, if the image defines and exports it. */
  find(name: string): ElfSymbol | undefined {
    const gnu = this.#tags.get(DT_GNU_HASH);
    if (gnu !== undefined) return this.#byGnuHash(gnu, name);
    const hash = this.#tags.get(DT_HASH);
    return hash === undefined ? undefined : this.#byHash(hash, name);
  }

  #byGnuHash(table: number, name: string): ElfSymbol | undefined {
    const head = this.#words(table, 4);
    const [buckets, first, bloomWords, bloomShift] = [head.at(0), head.at(1), head.at(2), head.at(3)];
    if (!buckets || first === undefined || !bloomWords || bloomShift === undefined) return undefined;
    const hash = gnuHash(name);
    const bloom = this.#words(table + 16 + ((hash >>> 6) % bloomWords) * 8, 2);
    const bit = (n: number): number => ((bloom[(n >>> 5) & 1] ?? 0) >>> (n & 31)) & 1;
    if ((bit(hash) & bit(hash >>> bloomShift)) === 0) return undefined;
    const bucketsAt = table + 16 + bloomWords * 8;
    const start = this.#words(bucketsAt + (hash % buckets) * 4, 1)[0];
    if (start === undefined || start < first) return undefined;
    const chain = this.#words(bucketsAt + buckets * 4 + (start - first) * 4, MAX_CHAIN);
    for (let i = 0; i < chain.length; i++) {
      const link = chain[i]!;
      if ((link | 1) === (hash | 1)) {
        const symbol = this.#symbol(start + i, name);
        if (symbol !== undefined) return symbol;
      }
      if (link & 1) break;
    }
    return undefined;
  }

  #byHash(table: number, name: string): ElfSymbol | undefined {
    const [buckets, chains] = this.#words(table, 2);
    if (!buckets || !chains) return undefined;
    let index = this.#words(table + 8 + (systemVHash(name) % buckets) * 4, 1)[0] ?? 0;
    for (let steps = 0; index !== 0 && index < chains && steps < MAX_CHAIN; steps++) {
      const symbol = this.#symbol(index, name);
      if (symbol !== undefined) return symbol;
      index = this.#words(table + 8 + (buckets + index) * 4, 1)[0] ?? 0;
    }
    return undefined;
  }

  #symbol(index: number, name: string): ElfSymbol | undefined {
    const symbols = this.#tags.get(DT_SYMTAB), strings = this.#tags.get(DT_STRTAB);
    if (symbols === undefined || strings === undefined) return undefined;
    const entry = view(this.#image.readAt(symbols + index * SYM_BYTES, SYM_BYTES).slice());
    if (entry.byteLength < SYM_BYTES) return undefined;
    const text = this.#image.readAt(strings + entry.getUint32(0, true), name.length + 1);
    if (text.length <= name.length || text[name.length] !== 0) return undefined;
    for (let i = 0; i < name.length; i++) if (text[i] !== name.charCodeAt(i)) return undefined;
    const symbol = functionAt(entry, 0);
    return symbol === undefined ? undefined : { name, ...symbol };
  }

  #words(address: number, count: number): Uint32Array {
    const bytes = this.#image.readAt(address, count * 4);
    return new Uint32Array(bytes.slice(0, bytes.length & ~3).buffer);
  }
}

function readTags(image: ElfImage): Map<number, number> {
  const tags = new Map<number, number>();
  const segment = image.segments.find((s) => s.type === PT_DYNAMIC);
  if (segment === undefined) return tags;
  const table = view(image.file.read(segment.offset, Math.min(segment.size, MAX_TAGS * 16)));
  for (let at = 0; at + 16 <= table.byteLength; at += 16) {
    const tag = u64(table, at);
    if (tag === 0) break;
    if (!tags.has(tag)) tags.set(tag, u64(table, at + 8));
  }
  return tags;
}

function gnuHash(name: string): number {
  let hash = 5381;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 33) + name.charCodeAt(i)) >>> 0;
  return hash;
}

function systemVHash(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) {
    hash = ((hash << 4) + name.charCodeAt(i)) >>> 0;
    const high = hash & 0xf0000000;
    if (high !== 0) hash ^= high >>> 24;
    hash = (hash & ~high) >>> 0;
  }
  return hash;
}
