/**
 * Which detectors want to see a message: one pass over its bytes for the needles of all.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import { ByteSearch, MAX_GROUPS } from "../../protocols/byte_search/mod.ts";
import type { Running } from "./running.ts";

interface Part {
  readonly search: ByteSearch;
  readonly running: readonly Running[];
}

/** Looks for the detectors' needles. */
export class MessageSearch {
  readonly #always: readonly Running[];
  readonly #parts: readonly Part[];

  /** A search for those with a `message` method. */
  constructor(running: readonly Running[]) {
    this.#always = running.filter(({ declaration }) => declaration.needles === undefined);
    const searching = running.filter(({ declaration }) => declaration.needles !== undefined);
    const parts: Part[] = [];
    for (let i = 0; i < searching.length; i += MAX_GROUPS) {
      const some = searching.slice(i, i + MAX_GROUPS);
      parts.push({ search: new ByteSearch(some.map(({ declaration }) => declaration.needles ?? [])), running: some });
    }
    this.#parts = parts;
  }

  /** The detectors to show the message to. */
  interested(event: McpEvent): readonly Running[] {
    let found = this.#always;
    for (const { search, running } of this.#parts) {
      let bits = search.search(event.buffer, event.start, event.end);
      if (bits === 0) continue;
      const more: Running[] = [...found];
      for (; bits !== 0; bits &= bits - 1) {
        const one = running[31 - Math.clz32(bits & -bits)];
        if (one !== undefined) more.push(one);
      }
      found = more;
    }
    return found;
  }
}
