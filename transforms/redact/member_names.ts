/**
 * What the names of members say, by their bytes.
 *
 * @module
 */
import { findSensitive, type SensitiveKind } from "../../protocols/sensitive/mod.ts";
import { kindOfKey, LONGEST_KEY } from "./sensitive_keys.ts";

/** Names that are remembered: 1 << BITS. */
const BITS = 12;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What a member's name says. */
export interface MemberName {
  /** As it is written. */
  readonly bytes: Uint8Array;
  /** The kind of what its value is, if it tells. */
  readonly kind: string | undefined;
  /** True if there may be a secret in it itself, or escapes. */
  readonly isOdd: boolean;
}

/** Reads names: they come again and again, and the last ones are known by their bytes. */
export class MemberNames {
  readonly #known: (MemberName | undefined)[] = new Array(1 << BITS).fill(undefined);
  readonly #kinds: readonly SensitiveKind[];

  /** With the kinds that may not stand in a name. */
  constructor(kinds: readonly SensitiveKind[]) {
    this.#kinds = kinds;
  }

  /** The name that is written in `buffer[start, end)`. */
  read(buffer: Uint8Array, start: number, end: number): MemberName {
    const length = end - start;
    const letters = buffer[start]! + 31 * buffer[start + 1]! + 961 * buffer[(start + end) >> 1]! +
      29791 * buffer[end - 1]!;
    const slot = Math.imul(letters * 37 + length, 0x9e3779b1) >>> 32 - BITS;
    const last = this.#known[slot];
    if (last !== undefined && last.bytes.length === length && isAt(last.bytes, buffer, start)) return last;
    const name = this.#judge(buffer.slice(start, end));
    if (length <= LONGEST_KEY) this.#known[slot] = name;
    return name;
  }

  #judge(bytes: Uint8Array): MemberName {
    const name = decoder.decode(bytes);
    const isOdd = /^[\s{[]|[\\%=:]|--/.test(name) || findSensitive(name, this.#kinds).length > 0;
    return { bytes, kind: kindOfKey(name), isOdd };
  }
}

/** A loop, as names are short. */
function isAt(name: Uint8Array, buffer: Uint8Array, start: number): boolean {
  for (let k = 0; k < name.length; k++) if (name[k] !== buffer[start + k]) return false;
  return true;
}
