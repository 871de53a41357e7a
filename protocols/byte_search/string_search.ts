/**
 * Finds the strings of JSON in which needles lie. The work is done by `strings.c`, built to WebAssembly.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { TextWindow } from "../text_window.ts";
import { ByteSearch } from "./byte_search.ts";
import { makeTable } from "./_table.ts";
import { type Needle, sortNeedles } from "./needle.ts";
import { WASM_BASE64 } from "./strings_wasm.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  heap(): number;
  result(): number;
  search(table: number, start: number, end: number, fresh: number, last: number): number;
  strings(table: number, start: number, end: number, found: number): number;
}

/** Longest text that is looked at. */
const LONGEST = 32 * 1024;
/** How far loads and stores reach beyond the text. */
const SLACK = 64;
/** Integers of the result before its strings, of a string, and strings that there may be. */
const HEAD = 2, MEMBERS = 4, MOST = 2049;

/** WebAssembly with a text, and above it the tables of all searches. Those stay: searches are made at start. */
class Searcher {
  readonly #wasm = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64")))
    .exports as unknown as Exports;
  result: Int32Array = new Int32Array();
  readonly #texts = new TextWindow(this.#wasm, {
    size: LONGEST,
    slack: SLACK,
    onMemory: (memory) => this.result = new Int32Array(memory, this.#wasm.result(), HEAD + MEMBERS * MOST),
  });
  #next = this.#texts.end;
  /** Where the text is that was searched last. */
  #at = 0;

  /** Gives the table's address. */
  add(table: Uint8Array): number {
    const at = this.#next;
    this.#texts.put(table, at);
    this.#next = Math.ceil((at + table.length + SLACK) / 16) * 16;
    this.#texts.reserve(this.#next);
    return at;
  }

  search(table: number, buffer: Uint8Array, start: number, end: number): number {
    this.#at = this.#texts.copy(buffer, start, end);
    return this.#wasm.search(table, this.#at, this.#at + end - start, this.#at, 1);
  }

  strings(table: number, length: number, found: number): number {
    return this.#wasm.strings(table, this.#at, this.#at + length, found);
  }
}

let searcher: Searcher | undefined;

/**
 * Tells which groups of needles a text has something of, as {@linkcode ByteSearch} does, and then in which strings of it
 * they lie if it is JSON: the quotes are part of a string. Of characters (`nonAscii`, `escape`, `foreign`) and `chained` it
 * does not tell where they are. One text after the other: all results are of the one that was searched last.
 */
export class StringSearch {
  readonly #searcher: Searcher;
  readonly #table: number;
  /** For longer texts. */
  readonly #plain: ByteSearch;
  #length = -1;
  #found = 0;

  /** At most 31 groups. Throws a RangeError for a needle that cannot be looked for. */
  constructor(groups: readonly (readonly Needle[])[]) {
    this.#searcher = searcher ??= new Searcher();
    this.#table = this.#searcher.add(makeTable(sortNeedles(groups)));
    this.#plain = new ByteSearch(groups);
  }

  /** Bit k is set if a needle of group k lies in `buffer[start, end)`. */
  search(buffer: Uint8Array, start: number, end: number): number {
    this.#length = end - start;
    if (this.#length > LONGEST) return this.#plain.search(buffer, start, end);
    return this.#found = this.#searcher.search(this.#table, buffer, start, end);
  }

  /**
   * How many strings there are in which needles lie, or that are the values of members in whose names one does; -1 if that
   * cannot be told, as the text is too long or no JSON. To be called right after the search.
   */
  strings(): number {
    return this.#length > LONGEST ? -1 : this.#searcher.strings(this.#table, this.#length, this.#found);
  }

  /** Groups of which something lies in any string. */
  get inStrings(): number {
    return this.#searcher.result[0]!;
  }

  /** Groups of which something lies outside of all strings. */
  get outside(): number {
    return this.#searcher.result[1]!;
  }

  /** Offset of the opening quote of the k-th string from the text's start. */
  start(k: number): number {
    return this.#searcher.result[HEAD + MEMBERS * k]!;
  }

  /** Offset just past its closing quote. */
  end(k: number): number {
    return this.#searcher.result[HEAD + MEMBERS * k + 1]!;
  }

  /** Bit g is set if a needle of group g lies in it. */
  groups(k: number): number {
    return this.#searcher.result[HEAD + MEMBERS * k + 2]!;
  }

  /** If it is the name of a member and a needle lies in it: offset of the member's value. Otherwise 0. */
  value(k: number): number {
    return this.#searcher.result[HEAD + MEMBERS * k + 3]!;
  }
}
