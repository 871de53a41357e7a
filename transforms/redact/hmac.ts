/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) of short texts: `node:crypto` takes 8 µs for each, nearly all of it on the way
 * there, and a message may hold several. Texts that are not short go there.
 *
 * @module
 */
import { createHash, createHmac } from "node:crypto";

/** Bytes of a block, and of the longest text that fits into one with its padding. */
const BLOCK = 64, SHORT = 55;

/** First 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8. */
const ROUNDS = new Int32Array(64), START = new Int32Array(8);
for (let n = 2, k = 0; k < 64; n++) {
  let isPrime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
  if (!isPrime) continue;
  if (k < 8) START[k] = fraction(Math.sqrt(n));
  ROUNDS[k++] = fraction(Math.cbrt(n));
}

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

const encoder = new TextEncoder();
const block = new Uint8Array(BLOCK), words = new Int32Array(64);

/** HMACs with one key. */
export class Hmac {
  readonly #key: string;
  /** The states after the blocks that the key makes. */
  readonly #inner = new Int32Array(8);
  readonly #outer = new Int32Array(8);
  readonly #state = new Int32Array(8);

  constructor(key: string) {
    this.#key = key;
    let bytes: Uint8Array = encoder.encode(key);
    if (bytes.length > BLOCK) bytes = createHash("sha256").update(key).digest();
    for (const [state, pad] of [[this.#inner, 0x36], [this.#outer, 0x5c]] as const) {
      for (let k = 0; k < BLOCK; k++) block[k] = (bytes[k] ?? 0) ^ pad;
      state.set(START);
      compress(state);
    }
  }

  /** The first 48 bits of the text's HMAC, as 12 hexadecimal digits. */
  hex(text: string): string {
    const length = text.length > SHORT ? -1 : ascii(text);
    if (length < 0) return createHmac("sha256", this.#key).update(text).digest("hex").slice(0, 12);
    const state = this.#state;
    state.set(this.#inner);
    finish(state, length);
    for (let k = 0; k < 8; k++) {
      const word = state[k]!;
      block[4 * k] = word >>> 24;
      block[4 * k + 1] = word >>> 16;
      block[4 * k + 2] = word >>> 8;
      block[4 * k + 3] = word;
    }
    state.set(this.#outer);
    finish(state, 32);
    const digits = ((state[0]! >>> 0) * 0x10000 + (state[1]! >>> 16)).toString(16);
    return digits.padStart(12, "0");
  }
}

/** Writes text to the block; -1 if it is not ASCII. */
function ascii(text: string): number {
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    if (code > 0x7f) return -1;
    block[k] = code;
  }
  return text.length;
}

/** Pads the block, which has so many bytes and follows another one, and takes it in (FIPS 180-4, section 5.1.1). */
function finish(state: Int32Array, length: number): void {
  block.fill(0, length);
  block[length] = 0x80;
  const bits = (BLOCK + length) * 8;
  block[62] = bits >>> 8;
  block[63] = bits;
  compress(state);
}

/** Takes the block in (FIPS 180-4, section 6.2.2). */
function compress(state: Int32Array): void {
  for (let k = 0; k < 16; k++) {
    words[k] = (block[4 * k]! << 24) | (block[4 * k + 1]! << 16) | (block[4 * k + 2]! << 8) | block[4 * k + 3]!;
  }
  for (let k = 16; k < 64; k++) {
    const x = words[k - 15]!, y = words[k - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[k] = (words[k - 16]! + s0 + words[k - 7]! + s1) | 0;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let k = 0; k < 64; k++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[k]! + words[k]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}
