/**
 * Decides at its beginning whether a call is kept.
 *
 * @module
 */
import type { Event } from "../../pipeline/event.ts";
import { keyReader } from "../../pipeline/query/key.ts";
import type { Options } from "./options.ts";

/** The first calls of each key, and a part of all others. */
export class Head {
  readonly #rate: number;
  readonly #first: number;
  readonly #interval: number;
  readonly #maxKeys: number;
  readonly #key: (event: Event) => readonly string[];
  /** Calls by key, in this interval. */
  readonly #seen = new Map<string, number>();
  #since = -Infinity;
  /** Numbers what has no number of its own. */
  #number = 0;

  constructor({ rate, first, interval_ms, max_keys, by }: Options) {
    this.#rate = rate;
    this.#first = first;
    this.#interval = interval_ms;
    this.#maxKeys = max_keys;
    this.#key = keyReader(by);
  }

  /** True if the unit that begins with this event is kept whatever becomes of it. */
  keeps(event: Event): boolean {
    const id = event.kind === "mcp" ? event.context?.call?.id : event.kind === "http" ? event.exchange.id : undefined;
    return this.#isFirst(event) || hash(id ?? ++this.#number) < this.#rate;
  }

  #isFirst(event: Event): boolean {
    if (this.#first === 0) return false;
    if (event.time - this.#since >= this.#interval) {
      this.#seen.clear();
      this.#since = event.time;
    }
    const key = this.#key(event).join("\0");
    const seen = this.#seen.get(key) ?? 0;
    if (seen >= this.#first) return false;
    if (this.#seen.size >= this.#maxKeys) this.#seen.clear();
    this.#seen.set(key, seen + 1);
    return true;
  }
}

/** A number from 0 up to but not including 1, the same for the same whole number: the finaliser of MurmurHash3. */
export function hash(id: number): number {
  let x = id | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}
