/**
 * Finds secrets and personal data in the texts of a message, without parsing those that have none.
 *
 * @module
 */
import type { Json } from "../../../pipeline/event.ts";
import { ByteSearch } from "../../../protocols/byte_search/mod.ts";
import {
  findInMember,
  isSecretKey,
  type KindGroup,
  partitionKinds,
  SECRET_KEY_NEEDLES,
  type SensitiveKind,
} from "../../../protocols/sensitive/mod.ts";
import { textsIn } from "../content/texts.ts";
import { isStandIn } from "./stand_in.ts";

/** One value that was found. */
export interface Leak {
  /** The kind's name; `named_secret` where only the argument's name says so. */
  readonly kind: string;
  readonly group: SensitiveKind["group"];
  /** What it is, for a sentence. */
  readonly summary: string;
  /** Where it is: `headers.Authorization`. */
  readonly path: string;
  readonly value: string;
}

/** Bits beside those of kinds. */
const ESCAPE = 1, KEY = 2, FIRST_KIND = 2, KIND_BITS = 29;
/** Values of members with telling names: shorter ones are none, longer ones something else. */
const MIN_VALUE = 6, MAX_VALUE = 4096;
/** Leaks told of one message. */
const MOST = 20;
const PLACEHOLDER =
  /^(?:\W|x+$|\*+$|your[_ -]|example|changeme|redacted|none$|null$|undefined$|true$|false$|password$|secret$|token$)/i;

/** Names of what a server itself gave to its client. */
const OWN = /sess/i;

/** Looks for these kinds. */
export class SensitiveSearch {
  readonly #groups: readonly KindGroup[];
  readonly #all: readonly SensitiveKind[];
  readonly #search: ByteSearch;

  /** A search for these kinds, and for values whose names tell if `named`. */
  constructor(kinds: readonly SensitiveKind[], named: boolean) {
    this.#all = kinds;
    this.#groups = partitionKinds(kinds, KIND_BITS);
    this.#search = new ByteSearch([
      [{ escape: true }],
      named ? SECRET_KEY_NEEDLES : [],
      ...this.#groups.map(({ needles }) => needles),
    ]);
  }

  /** Bits of what may be in the bytes; 0 if there is nothing. */
  look(buffer: Uint8Array, from: number, to: number): number {
    return this.#search.search(buffer, from, to);
  }

  /** What there is in a value in whose bytes {@linkcode look} saw something. */
  find(bits: number, value: Json): readonly Leak[] {
    const escaped = (bits & ESCAPE) !== 0, named = escaped || (bits & KEY) !== 0;
    const kinds = escaped
      ? this.#all
      : this.#groups.flatMap(({ kinds }, k) => (bits >> FIRST_KIND + k & 1) === 1 ? kinds : []);
    const leaks: Leak[] = [];
    for (const { path, text } of textsIn(value)) {
      if (leaks.length >= MOST) break;
      const name = nameOf(path);
      const found = findInMember(name, text, kinds).filter(({ start, end }) => !isStandIn(text.slice(start, end)));
      for (const { kind, start, end } of found) {
        leaks.push({ kind: kind.name, group: kind.group, summary: kind.summary, path, value: text.slice(start, end) });
      }
      if (found.length === 0 && named && isNamed(name, text)) {
        leaks.push({
          kind: "named_secret",
          group: "secret",
          summary: "Value whose name says that it is a secret",
          path,
          value: text,
        });
      }
    }
    return leaks;
  }
}

/** The name of the member that a value is, or is an entry of. */
function nameOf(path: string): string {
  return /([^.[\]]+)(?:\[\d+\])*$/.exec(path.slice(-200))?.[1] ?? "";
}

/** Whether a value's name says that it is a secret, and the value does not say otherwise. */
function isNamed(name: string, text: string): boolean {
  if (text.length < MIN_VALUE || text.length > MAX_VALUE || /\s/.test(text.trim())) return false;
  return !PLACEHOLDER.test(text) && !isStandIn(text) && !OWN.test(name) && isSecretKey(name);
}

/** The value's beginning, for people who have to find it: not enough to be used. */
export function hint(value: string): string {
  const length = value.length >= 16 ? 4 : value.length >= 8 ? 2 : 0;
  return `${value.slice(0, length)}… (${value.length} characters)`;
}
