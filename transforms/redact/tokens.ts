/**
 * What stands in the place of a value that may not be seen.
 *
 * @module
 */
import { RecentMap } from "../../pipeline/recent_map.ts";
import { Hmac } from "./hmac.ts";

/** Hex digits of a hash that are shown: 48 bits. */
const DIGITS = 12;
/** Hashes that are remembered, and the longest value they are remembered for, in UTF-16 units. */
const MOST = 8192, LONGEST = 256;
/** What one takes besides its value, in bytes. */
const OVERHEAD = 100;
/** A token of the usual form. */
const TOKEN = new RegExp(`^<[a-z0-9_.-]{1,64}(?::hash:[0-9a-f]{${DIGITS}})?>$`);
/** What the `http` transform puts in the place of a credential. */
const HASHED = /^(?:[A-Za-z0-9-]{1,32} )?sha256:[0-9a-f]{8}$/;

/** Makes tokens. */
export class Tokens {
  readonly #hmac: Hmac;
  readonly #mask: string;
  readonly #kinds = new Set<string>();
  readonly #digests: RecentMap<string, string>;

  /** `key` is that of the HMAC; in `mask`, `{kind}` stands for the kind. Remembers hashes in so many bytes. */
  constructor(key: string, mask: string, bytes: number) {
    this.#digests = new RecentMap(MOST, { heaviest: bytes, weigh: (value) => 2 * value.length + OVERHEAD });
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
    if (value.length > LONGEST) return this.#hmac.hex(value);
    let digest = this.#digests.get(value);
    if (digest === undefined) this.#digests.set(detached(value), digest = this.#hmac.hex(value));
    return digest;
  }
}

/** A copy that does not keep the text alive that the value is a part of. */
function detached(value: string): string {
  return value.length < 13 ? value : JSON.parse(JSON.stringify(value)) as string; // V8 copies what is shorter anyway
}
