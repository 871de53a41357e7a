/**
 * A call in the tree, filled in as things come, and what stands under it.
 *
 * @module
 */
import type { HttpExchange } from "../../../pipeline/event.ts";
import type { Span } from "../line.ts";
import type { Place } from "./place.ts";

/** Most that is kept for one call. */
const MOST_PARTS = 100;
/** Most lines that are kept for all calls together. */
const MOST_LINES = 20_000;

/** Something under a call: finished lines, or a call of the server within it. */
export interface Part {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Coloured, without what ties them to the call. */
  readonly lines: readonly string[];
  readonly call?: CallNode | undefined;
}

/** How many lines are kept. */
export class Budget {
  lines = 0;

  takes(lines: number): boolean {
    if (this.lines + lines > MOST_LINES) return false;
    this.lines += lines;
    return true;
  }
}

/** How a call ended, as its line shows it. */
export interface Ending {
  readonly glyph: Span;
  /** Latency and the like. */
  readonly middle: readonly Span[];
  /** What was answered. */
  readonly result: readonly Span[];
}

/** What is known of a call when it begins. */
export interface Beginning {
  /** Of the session: calls within others are found by it. */
  readonly session: number;
  readonly fromServer: boolean;
  readonly exchange: HttpExchange | undefined;
  /** `https`; empty for stdio. */
  readonly transport: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** It stays open as long as the client listens. */
  readonly isListening: boolean;
  /** Method and id. */
  readonly head: readonly Span[];
  /** What names it once more. */
  readonly name: string | undefined;
  /** What was asked. */
  readonly asked: readonly Span[];
}

/** One call. It holds on to no message. */
export class CallNode {
  /** Where it stands. */
  place: Place;
  readonly beginning: Beginning;
  /** The call within which the server asks this. */
  readonly parent: CallNode | undefined;
  ending: Ending | undefined;
  /** It was drawn: what comes now comes late. */
  isDrawn = false;
  readonly #budget: Budget;
  #parts: Part[] = [];
  #left = 0;

  constructor(place: Place, beginning: Beginning, parent: CallNode | undefined, budget: Budget) {
    this.place = place;
    this.beginning = beginning;
    this.parent = parent;
    this.#budget = budget;
  }

  /** Adds something that happened within the call; what is too much is counted. */
  add(part: Part): void {
    if (this.#parts.length < MOST_PARTS && this.#budget.takes(part.lines.length + 1)) this.#parts.push(part);
    else this.#left++;
  }

  /** Takes what stands under the call, by time, and how much had no room. */
  takeParts(): { readonly parts: readonly Part[]; readonly left: number } {
    const parts = this.#parts.toSorted((a, b) => a.time - b.time), left = this.#left;
    for (const { lines } of parts) this.#budget.lines -= lines.length + 1;
    this.#parts = [];
    this.#left = 0;
    return { parts, left };
  }
}
