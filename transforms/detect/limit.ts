/**
 * Keeps one rule from flooding: so many findings a minute of one session are told, the rest is counted and told in one.
 *
 * @module
 */
import type { FindingEvent } from "../../pipeline/event.ts";

const MINUTE = 60_000;
/** Rules and sessions that are counted at once. Beyond it the oldest count ends early. */
const MOST = 10_000;

interface Count {
  /** Milliseconds since the epoch when the minute ends. */
  readonly until: number;
  told: number;
  /** Findings that were not told, and the last of them. */
  held: number;
  last: FindingEvent | undefined;
}

/** Counts findings by rule and session. */
export class Limit {
  /** Findings that were not told one by one. */
  held = 0;
  readonly #perMinute: number;
  /** By rule and session, those whose minute ends first in front. */
  readonly #counts = new Map<string, Count>();

  /** A limit of so many findings a minute. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Adds the finding to `out` if its rule and session have some left; `now` is the time of the events. */
  pass(finding: FindingEvent, now: number, out: FindingEvent[]): void {
    const key = `${finding.session?.id ?? "-"} ${finding.rule}`;
    let count = this.#counts.get(key);
    if (count !== undefined && count.until <= now) {
      this.#end(key, count, out);
      count = undefined;
    }
    if (count === undefined) {
      if (this.#counts.size >= MOST) this.#endOldest(out);
      this.#counts.set(key, count = { until: now + MINUTE, told: 0, held: 0, last: undefined });
    }
    if (count.told < this.#perMinute) {
      count.told++;
      out.push(finding);
    } else {
      count.held++;
      count.last = finding;
      this.held++;
    }
  }

  /** Tells what was held back in the minutes that are over. */
  tick(now: number, out: FindingEvent[]): void {
    for (const [key, count] of this.#counts) {
      if (count.until > now) break;
      this.#end(key, count, out);
    }
  }

  /** Tells all that was held back. */
  end(out: FindingEvent[]): void {
    for (const [key, count] of this.#counts) this.#end(key, count, out);
  }

  #endOldest(out: FindingEvent[]): void {
    for (const [key, count] of this.#counts) return this.#end(key, count, out);
  }

  #end(key: string, { held, last }: Count, out: FindingEvent[]): void {
    this.#counts.delete(key);
    if (last === undefined) return;
    const more = held === 1 ? "1 more finding" : `${held} more findings`;
    out.push({
      ...last,
      message: `${more} of this rule in this session within a minute; the last: ${last.message}`,
      details: { ...last.details, held_back: held },
    });
  }
}
