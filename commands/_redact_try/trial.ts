/**
 * Runs rules over events and keeps count, with a few examples of each.
 *
 * @module
 */
import type { Event, McpEvent } from "../../pipeline/event.ts";
import type { Policy } from "../../transforms/redact/policy.ts";
import { Redactor } from "../../transforms/redact/redactor.ts";
import { type Deed, isDeed } from "../../transforms/redact/rule.ts";

/** Characters shown on either side of a value. */
const AROUND = 44;
/** Longest message that an example is looked for in, in UTF-16 units. */
const LONGEST = 1 << 20;

/** A value and what stands in its place. */
export interface Example {
  /** `tools/call login, request`. */
  readonly where: string;
  /** What stands before it and after it, redacted as well. */
  readonly left: string;
  readonly right: string;
  readonly value: string;
  readonly by: string;
}

/** What a rule or kind did. */
export interface Done {
  readonly deed: Deed;
  /** Events that it did something in. */
  events: number;
  readonly examples: Example[];
}

/** Takes events, and counts. */
export class Trial {
  /** Messages, other events, how many of them changed, how many were left out. */
  messages = 0;
  others = 0;
  changed = 0;
  dropped = 0;
  readonly done: ReadonlyMap<Deed, Done>;
  readonly #redactor: Redactor;
  readonly #most: number;

  /** Keeps at most so many examples of each rule or kind. */
  constructor(policy: Policy, examples: number) {
    this.#redactor = new Redactor(policy);
    this.#most = examples;
    this.done = new Map(policy.deeds.map((deed) => [deed, { deed, events: 0, examples: [] }]));
  }

  /** Takes an event as it was before redact. */
  add(event: Event): void {
    if (event.kind === "chunk") return;
    if (event.kind === "mcp") this.messages++;
    else this.others++;
    const before = [...this.done.keys()].map(({ count }) => count);
    const shown = this.#redactor.redact(event);
    if (!isDeed(shown)) touch(shown);
    let changed = false, k = 0;
    for (const [deed, done] of this.done) {
      if (deed.count > before[k++]!) {
        done.events++;
        changed = true;
      }
    }
    if (isDeed(shown)) this.dropped++;
    else {
      if (changed) this.changed++;
      if (event.kind === "mcp" && shown.kind === "mcp" && shown !== event) this.#explain(event, shown);
    }
  }

  #explain(event: McpEvent, shown: McpEvent): void {
    if (shown.end - shown.start > LONGEST) return;
    const text = shown.raw;
    let from = 0;
    for (const { value, by, deed } of this.#redactor.messages.replaced(event)) {
      const done = this.done.get(deed);
      if (done === undefined || done.examples.length >= this.#most) continue;
      const written = JSON.stringify(by).slice(1, -1);
      const at = by === "" ? -1 : Math.max(text.indexOf(written, from), -1);
      const place = at >= 0 ? at : text.indexOf(written);
      if (by !== "" && place >= 0) from = place + written.length;
      const isKnown = by !== "" && place >= 0;
      const left = isKnown ? text.slice(Math.max(0, place - AROUND), place) : "";
      const right = isKnown ? text.slice(place + written.length, place + written.length + AROUND) : "";
      if (done.examples.some((example) => example.value === value && example.by === by)) continue;
      done.examples.push({ where: whereOf(shown), left, right, value, by });
    }
  }
}

/** Heads are redacted when they are asked for. */
function touch(shown: Event): void {
  const exchange = shown.kind === "http" ? shown.exchange : shown.kind === "mcp" ? shown.http : undefined;
  void [exchange?.request, exchange?.response, exchange?.client, exchange?.server];
}

function whereOf(shown: McpEvent): string {
  const method = shown.method ?? shown.request?.method;
  const call = shown.type === "request" ? shown : shown.request;
  const params = method === "tools/call" ? call?.params : undefined;
  const name = typeof params === "object" && params !== null && !Array.isArray(params) ? params["name"] : undefined;
  return [method, typeof name === "string" ? name : undefined, shown.type].filter((part) => part !== undefined).join(
    " ",
  );
}
