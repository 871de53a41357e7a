/**
 * Undoes brotli (RFC 7932).
 *
 * Not by `node:zlib`: Deno 2.9 has a decoder there that prints "leaking memory block" on standard output for some corrupt
 * streams, and that does not tell bad bytes from missing ones.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { BrotliDecStream, BrotliStreamResultCode, initSync } from "brotli-dec-wasm/web";
import { concat } from "./_concat.ts";
import { type Decompressor, TooLarge } from "./_decompressor.ts";

const NOTHING = new Uint8Array(0);
/** So many bytes come out of one step. */
const OUTPUT = 64 * 1024;
/** The windows of all open decoders together, in bytes: what the module's memory grows by. */
const MAX_WINDOWS = 512 << 20;

let ready = false;
let windows = 0;
/** Takes care of decoders that were let go without a close. */
const forgotten = new FinalizationRegistry<number>((window) => void (windows -= window));

/** Makes a decompressor; undefined if the module cannot be loaded. */
export function brotli(): Decompressor | undefined {
  try {
    load();
  } catch {
    return undefined;
  }
  return new Brotli();
}

class Brotli implements Decompressor {
  stuck = false;
  #decoder: BrotliDecStream | undefined;
  #window = 0;
  #ended = false;
  #begun = false;

  write(bytes: Uint8Array, max: number): Uint8Array {
    if (bytes.length === 0) return NOTHING;
    if (this.#ended) {
      this.stuck = true;
      return NOTHING;
    }
    if (!this.#begun) this.#open(bytes[0]!);
    const parts: Uint8Array[] = [];
    for (let left = max;;) {
      const { out, taken, code } = this.#step(bytes, left);
      left -= out.length;
      if (left < 0) throw new TooLarge("too large");
      if (out.length > 0) parts.push(out);
      bytes = bytes.subarray(taken);
      if (code === BrotliStreamResultCode.NeedsMoreOutput) continue;
      this.#ended = code === BrotliStreamResultCode.ResultSuccess;
      if (this.#ended) this.#free();
      this.stuck = this.#ended && bytes.length > 0;
      return concat(parts);
    }
  }

  close(): boolean {
    this.#free();
    return this.#ended || !this.#begun;
  }

  #open(first: number): void {
    const window = windowOf(first);
    if (windows + window > MAX_WINDOWS) throw new TooLarge("too many windows");
    this.#begun = true;
    this.#decoder = new BrotliDecStream();
    this.#window = window;
    windows += window;
    forgotten.register(this, window, this);
  }

  #step(bytes: Uint8Array, left: number): { out: Uint8Array; taken: number; code: BrotliStreamResultCode } {
    if (this.#decoder === undefined) throw new Error("closed");
    try {
      const result = this.#decoder.dec(bytes, Math.min(left + 1, OUTPUT));
      const step = { out: result.buf, taken: result.input_offset, code: result.code };
      result.free();
      return step;
    } catch (error) { // the bytes are bad
      this.#free();
      throw error;
    }
  }

  #free(): void {
    if (this.#decoder === undefined) return;
    this.#decoder.free();
    this.#decoder = undefined;
    windows -= this.#window;
    forgotten.unregister(this);
  }
}

/** Bytes of the window that a stream with this first byte asks for: RFC 7932, section 9.1, WBITS. */
function windowOf(first: number): number {
  const high = first >> 1 & 7, low = first >> 4 & 7;
  if ((first & 1) === 0) return 1 << 16;
  return 1 << (high > 0 ? 17 + high : low > 1 ? 8 + low : 17);
}

/** Makes the module ready, the first time: in some 5 ms. */
function load(): void {
  if (ready) return;
  const path = createRequire(import.meta.url).resolve("brotli-dec-wasm/web/bg.wasm");
  initSync({ module: readFileSync(path) });
  ready = true;
}
