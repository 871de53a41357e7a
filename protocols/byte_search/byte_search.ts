/**
 * Looks for many needles at once. The work is done by `search.c`, built to WebAssembly with SIMD.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { TextWindow } from "../text_window.ts";
import { makeTable } from "./_table.ts";
import { type Needle, sortNeedles } from "./needle.ts";
import { WASM_BASE64 } from "./search_wasm.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  heap(): number;
  search(table: number, start: number, end: number, fresh: number, last: number): number;
}

/** How much of a text is looked at together, and how much of that again with what follows: more than any needle has. */
const WINDOW = 64 * 1024, OVERLAP = 4096;
/** How far loads and stores reach beyond the text. */
const SLACK = 64;

/** WebAssembly with a text, and above it the tables of all searches. Those stay: searches are made at start. */
class Searcher {
  readonly #wasm = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64")))
    .exports as unknown as Exports;
  readonly #texts = new TextWindow(this.#wasm, { size: WINDOW, slack: SLACK });
  #next = this.#texts.end;

  /** Gives the table's address. */
  add(table: Uint8Array): number {
    const at = this.#next;
    this.#texts.put(table, at);
    this.#next = Math.ceil((at + table.length + SLACK) / 16) * 16;
    this.#texts.reserve(this.#next);
    return at;
  }

  search(table: number, buffer: Uint8Array, start: number, end: number): number {
    if (end - start > WINDOW) return this.#large(table, buffer, start, end);
    const at = this.#texts.copy(buffer, start, end);
    return this.#wasm.search(table, at, at + end - start, at, 1);
  }

  /** The same; copies what follows, too, and not again what it has copied. */
  searchNext(table: number, buffer: Uint8Array, start: number, end: number): number {
    if (end - start > WINDOW) return this.#large(table, buffer, start, end);
    const at = this.#texts.address(buffer, start, end);
    return this.#wasm.search(table, at, at + end - start, at, 1);
  }

  forget(): void {
    this.#texts.forget();
  }

  /** Window by window. A needle counts in the first window that it ends in before the last byte. */
  #large(table: number, buffer: Uint8Array, start: number, end: number): number {
    let found = 0, fresh = start;
    for (let from = start, to = 0; to < end; from = to - OVERLAP, fresh = to - 1) {
      to = Math.min(end, from + WINDOW);
      const at = this.#texts.copy(buffer, from, to);
      found |= this.#wasm.search(table, at, at + to - from, at + fresh - from, to === end ? 1 : 0);
    }
    return found;
  }
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
