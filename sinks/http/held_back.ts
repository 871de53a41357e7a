/**
 * How many messages people get: so many a minute, and one that counts the rest.
 *
 * @module
 */
import type { FindingEvent, Severity } from "../../pipeline/event.ts";
import { SEVERITIES } from "../../pipeline/event.ts";
import { several } from "../../pipeline/wording.ts";

const MINUTE = 60_000;
/** Rules that are counted by name. */
const MOST_RULES = 100;
/** Rules that are named. */
const NAMED = 3;

/** Lets findings pass, at most so many a minute, and counts those that do not. */
export class HeldBack {
  readonly #perMinute: number;
  readonly #passed: number[] = [];
  #since: number | undefined;
  #severities = new Map<Severity, number>();
  #rules = new Map<string, number>();
  #count = 0;

  /** At most so many messages in any 60 seconds, those that count others among them. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** True if the finding may be sent now, at milliseconds of any clock that does not go back. */
  passes(finding: FindingEvent, now: number): boolean {
    // the last place is for the message that counts the others
    if (this.#room(now) > (this.#count > 0 ? 1 : 0)) {
      this.#passed.push(now);
      return true;
    }
    this.#since ??= now;
    this.#count++;
    add(this.#severities, finding.severity);
    add(this.#rules, this.#rules.has(finding.rule) || this.#rules.size < MOST_RULES ? finding.rule : "others");
    return false;
  }

  /** What was held back, in a sentence, if there is something and it may be sent now; `anyway` does not ask. */
  told(now: number, anyway = false): string | undefined {
    if (this.#since === undefined || !anyway && this.#room(now) === 0) return undefined;
    const severities = SEVERITIES.toReversed().filter((name) => this.#severities.has(name)).map((name) =>
      `${this.#severities.get(name)} ${name}`
    );
    const rules = [...this.#rules].sort(([, a], [, b]) => b - a);
    const named = rules.slice(0, NAMED).map(([rule, count]) => `${rule} (${count})`);
    const more = rules.length > NAMED ? ` and ${several(rules.length - NAMED, "other rule")}` : "";
    const seconds = Math.max(1, Math.round((now - this.#since) / 1000));
    const text = `${several(this.#count, "more finding")} in ${several(seconds, "second")}, not sent one by one: ` +
      `${severities.join(", ")}. ${named.join(", ")}${more}`;
    this.#passed.push(now);
    this.#since = undefined;
    this.#count = 0;
    this.#severities = new Map();
    this.#rules = new Map();
    return text;
  }

  #room(now: number): number {
    while (this.#passed.length > 0 && now - this.#passed[0]! >= MINUTE) this.#passed.shift();
    return Math.max(0, this.#perMinute - this.#passed.length);
  }
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
