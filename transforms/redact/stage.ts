/**
 * The transform's way through batches, and what it says of what it leaves out.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import type { Batch, Event, GapEvent } from "../../pipeline/event.ts";
import type { Policy } from "./policy.ts";
import { Redactor } from "./redactor.ts";
import { isDeed } from "./rule.ts";

/** What was left out and not told yet, by reason. */
interface LeftOut {
  readonly reason: string;
  readonly why: string;
  events: number;
  bytes: number;
  /** How many have been told of. */
  told: number;
}

/** Redacts batches. */
export class Stage {
  readonly #redactor: Redactor;
  readonly #policy: Policy;
  readonly #chunks: "drop" | "pass";
  readonly #context: Pick<Context, "log" | "metrics" | "name">;
  readonly #left = new Map<string, LeftOut>();
  #time = 0;
  #count = 0;

  constructor(policy: Policy, chunks: "drop" | "pass", context: Pick<Context, "log" | "metrics" | "name">) {
    this.#redactor = new Redactor(policy);
    this.#policy = policy;
    this.#chunks = chunks;
    this.#context = context;
  }

  /** The batch, the same one if nothing in it had to be redacted. */
  batch(batch: Batch): Batch {
    this.#redactor.messages.begin();
    let out: Event[] | undefined;
    for (let k = 0; k < batch.length; k++) {
      const event = batch[k]!;
      const shown = this.#event(event);
      if (out === undefined && shown === event) continue;
      out ??= batch.slice(0, k);
      if (shown !== undefined) out.push(shown);
    }
    if (this.#left.size > 0) this.#tell(out ??= [...batch], false);
    this.#measure();
    return out ?? batch;
  }

  /** What is still to be told at the end. */
  end(): Batch {
    const out: Event[] = [];
    this.#tell(out, true);
    return out;
  }

  #event(event: Event): Event | undefined {
    this.#time = event.time;
    if (event.kind === "chunk" && this.#chunks === "drop") {
      this.#leaveOut("raw_bytes", "raw bytes, which nothing before redact has decoded", event.end - event.start);
      return undefined;
    }
    try {
      const shown = this.#redactor.redact(event);
      if (!isDeed(shown)) return shown;
      this.#leaveOut("dropped_by_rule", `the rule ${shown.rule} wants it so`, 0);
    } catch (error) {
      // What cannot be redacted may not be shown.
      this.#context.metrics.error("failed");
      this.#leaveOut("redact_failed", `redacting it failed: ${reasonOf(error)}`, 0);
    }
    return undefined;
  }

  #leaveOut(reason: string, why: string, bytes: number): void {
    this.#context.metrics.dropped(reason);
    const key = `${reason} ${why}`;
    let left = this.#left.get(key);
    if (left === undefined) {
      if (this.#left.size >= 256) return; // counted by the metrics all the same
      this.#left.set(key, left = { reason, why, events: 0, bytes: 0, told: 0 });
      if (reason === "raw_bytes") {
        this.#context.log.warn('raw bytes come here and are left out: put { "type": "jsonrpc" } before redact');
      }
    }
    left.events++;
    left.bytes += bytes;
  }

  /** Tells of what was left out: of the first at once, then each time that it is ten times as much, and at the end. */
  #tell(out: Event[], isEnd: boolean): void {
    for (const left of this.#left.values()) {
      if (left.events === left.told || (!isEnd && left.events < left.told * 10)) continue;
      out.push(this.#gap(left));
      left.told = left.events;
      left.bytes = 0;
    }
  }

  #gap({ reason, why, events, bytes, told }: LeftOut): GapEvent {
    const count = events - told;
    return {
      kind: "gap",
      time: this.#time,
      source: this.#context.name,
      reason,
      message: `${count} ${count === 1 ? "event was" : "events were"} left out: ${why}`,
      lost: { records: count, ...(bytes > 0 ? { bytes } : {}) },
    };
  }

  #measure(): void {
    let count = 0;
    for (const deed of this.#policy.deeds) count += deed.count;
    if (count === this.#count) return;
    this.#count = count;
    this.#context.metrics.set("redacted", count);
  }
}

/** Without what the message of an error may quote. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.name : "error";
}
