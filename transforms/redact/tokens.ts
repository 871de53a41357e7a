/**
 * What stands in the place of a value that may not be seen.
 *
 * @module
 */
import { Hmac } from "./hmac.ts";

/** Hex digits of a hash that are shown: 48 bits. */
const DIGITS = 12;
/** Hashes of one generation that are remembered, and the longest value they are remembered for, in UTF-16 units. */
const MOST = 8192, LONGEST = 256;
/** A token of the usual form. */
const TOKEN = new RegExp(`^<[a-z0-9_.-]{1,64}(?::hash:[0-9a-f]{${DIGITS}})?>$`);
/** What the `http` transform puts in the place of a credential. */
const HASHED = /^(?:[A-Za-z0-9-]{1,32} )?sha256:[0-9a-f]{8}$/;

/** Makes tokens. */
export class Tokens {
  readonly #hmac: Hmac;
  readonly #mask: string;
  readonly #kinds = new Set<string>();
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  /** `key` is that of the HMAC; in `mask`, `{kind}` stands for the kind. */
  constructor(key: string, mask: string) {
    this.#hmac = new Hmac(key);
    this.#mask = mask;
  }

  /** `<password>`. */
  mask(kind: string): string {
    this.#kinds.add(kind);
    return this.#mask.replaceAll("{kind}", kind);
  }

  /** `<password:hash:9f86d081884c>`: HMAC-SHA-256 (RFC 2104, FIPS 180-4) of the value's UTF-8 bytes, its beginning. */
  hash(kind: string, value: string): string {
    this.#kinds.add(kind);
    return `<${kind}:hash:${this.#digest(value)}>`;
  }

  /** True for what was made here, or by the `http` transform. */
  isToken(text: string): boolean {
    if (text.length > 128 || (text[0] !== "<" && text.at(-9) !== ":")) return false;
    if (!TOKEN.test(text)) return HASHED.test(text);
    const kind = text.slice(1, -1).split(":", 1)[0]!;
    return text.includes(":hash:") || this.#kinds.has(kind);
  }

  #digest(value: string): string {
    let digest = this.#young.get(value);
    if (digest !== undefined) return digest;
    digest = this.#old.get(value) ?? this.#hmac.hex(value);
    if (value.length > LONGEST) return digest;
    if (this.#young.size >= MOST) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(detached(value), digest);
    return digest;
  }
}

/** A copy that does not keep the text alive that the value is a part of. */
function detached(value: string): string {
  return value.length < 13 ? value : JSON.parse(JSON.stringify(value)) as string; // V8 copies what is shorter anyway
}
