/**
 * What waits to be written, and what had to be dropped.
 *
 * @module
 */
import type { Pending } from "./event.ts";

/** Bounds of a queue. */
export interface QueueOptions {
  readonly maxEvents: number;
  /** Of all texts, in UTF-16 units. */
  readonly maxBytes: number;
}

/** A bounded queue. */
export class Queue {
  readonly #options: QueueOptions;
  #items: Pending[] = [];
  #first = 0;
  #size = 0;
  readonly #dropped: Record<string, number> = {};
  #hasDropped = false;
  /** All that were ever dropped. */
  dropped = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** How many wait. */
  get length(): number {
    return this.#items.length - this.#first;
  }

  /** Takes an event, or counts it as dropped. `isNeeded`: it is taken whatever waits. */
  push(item: Pending, isNeeded = false): boolean {
    const { maxEvents, maxBytes } = this.#options;
    if (!isNeeded && (this.length >= maxEvents || this.#size + item.size > maxBytes)) {
      this.drop("queue_full");
      return false;
    }
    this.#items.push(item);
    this.#size += item.size;
    return true;
  }

  /** The next one. */
  shift(): Pending | undefined {
    const item = this.#items[this.#first];
    if (item === undefined) return undefined;
    this.#first++;
    this.#size -= item.size;
    if (this.#first === this.#items.length) {
      this.#items = [];
      this.#first = 0;
    } else if (this.#first >= 1024) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Counts events that were dropped. */
  drop(reason: string, events = 1): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + events;
    this.#hasDropped = true;
    this.dropped += events;
  }

  /** What was dropped so far, by reason, if something was since this was last asked. */
  takeDropped(): Readonly<Record<string, number>> | undefined {
    if (!this.#hasDropped) return undefined;
    this.#hasDropped = false;
    return { ...this.#dropped };
  }
}
