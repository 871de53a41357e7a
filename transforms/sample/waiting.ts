/**
 * Calls that are held until they end.
 *
 * @module
 */
import type { Event } from "../../pipeline/event.ts";
import type { Unit } from "./unit.ts";

/** What is held of a call. */
interface Held {
  readonly unit: Unit;
  readonly events: Event[];
  /** Milliseconds since the epoch of its first event. */
  readonly since: number;
  bytes: number;
}

/** What was taken lies in the row until so much of it did that it is worth moving the rest. */
const LEAST_MOVED = 1024;

/** Calls in the order in which they began, each with its events. */
export class Waiting {
  /** Bytes of all events. */
  bytes = 0;
  readonly #held = new Map<Unit, Held>();
  /** In their order, with those that were taken since. */
  #row: Held[] = [];
  #first = 0;

  /** How many calls there are. */
  get size(): number {
    return this.#held.size;
  }

  /** True if events of the call are held. */
  has(unit: Unit): boolean {
    return this.#held.has(unit);
  }

  /** Holds one more event. */
  add(unit: Unit, event: Event, bytes: number): void {
    let held = this.#held.get(unit);
    if (held === undefined) {
      held = { unit, events: [], since: event.time, bytes: 0 };
      this.#held.set(unit, held);
      this.#row.push(held);
    }
    held.events.push(event);
    held.bytes += bytes;
    this.bytes += bytes;
  }

  /** Takes what is held of a call, in the order in which it came. */
  take(unit: Unit): readonly Event[] {
    const held = this.#held.get(unit);
    if (held === undefined) return [];
    this.#held.delete(unit);
    this.bytes -= held.bytes;
    return held.events;
  }

  /** The call that has been held for longest, and since when. */
  oldest(): { readonly unit: Unit; readonly since: number } | undefined {
    for (; this.#first < this.#row.length; this.#first++) {
      const held = this.#row[this.#first]!;
      if (this.#held.get(held.unit) === held) return held;
    }
    this.#row = [];
    this.#first = 0;
    return undefined;
  }

  /** Lets go of what was taken. To be called once in a while. */
  tidy(): void {
    if (this.#row.length < 2 * this.#held.size + LEAST_MOVED) return;
    this.#row = [...this.#held.values()];
    this.#first = 0;
  }
}
