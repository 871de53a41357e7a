/**
 * Tells from bytes, in half a microsecond, that there is nothing to redact. The engine that redacts takes some 40 ms to
 * load; most programs never need it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { WASM_BASE64 } from "../../../../protocols/byte_search/search_wasm.ts";
import { TABLE_BASE64 } from "./sieve_table.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  heap(): number;
  search(table: number, start: number, end: number, fresh: number, last: number): number;
}

/** How far loads and stores reach beyond the text, and how much is looked at: what is longer counts as a sign. */
const SLACK = 64, WINDOW = 64 * 1024, PAGE = 65_536;

/** The search of `protocols/byte_search`, with a table that was made when the sensor was built. */
export class Sieve {
  readonly #exports: Exports;
  readonly #table: number;
  readonly #text: number;
  readonly #memory: Uint8Array;

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64"));
    this.#exports = new WebAssembly.Instance(module)
      .exports as unknown as Exports;
    const table = Buffer.from(TABLE_BASE64, "base64");
    this.#table = align(this.#exports.heap());
    this.#text = align(this.#table + table.length + SLACK);
    const { memory } = this.#exports;
    const missing = this.#text + WINDOW + SLACK - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    this.#memory = new Uint8Array(memory.buffer);
    this.#memory.set(table, this.#table);
  }

  /** False if `buffer[start, end)` holds no sign of anything sensitive. */
  mayHold(buffer: Uint8Array, start: number, end: number): boolean {
    if (end - start > WINDOW) return true;
    this.#memory.set(buffer.subarray(start, end), this.#text);
    return this.#exports.search(this.#table, this.#text, this.#text + end - start, this.#text, 1) !== 0;
  }
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}
