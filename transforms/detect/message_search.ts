/**
 * Which detectors want to see a message: one pass over its bytes for the needles of all that may want it.
 *
 * @module
 */
import type { McpEvent, McpType } from "../../pipeline/event.ts";
import { ByteSearch, MAX_GROUPS } from "../../protocols/byte_search/mod.ts";
import type { Running } from "./running.ts";

/** Looks for the detectors' needles. */
export class MessageSearch {
  readonly #byType: Readonly<Record<McpType, TypeSearch>>;

  /** A search for those with a `message` method. */
  constructor(running: readonly Running[]) {
    const made: TypeSearch[] = []; // types that the same detectors want share a search
    const of = (type: McpType) => {
      const own = running.filter(({ declaration: { types } }) => types === undefined || types.includes(type));
      let search = made.find((search) => search.isOf(own));
      if (search === undefined) made.push(search = new TypeSearch(own));
      return search;
    };
    this.#byType = {
      request: of("request"),
      response: of("response"),
      notification: of("notification"),
      malformed: of("malformed"),
    };
  }

  /** The detectors to show the message to. */
  interested(event: McpEvent): readonly Running[] {
    return this.#byType[event.type].interested(event);
  }
}

interface Part {
  readonly search: ByteSearch;
  readonly running: readonly Running[];
}

/** The search in messages of one type. */
class TypeSearch {
  readonly #running: readonly Running[];
  readonly #always: readonly Running[];
  readonly #searching: readonly Running[];
  /** Made with the first message: it takes some milliseconds. */
  #parts: readonly Part[] | undefined;

  constructor(running: readonly Running[]) {
    this.#running = running;
    this.#always = running.filter(({ declaration }) => declaration.needles === undefined);
    this.#searching = running.filter(({ declaration }) => declaration.needles !== undefined);
  }

  /** Whether it is that of these detectors. */
  isOf(running: readonly Running[]): boolean {
    return running.length === this.#running.length && running.every((one, k) => one === this.#running[k]);
  }

  interested(event: McpEvent): readonly Running[] {
    let found = this.#always;
    if (this.#searching.length === 0) return found;
    const from = start(event), to = end(event);
    if (from < 0 || to <= from) return found;
    for (const { search, running } of this.#parts ??= partsOf(this.#searching)) {
      let bits = search.search(event.buffer, from, to);
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

/** Searches for the needles of these detectors, each of as many groups as it takes. */
function partsOf(searching: readonly Running[]): Part[] {
  const parts: Part[] = [];
  for (let i = 0; i < searching.length; i += MAX_GROUPS) {
    const running = searching.slice(i, i + MAX_GROUPS);
    parts.push({ search: new ByteSearch(running.map(({ declaration }) => declaration.needles ?? [])), running });
  }
  return parts;
}

/** Where that begins which is not the envelope. Of a malformed message nothing is known but that it is one. */
function start(event: McpEvent): number {
  const { type } = event;
  if (type === "malformed") return event.start;
  if (type !== "response") return event.from("params");
  const result = event.from("result"), error = event.from("error");
  return result < 0 ? error : error < 0 ? result : Math.min(result, error);
}

function end(event: McpEvent): number {
  const { type } = event;
  if (type === "malformed") return event.end;
  return type === "response" ? Math.max(event.to("result"), event.to("error")) : event.to("params");
}
