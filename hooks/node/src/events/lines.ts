/**
 * Puts events into the envelope of lines.
 *
 * @module
 */
import { Clock } from "./clock.ts";
import type { Call, Line, Pending, Told } from "./event.ts";
import type { Identity } from "./identity.ts";

/** Who the events are from. */
const ORIGIN = "mcpsonde-node";
/** About as many UTF-16 units as an envelope has. */
const ENVELOPE = 512;

/** Makes lines of one process. What is the same for many is put together once. */
export class Lines {
  readonly #identity: Identity;
  readonly #clock: Clock;
  /** By name: the line up to the event's number. */
  readonly #begins = new Map<string, string>();
  readonly #component: string;
  readonly #process: string;

  constructor(identity: Identity, clock = new Clock()) {
    this.#identity = identity;
    this.#clock = clock;
    const { pid, ppid, start, name } = identity;
    this.#component = `,"component_id":${JSON.stringify(`default/${identity.component}`)}`;
    this.#process = `},"context":{"process":${JSON.stringify({ pid, ppid, start, name })}`;
  }

  /** Takes down an event that happens now, and gives it the next number. */
  take(told: Told, call: Call | null | undefined): Pending {
    const number = this.#identity.nextSequence(), size = ENVELOPE + (told.open?.length ?? 0);
    return { told, call, number, time: this.#clock.steady(), size };
  }

  /** To be called before lines are made of what was taken. */
  begin(): void {
    this.#clock.check();
  }

  /** The line of an event. */
  line({ told: { name, type = "event", plain, open = "", under }, call, number, time }: Pending): Line {
    const begin = this.#begins.get(name) ?? this.#beginOf(name, type);
    const context = call
      ? `${this.#component},"span_id":"${call.span}"${this.#process},"call":${call.json ??= jsonOf(call)}}`
      : `${this.#component}${this.#process}}`;
    const shown = typeof plain === "function" ? plain() : plain;
    const more = shown ? `,${shown}` : "";
    const key = under === undefined ? "" : `,"${under}":`;
    return {
      head: begin + number + context + more + key,
      open,
      spread: under === undefined,
      tail: `},"ts":"${this.#clock.text(time)}"}\n`,
    };
  }

  #beginOf(name: string, type: string): string {
    const full = name.startsWith("sensor_") ? name : `node_${name}`;
    const begin = `{"event":{"meta":{"name":"${full}","type":"${type}","origin":"${ORIGIN}","sensor_id":1,` +
      `"source_event_id":`;
    this.#begins.set(name, begin);
    return begin;
  }
}

function jsonOf({ id, method, name, session }: Call): string {
  return JSON.stringify({ id, method, name, session_id: session });
}
