/**
 * Tells from bytes what may be in them.
 *
 * @module
 */
import { ByteSearch, type Needle, StringSearch } from "../../protocols/byte_search/mod.ts";
import { partitionKinds, type SensitiveKind } from "../../protocols/sensitive/mod.ts";
import { SCHEMA_NEEDLES } from "./json_schema.ts";
import { eachUnescaped } from "./unescape.ts";

/** Bits of what is seen in bytes. */
export const Bit = {
  /** Something is written as an escape of JSON or of a URL: what it hides is looked for elsewhere. */
  escape: 1,
  /** A name that tells what its value is. */
  key: 2,
  /** What a rule of the user's needs. */
  rule: 4,
  /** The name of a member whose value may be a JSON Schema. */
  schema: 8,
  /** A word that tells what stands in another string. */
  around: 16,
  /** A word that tells what stands right after it, be it in the next string. */
  before: 32,
} as const;
/** How many bits come before those of kinds, and how many there are for kinds. */
const BEFORE = 6, KIND_BITS = 25;
/** Bits that mean nothing alone. */
const ASIDE = Bit.schema;
const NO_KINDS: readonly SensitiveKind[] = [];
/** What an escape of JSON or of a URL looks like. */
/** Words by which the kinds `authorization` and `cookie` know what follows. */
const WORDS_BEFORE: readonly string[] = ["authorization", "cookie"];
const ESCAPES: readonly Needle[] = [{ escape: true }, "\\/", "%2", "%3", "%4", "%5", "%6", "%7"];

/** What was seen. */
export interface Seen {
  /** Bits of {@linkcode Bit}. */
  readonly bits: number;
  /** Kinds that there is a sign of, those that say more first. */
  readonly kinds: readonly SensitiveKind[];
}

/** Kinds that share a bit, and what tells them apart. */
interface Group {
  readonly kinds: readonly SensitiveKind[];
  /** Made when first needed: it takes a millisecond or two. */
  search: ByteSearch | undefined;
}

/** Searches for signs. */
export class Signs {
  readonly #needles: readonly (readonly Needle[])[];
  #search: StringSearch | undefined;
  readonly #groups: readonly Group[];
  readonly #rank: ReadonlyMap<SensitiveKind, number>;
  /** Lists of kinds by group and bits. */
  readonly #lists = new Map<number, readonly SensitiveKind[]>();

  /** Looks for names, for what rules need, and for kinds, in the order of what they say. */
  constructor(names: readonly Needle[], rules: readonly Needle[], kinds: readonly SensitiveKind[]) {
    const groups = partitionKinds(kinds, KIND_BITS);
    const before = kinds.length > 0 ? WORDS_BEFORE : [];
    this.#needles = [
      ESCAPES,
      names,
      rules,
      SCHEMA_NEEDLES,
      wordsAround(kinds),
      before,
      ...groups.map(({ needles }) => needles),
    ];
    this.#groups = groups.map(({ kinds }) => ({ kinds, search: undefined }));
    this.#rank = new Map(kinds.map((kind, k) => [kind, k]));
  }

  /** A first look: 0 if nothing is there. */
  look(buffer: Uint8Array, start: number, end: number): number {
    const bits = (this.#search ??= new StringSearch(this.#needles)).search(buffer, start, end);
    return bits === ASIDE ? 0 : bits;
  }

  /** Tells in which strings that lies which the last look has seen. */
  get strings(): StringSearch | undefined {
    return this.#search;
  }

  /** A closer look, given what the first one saw. */
  closer(found: number, buffer: Uint8Array, start: number, end: number): Seen {
    if ((found & Bit.escape) === 0) return { bits: found, kinds: this.kinds(found, buffer, start, end) };
    let bits = found;
    const kinds = new Set(this.kinds(found, buffer, start, end));
    eachUnescaped(buffer, start, end, (bytes, from, to) => {
      const more = this.look(bytes, from, to);
      bits |= more;
      for (const kind of this.kinds(more, bytes, from, to)) kinds.add(kind);
    });
    return { bits, kinds: kinds.size > 1 ? this.#sorted([...kinds]) : [...kinds] };
  }

  /** Kinds that there is a sign of, given the bits of a look. */
  kinds(bits: number, buffer: Uint8Array, start: number, end: number): readonly SensitiveKind[] {
    let left = bits >>> BEFORE;
    if (left === 0) return NO_KINDS;
    let all: readonly SensitiveKind[] | undefined;
    for (let k = 0; left !== 0; k++, left >>>= 1) {
      if ((left & 1) === 0) continue;
      const own = this.#inGroup(k, buffer, start, end);
      if (own.length > 0) all = all === undefined ? own : this.#sorted([...all, ...own]);
    }
    return all ?? NO_KINDS;
  }

  #inGroup(k: number, buffer: Uint8Array, start: number, end: number): readonly SensitiveKind[] {
    const group = this.#groups[k];
    if (group === undefined) return NO_KINDS;
    const { kinds } = group;
    if (kinds.length === 1) return kinds;
    const bits = (group.search ??= new ByteSearch(kinds.map(({ needles }) => needles))).search(buffer, start, end);
    const key = bits * KIND_BITS + k;
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = kinds.filter((_, at) => (bits & (1 << at)) !== 0);
      if (this.#lists.size < 4096) this.#lists.set(key, list);
    }
    return list;
  }

  #sorted(kinds: SensitiveKind[]): SensitiveKind[] {
    return kinds.sort((a, b) => (this.#rank.get(a) ?? 0) - (this.#rank.get(b) ?? 0));
  }
}

/** Words of kinds that tell what stands in another string. */
function wordsAround(kinds: readonly SensitiveKind[]): Needle[] {
  return kinds.filter(({ elsewhere, around }) => elsewhere === true || around === true)
    .flatMap(({ needles }) => needles.filter((needle) => typeof needle === "string" || "text" in needle));
}
