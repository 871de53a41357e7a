/**
 * Keeps some calls, and holds the others until they end.
 *
 * @module
 */
import type { Metrics } from "../../pipeline/component.ts";
import type { Event } from "../../pipeline/event.ts";
import type { Test } from "../../pipeline/query/mod.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";
import { Head } from "./head.ts";
import type { Options } from "./options.ts";
import { bytesOf, ends, type Unit, unitOf } from "./unit.ts";
import { Waiting } from "./waiting.ts";

/** Takes events one by one; what passes is added to `out`. */
export class Sampler {
  readonly #head: Head;
  readonly #keep: Test | undefined;
  readonly #options: Options;
  readonly #metrics: Pick<Metrics, "dropped">;
  /** Whether a call passes, from when that is decided to its end. */
  readonly #decided: RecentMap<Unit, boolean>;
  /** Calls that are not decided. */
  readonly #waiting = new Waiting();

  /** What `keep` matches is kept in any case; without it nothing is held. */
  constructor(options: Options, keep: Test | undefined, metrics: Pick<Metrics, "dropped">) {
    this.#options = options;
    this.#metrics = metrics;
    this.#head = new Head(options);
    this.#keep = keep;
    this.#decided = new RecentMap(options.max_open);
  }

  /** Calls held now. */
  get calls(): number {
    return this.#waiting.size;
  }

  /** Bytes of their messages. */
  get bytes(): number {
    return this.#waiting.bytes;
  }

  /** Takes an event. */
  push(event: Event, out: Event[]): void {
    this.#expire(event.time, out);
    const unit = unitOf(event);
    if (unit === undefined) {
      if (event.kind === "finding" && event.call !== undefined) this.#foundOn(event.call.id, event, out);
      out.push(event);
      return;
    }
    this.#judge(unit, event, out);
    if (ends(event)) this.#decided.delete(unit);
  }

  /** The end of the input: what is held has no end, and passes. */
  end(out: Event[]): void {
    for (let next = this.#waiting.oldest(); next !== undefined; next = this.#waiting.oldest()) {
      this.#release(next.unit, out);
    }
  }

  #judge(unit: Unit, event: Event, out: Event[]): void {
    const decided = this.#decided.get(unit);
    if (decided === true) out.push(event);
    else if (this.#keep?.(event) === true) {
      this.#release(unit, out);
      out.push(event);
    } else if (decided === false) this.#metrics.dropped("sampled");
    else if (this.#waiting.has(unit)) this.#hold(unit, event);
    else if (this.#head.keeps(event)) {
      this.#decided.set(unit, true);
      out.push(event);
    } else if (this.#keep === undefined || ends(event)) {
      this.#decided.set(unit, false);
      this.#metrics.dropped("sampled");
    } else this.#hold(unit, event);
  }

  /** A finding that tells how a call ended, as no message did. */
  #foundOn(call: number, finding: Event, out: Event[]): void {
    if (this.#waiting.has(call) && this.#keep?.(finding) === true) this.#release(call, out);
  }

  #hold(unit: Unit, event: Event): void {
    const waiting = this.#waiting;
    waiting.add(unit, event, bytesOf(event));
    if (ends(event)) this.#leaveOut(unit, "sampled");
    while (waiting.size > this.#options.max_calls || waiting.bytes > this.#options.max_bytes) {
      const oldest = waiting.oldest();
      if (oldest === undefined) break;
      this.#leaveOut(oldest.unit, "held_full");
    }
    waiting.tidy();
  }

  #expire(now: number, out: Event[]): void {
    for (let next = this.#waiting.oldest(); next !== undefined; next = this.#waiting.oldest()) {
      if (now - next.since <= this.#options.max_wait_ms) break;
      this.#release(next.unit, out);
    }
  }

  /** Lets a call pass: what was held of it, and what comes. */
  #release(unit: Unit, out: Event[]): void {
    this.#decided.set(unit, true);
    for (const event of this.#waiting.take(unit)) out.push(event);
  }

  #leaveOut(unit: Unit, reason: string): void {
    this.#decided.set(unit, false);
    this.#metrics.dropped(reason, this.#waiting.take(unit).length);
  }
}
