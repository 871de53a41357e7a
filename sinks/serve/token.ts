/**
 * The token that readers show, and the cookie that a page gets for it.
 *
 * @module
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Random bits of a token that is made here. */
const BYTES = 24;
/** Longer ones are not looked at. */
const LONGEST = 1024;

/** A new token: 32 characters of base64url. */
export function makeToken(): string {
  return randomBytes(BYTES).toString("base64url");
}

/** Compares in a time that tells nothing about the token. */
export class Token {
  readonly #token: Uint8Array;
  readonly #cookie: Uint8Array;
  /** What a page's cookie holds: it cannot be turned back into the token, and is good for as long as that is. */
  readonly cookie: string;

  constructor(token: string) {
    this.cookie = createHmac("sha256", token).update("mcpsonde page").digest("base64url");
    this.#token = hash(token);
    this.#cookie = hash(this.cookie);
  }

  /** Whether it is the token. */
  is(given: string): boolean {
    return given.length <= LONGEST && timingSafeEqual(hash(given), this.#token);
  }

  /** Whether it is the cookie's value. */
  isCookie(given: string): boolean {
    return given.length <= LONGEST && timingSafeEqual(hash(given), this.#cookie);
  }
}

function hash(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
