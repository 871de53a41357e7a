/**
 * Which detectors want to see a message: one pass over its bytes for the needles of all that may want it.
 *
 * @module
 */
import type { McpEvent, McpType } from "../../pipeline/event.ts";
import { ByteSearch, MAX_GROUPS, type Needle } from "../../protocols/byte_search/mod.ts";
import type { Running } from "./running.ts";

/** Looks for the detectors' needles. */
export class MessageSearch {
  /** The detectors to show the message to that was looked at last. */
  interested: readonly Running[] = [];
  readonly #requests: TypeSearch;
  readonly #responses: TypeSearch;
  readonly #notifications: TypeSearch;
  readonly #malformed: TypeSearch;
  #number = 0;

  /** A search for those with a `message` method, or with something to look for in calls. */
  constructor(running: readonly Running[]) {
    const made: TypeSearch[] = []; // types that the same detectors want share a search
    const of = (type: McpType) => {
      const aims = running.flatMap((one) => aimsOf(one, type));
      let search = made.find((search) => search.isOf(aims));
      if (search === undefined) made.push(search = new TypeSearch(aims));
      return search;
    };
    this.#requests = of("request");
    this.#responses = of("response");
    this.#notifications = of("notification");
    this.#malformed = of("malformed");
  }

  /** Looks at a message. */
  look(event: McpEvent): void {
    this.interested = this.#of(event.type).look(event, ++this.#number);
  }

  // An object by type would take longer to look into.
  #of(type: McpType): TypeSearch {
    if (type === "request") return this.#requests;
    if (type === "response") return this.#responses;
    return type === "notification" ? this.#notifications : this.#malformed;
  }

  /** Whether the message that was looked at last holds some of the detector's `callNeedles`. */
  holds({ heldIn }: Running): boolean {
    return heldIn === this.#number;
  }
}

/** What a detector has looked for, and why. */
interface Aim {
  readonly running: Running;
  /** For `called`; else for `message`. */
  readonly isCall: boolean;
  /** Undefined: it wants every message. */
  readonly needles: readonly Needle[] | undefined;
}

/** What a detector has looked for in messages of a type. */
function aimsOf(running: Running, type: McpType): Aim[] {
  const { declaration: { types, needles, callNeedles }, detector } = running, aims: Aim[] = [];
  if (detector.message !== undefined && (types === undefined || types.includes(type))) {
    aims.push({ running, isCall: false, needles });
  }
  if (detector.called !== undefined && callNeedles !== undefined && type === "request") {
    aims.push({ running, isCall: true, needles: callNeedles });
  }
  return aims;
}

interface Part {
  readonly search: ByteSearch;
  /** One for each bit. */
  readonly aims: readonly Aim[];
}

/** The search in messages of one type. */
class TypeSearch {
  readonly #aims: readonly Aim[];
  readonly #always: readonly Running[];
  readonly #searching: readonly Aim[];
  /** Made with the first message: it takes some milliseconds. */
  #parts: readonly Part[] | undefined;

  constructor(aims: readonly Aim[]) {
    this.#aims = aims;
    this.#always = aims.filter(({ needles }) => needles === undefined).map(({ running }) => running);
    this.#searching = aims.filter(({ needles }) => needles !== undefined);
  }

  /** Whether it is that for this. */
  isOf(aims: readonly Aim[]): boolean {
    return aims.length === this.#aims.length &&
      aims.every(({ running, isCall }, k) => running === this.#aims[k]?.running && isCall === this.#aims[k].isCall);
  }

  /** The detectors to show the message to; the others are told by the search's number if it holds what they look for. */
  look(event: McpEvent, number: number): readonly Running[] {
    if (this.#searching.length === 0) return this.#always;
    const from = start(event), to = end(event);
    if (from < 0 || to <= from) return this.#always;
    let more: Running[] | undefined;
    for (const { search, aims } of this.#parts ??= partsOf(this.#searching)) {
      for (let bits = search.searchNext(event.buffer, from, to); bits !== 0; bits &= bits - 1) {
        const aim = aims[31 - Math.clz32(bits & -bits)];
        if (aim === undefined) continue;
        if (aim.isCall) aim.running.heldIn = number;
        else (more ??= [...this.#always]).push(aim.running);
      }
    }
    return more ?? this.#always;
  }
}

/** Searches for so many needles at once as one search can tell apart. */
function partsOf(searching: readonly Aim[]): Part[] {
  const parts: Part[] = [];
  for (let i = 0; i < searching.length; i += MAX_GROUPS) {
    const aims = searching.slice(i, i + MAX_GROUPS);
    parts.push({ search: new ByteSearch(aims.map(({ needles }) => needles ?? [])), aims });
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
