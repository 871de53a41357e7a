/**
 * Fingerprints of text: hashes of some of its stretches, chosen by their own value, so that a stretch that two texts share
 * is chosen in both (U. Manber, "Finding similar files in a large file system", 1994; S. Schleimer et al., "Winnowing",
 * 2003). The hash is one by cyclic polynomial (J. Cohen, "Recursive hashing functions for n-grams", 1997). The work is
 * done by `prints.c`, built to WebAssembly.
 *
 * Text is JSON as it was sent. Only letters, digits and what is not ASCII count, letters in lower case; escapes are
 * skipped: so it does not matter how the text is quoted, indented or broken into lines.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { WASM_BASE64 } from "./prints_wasm.ts";

/** Characters in a stretch. */
export const STRETCH = 32;
/** One stretch in so many is chosen. */
export const ONE_IN = 8;
/** Bytes of a text that are looked at. */
export const MAX_TEXT: number = 1 << 17;

interface Exports {
  readonly memory: WebAssembly.Memory;
  text(): number;
  hashes(): number;
  places(): number;
  offsets(): number;
  length(): number;
  prepare(): void;
  take(size: number): number;
}

/** The fingerprints of one text, overwritten by the next. */
export class Prints {
  /** How many there are. */
  count = 0;
  /** Characters that counted. */
  length = 0;
  /** The hashes: 32 bits, of which the highest three are 0. */
  readonly hashes: Uint32Array;
  /** How many characters counted up to the end of each stretch. */
  readonly places: Uint32Array;
  /** Bytes from the text's beginning to the end of each stretch. */
  readonly offsets: Uint32Array;
  readonly #wasm: Exports;
  readonly #text: Uint8Array;

  /** Takes about two megabytes. */
  constructor() {
    const module = new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64"));
    this.#wasm = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#wasm.prepare();
    const { buffer } = this.#wasm.memory;
    this.#text = new Uint8Array(buffer, this.#wasm.text(), MAX_TEXT);
    this.hashes = new Uint32Array(buffer, this.#wasm.hashes(), MAX_TEXT);
    this.places = new Uint32Array(buffer, this.#wasm.places(), MAX_TEXT);
    this.offsets = new Uint32Array(buffer, this.#wasm.offsets(), MAX_TEXT);
  }

  /** Takes those of `buffer[from, to)`, of its first {@linkcode MAX_TEXT} bytes. */
  take(buffer: Uint8Array, from: number, to: number): void {
    const end = Math.min(to, from + MAX_TEXT);
    this.#text.set(buffer.subarray(from, end));
    this.count = this.#wasm.take(end - from);
    this.length = this.#wasm.length();
  }
}
