/**
 * Remembers where text was seen first, by fingerprints, in bounded memory.
 *
 * @module
 */
import { type Prints, STRETCH } from "../../../protocols/text_prints/mod.ts";

/** Where text came from. */
export interface Origin {
  /** The server whose result it was; undefined for what is no flow: the caller's own words, and definitions. */
  readonly server: string | undefined;
  /** Its name. */
  readonly serverName: string;
  /** The call's tool, or resource. */
  readonly name: string | undefined;
  /** The call's id. */
  readonly call: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Keys of servers that a flow to was told of. */
  told?: Set<string>;
}

/** A part of a text that was seen before. */
export interface Shared {
  readonly origin: Origin;
  /** Characters that count, at least. */
  chars: number;
  /** Place up to which they have been counted. */
  until: number;
  /** Bytes from the beginning of the text to the end of its first and of its last stretch. */
  readonly first: number;
  last: number;
}

/** Fingerprints: 16,384 are those of about 130,000 characters. */
const SLOTS = 1 << 14;
/** Origins remembered at once. */
const ORIGINS = 1024;

const NO_SLOTS = new Uint32Array(0);

/** What one client has read and written. */
export class FlowMemory {
  // Made when there is something to remember.
  #hashes = NO_SLOTS;
  /** Number of the origin, counting from 1; 0 for an empty slot. */
  #numbers = NO_SLOTS;
  #origins: (Origin | undefined)[] = [];
  #next = 1;

  /** Remembers a text. What is known keeps its origin: who had it first is where it came from. */
  add(prints: Prints, origin: Origin): void {
    if (prints.count === 0) return;
    if (this.#hashes === NO_SLOTS) {
      this.#hashes = new Uint32Array(SLOTS);
      this.#numbers = new Uint32Array(SLOTS);
      this.#origins = new Array(ORIGINS).fill(undefined);
    }
    const number = this.#next++;
    this.#origins[number % ORIGINS] = origin;
    for (let k = 0; k < prints.count; k++) {
      const hash = prints.hashes[k]!, slot = slotOf(hash);
      if (this.#hashes[slot] === hash && this.#originOf(slot) !== undefined) continue;
      this.#hashes[slot] = hash;
      this.#numbers[slot] = number;
    }
  }

  /** What of a text came from results of other servers than `server`, those with most first. */
  shared(prints: Prints, server: string, since: number): readonly Shared[] {
    if (this.#hashes === NO_SLOTS) return NONE;
    let found: Map<Origin, Shared> | undefined;
    for (let k = 0; k < prints.count; k++) {
      const hash = prints.hashes[k]!, slot = slotOf(hash);
      if (this.#hashes[slot] !== hash) continue;
      const origin = this.#originOf(slot);
      if (origin?.server === undefined || origin.server === server || origin.time < since) continue;
      const place = prints.places[k]!, offset = prints.offsets[k]!;
      found ??= new Map();
      const one = found.get(origin);
      if (one === undefined) found.set(origin, { origin, chars: STRETCH, until: place, first: offset, last: offset });
      else {
        one.chars += Math.min(STRETCH, place - one.until);
        one.until = place;
        one.last = offset;
      }
    }
    return found === undefined ? NONE : [...found.values()].sort((a, b) => b.chars - a.chars);
  }

  #originOf(slot: number): Origin | undefined {
    const number = this.#numbers[slot]!;
    return number === 0 || this.#next - number > ORIGINS ? undefined : this.#origins[number % ORIGINS];
  }
}

const NONE: readonly Shared[] = Object.freeze([]);

/** The highest bits, by which fingerprints are chosen, are the same in all; the lowest are not. */
function slotOf(hash: number): number {
  return hash & (SLOTS - 1);
}
