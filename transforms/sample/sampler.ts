/**
 * Keeps some calls, and holds the others until they end.
 *
 * @module
 */
import type { Metrics } from "../../pipeline/component.ts";
import type { Event } from "../../pipeline/event.ts";
import type { Test } from "../../pipeline/query/mod.ts";
import { Head } from "./head.ts";
import type { Options } from "./options.ts";
import { bytesOf, ends, unitOf } from "./unit.ts";

/** What is held of a call. */
interface Held {
  readonly events: Event[];
  readonly since: number;
  bytes: number;
}

/** Takes events one by one; what passes is added to `out`. */
export class Sampler {
  readonly #head: Head;
  readonly #keep: Test | undefined;
  readonly #options: Options;
  readonly #metrics: Pick<Metrics, "dropped">;
  /** Whether a call passes, once that is decided; forgotten with the call. */
  readonly #decided = new WeakMap<object, boolean>();
  /** Calls that are not decided, the oldest first. */
  readonly #held = new Map<object, Held>();
  #bytes = 0;

  /** What `keep` matches is kept in any case; without it nothing is held. */
  constructor(options: Options, keep: Test | undefined, metrics: Pick<Metrics, "dropped">) {
    this.#options = options;
    this.#metrics = metrics;
    this.#head = new Head(options);
    this.#keep = keep;
  }

  /** Calls held now. */
  get calls(): number {
    return this.#held.size;
  }

  /** Bytes of their messages. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes an event. */
  push(event: Event, out: Event[]): void {
    this.#expire(event.time, out);
    const unit = unitOf(event);
    if (unit === undefined) {
      if (event.kind === "finding" && event.call !== undefined) this.#foundOn(event.call, event, out);
      out.push(event);
      return;
    }
    const decided = this.#decided.get(unit);
    if (decided === true) return void out.push(event);
    const held = this.#held.get(unit);
    if (this.#keep?.(event) === true) {
      this.#release(unit, out);
      out.push(event);
    } else if (decided === false) this.#metrics.dropped("sampled");
    else if (held !== undefined) this.#hold(unit, held, event);
    else if (this.#head.keeps(event)) this.#release(unit, out, event);
    else if (this.#keep === undefined || ends(event)) this.#leaveOut(unit, 1);
    else this.#hold(unit, undefined, event);
  }

  /** The end of the input: what is held has no end, and passes. */
  end(out: Event[]): void {
    for (const unit of [...this.#held.keys()]) this.#release(unit, out);
  }

  /** A finding that tells how a call ended, as no message did. */
  #foundOn(call: object, finding: Event, out: Event[]): void {
    if (this.#held.has(call) && this.#keep?.(finding) === true) this.#release(call, out);
  }

  #hold(unit: object, held: Held | undefined, event: Event): void {
    const bytes = bytesOf(event);
    const mine = held ?? { events: [], since: event.time, bytes: 0 };
    mine.events.push(event);
    mine.bytes += bytes;
    this.#bytes += bytes;
    if (held === undefined) this.#held.set(unit, mine);
    if (ends(event)) this.#leaveOut(unit, 0);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= this.#options.max_calls && this.#bytes <= this.#options.max_bytes) break;
      this.#leaveOut(oldest, 0, "held_full");
    }
  }

  #expire(now: number, out: Event[]): void {
    for (const [unit, { since }] of this.#held) {
      if (now - since <= this.#options.max_wait_ms) break;
      this.#release(unit, out);
    }
  }

  #release(unit: object, out: Event[], event?: Event): void {
    this.#decided.set(unit, true);
    out.push(...this.#take(unit), ...(event === undefined ? [] : [event]));
  }

  /** `more` events that are not held are left out as well. */
  #leaveOut(unit: object, more: number, reason = "sampled"): void {
    this.#decided.set(unit, false);
    this.#metrics.dropped(reason, this.#take(unit).length + more);
  }

  #take(unit: object): readonly Event[] {
    const held = this.#held.get(unit);
    if (held === undefined) return [];
    this.#held.delete(unit);
    this.#bytes -= held.bytes;
    return held.events;
  }
}
