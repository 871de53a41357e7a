/**
 * Looks for many needles at once. The work is done by `search.c`, built to WebAssembly with SIMD.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { makeTable } from "./_table.ts";
import { type Needle, sortNeedles } from "./needle.ts";
import { WASM_BASE64 } from "./search_wasm.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  heap(): number;
  search(table: number, start: number, end: number, fresh: number, last: number): number;
}

const PAGE = 65_536;
/** How much of a text is looked at together, and how much of that again with what follows: more than any needle has. */
const WINDOW = 64 * 1024, OVERLAP = 4096;
/** How far loads and stores reach beyond the text. */
const SLACK = 64;

/** WebAssembly with a text at `text`, and above it the tables of all searches. Those stay: searches are made at start. */
class Searcher {
  readonly #wasm = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64")))
    .exports as unknown as Exports;
  readonly #text = align(this.#wasm.heap());
  /** A part of a large buffer that stays for the next search. */
  readonly #kept = align(this.#text + WINDOW + SLACK);
  #owner: Uint8Array | undefined;
  #keptFrom = 0;
  #keptTo = 0;
  #next = align(this.#kept + WINDOW + SLACK);
  #memory = new Uint8Array(this.#wasm.memory.buffer);

  /** Gives the table's address. */
  add(table: Uint8Array): number {
    const at = this.#next, end = align(at + table.length + SLACK);
    const missing = end - this.#memory.length;
    if (missing > 0) {
      this.#wasm.memory.grow(Math.ceil(missing / PAGE));
      this.#memory = new Uint8Array(this.#wasm.memory.buffer);
    }
    this.#memory.set(table, at);
    this.#next = end;
    return at;
  }

  search(table: number, buffer: Uint8Array, start: number, end: number): number {
    if (end - start > WINDOW) return this.#large(table, buffer, start, end);
    this.#memory.set(buffer.subarray(start, end), this.#text);
    return this.#wasm.search(table, this.#text, this.#text + end - start, this.#text, 1);
  }

  /** The same; copies what follows, too, and not again what it has copied. */
  searchNext(table: number, buffer: Uint8Array, start: number, end: number): number {
    if (buffer !== this.#owner || start < this.#keptFrom || end > this.#keptTo) {
      if (end - start > WINDOW) return this.#large(table, buffer, start, end);
      // The first time just this: there may be no more in the buffer.
      this.#keptTo = buffer === this.#owner ? Math.min(buffer.length, start + WINDOW) : end;
      this.#keptFrom = start;
      this.#owner = buffer;
      this.#memory.set(buffer.subarray(start, this.#keptTo), this.#kept);
    }
    const at = this.#kept + start - this.#keptFrom;
    return this.#wasm.search(table, at, at + end - start, at, 1);
  }

  forget(): void {
    this.#owner = undefined;
  }

  /** Window by window. A needle counts in the first window that it ends in before the last byte. */
  #large(table: number, buffer: Uint8Array, start: number, end: number): number {
    let found = 0, fresh = start;
    for (let from = start, to = 0; to < end; from = to - OVERLAP, fresh = to - 1) {
      to = Math.min(end, from + WINDOW);
      this.#memory.set(buffer.subarray(from, to), this.#text);
      found |= this.#wasm.search(
        table,
        this.#text,
        this.#text + to - from,
        this.#text + fresh - from,
        to === end ? 1 : 0,
      );
    }
    return found;
  }
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}

let searcher: Searcher | undefined;

/** Forgets what {@linkcode ByteSearch.searchNext} copied. To be called at the start of each batch. */
export function forgetSearched(): void {
  searcher?.forget();
}

/** Tells in one pass over bytes which groups of needles they have something of. */
export class ByteSearch {
  readonly #searcher: Searcher;
  readonly #table: number;

  /** At most 31 groups. Throws a RangeError for a needle that cannot be looked for. */
  constructor(groups: readonly (readonly Needle[])[]) {
    this.#searcher = searcher ??= new Searcher();
    this.#table = this.#searcher.add(makeTable(sortNeedles(groups)));
  }

  /** Bit k is set if a needle of group k lies in `buffer[start, end)`. */
  search(buffer: Uint8Array, start: number, end: number): number {
    return this.#searcher.search(this.#table, buffer, start, end);
  }

  /**
   * The same for one of many texts in a buffer, which come in their order. The buffer must not change until
   * {@linkcode forgetSearched} is called.
   */
  searchNext(buffer: Uint8Array, start: number, end: number): number {
    return this.#searcher.searchNext(this.#table, buffer, start, end);
  }
}
