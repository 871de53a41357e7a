/**
 * Parameters of a request's query.
 *
 * @module
 */
import type { Ask } from "../../pipeline/feed/feed.ts";
import { MAX_LIMIT } from "./openapi/mod.ts";

/** A parameter that cannot be read. The message is a sentence that names it. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** Longest filter, in UTF-16 units; the parser has a bound of its own below it. */
const LONGEST = 8192;
/** Steps of time that may be asked for. */
const STEPS = 10_000;
const DEFAULT_LIMIT = 100;

/** Which rows are wanted. */
export function askOf(query: URLSearchParams): Ask {
  const limit = wholeOf(query, "limit");
  return {
    filter: filterOf(query),
    before: wholeOf(query, "before"),
    after: wholeOf(query, "after"),
    from: numberOf(query, "from"),
    to: numberOf(query, "to"),
    limit: Math.min(Math.max(limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT),
  };
}

/** The filter; undefined if there is none. */
export function filterOf(query: URLSearchParams): string | undefined {
  const filter = query.get("filter")?.trim() ?? "";
  if (filter.length > LONGEST) throw new BadRequest(`filter has at most ${LONGEST} characters`);
  return filter === "" ? undefined : filter;
}

/** Times and step of `rates`. */
export function rangeOf(query: URLSearchParams): { readonly from: number; readonly to: number; readonly step: number } {
  const from = numberOf(query, "from"), to = numberOf(query, "to"), step = numberOf(query, "step");
  if (from === undefined || to === undefined || step === undefined) {
    throw new BadRequest("expected from, to and step, in milliseconds");
  }
  if (!(step >= 1) || !(to >= from)) throw new BadRequest("expected from before to, and a step of 1 ms at least");
  if ((to - from) / step > STEPS) {
    throw new BadRequest(`expected ${STEPS} steps at most, not ${Math.ceil((to - from) / step)}`);
  }
  return { from, to, step };
}

/** A whole number from 0. */
export function whole(text: string, name: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new BadRequest(`${name}: expected a whole number, not "${text.slice(0, 50)}"`);
  return Number(text);
}

function wholeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? "";
  return text === "" ? undefined : whole(text, name);
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? "";
  if (text === "") return undefined;
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(text)) {
    throw new BadRequest(`${name}: expected a number of milliseconds, not "${text.slice(0, 50)}"`);
  }
  return Number(text);
}
