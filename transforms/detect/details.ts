/**
 * Keeps the details of a finding small, as they may come from a peer.
 *
 * @module
 */
import type { FindingEvent, Json } from "../../pipeline/event.ts";
import { shortened } from "../../pipeline/shortened.ts";

/** Longest text, and deepest nesting. */
const TEXT = 1000, DEPTH = 6;
/** UTF-16 code units of all texts and names together, each value counting for some as well. */
const ALL = 16_000, VALUE = 8;

/** A copy of the details, in which what is too long, too deep or too much is `…`. */
export function smallDetails(details: NonNullable<FindingEvent["details"]>): { [name: string]: Json } {
  return new Copy().members(details, 0);
}

class Copy {
  #left = ALL;

  members(value: { readonly [name: string]: Json }, depth: number): { [name: string]: Json } {
    const copy: [string, Json][] = [];
    for (const [name, member] of Object.entries(value)) {
      if (this.#left <= 0) {
        copy.push(["…", "…"]);
        break;
      }
      copy.push([this.#text(name), this.#value(member, depth + 1)]);
    }
    return Object.fromEntries(copy);
  }

  #value(value: Json, depth: number): Json {
    this.#left -= VALUE;
    if (typeof value === "string") return this.#text(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth >= DEPTH) return "…";
    if (!Array.isArray(value)) return this.members(value, depth);
    const copy: Json[] = [];
    for (const item of value) {
      if (this.#left <= 0) {
        copy.push("…");
        break;
      }
      copy.push(this.#value(item, depth + 1));
    }
    return copy;
  }

  #text(text: string): string {
    const short = shortened(text, Math.min(TEXT, Math.max(16, this.#left)));
    this.#left -= short.length;
    return short;
  }
}
