/**
 * Looks for many needles at once.
 *
 * @module
 */
import { PlainSearch } from "./_plain.ts";
import { type Needle, sortNeedles } from "./needle.ts";

/** Tells in one pass over bytes which groups of needles they have something of. */
export class ByteSearch {
  readonly #search: PlainSearch;

  /** At most 31 groups. Throws a RangeError for a needle that cannot be looked for. */
  constructor(groups: readonly (readonly Needle[])[]) {
    this.#search = new PlainSearch(sortNeedles(groups));
  }

  /** Bit k is set if a needle of group k lies in `buffer[start, end)`. */
  search(buffer: Uint8Array, start: number, end: number): number {
    return this.#search.search(buffer, start, end);
  }
}
