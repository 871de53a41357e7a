/**
 * Puts events into the envelope of lines.
 *
 * @module
 */
import { Clock } from "./clock.ts";
import type { Pending, Told } from "./event.ts";
import type { Identity } from "./identity.ts";

/** Who the events are from. */
const ORIGIN = "mcpsonde-node";

/** Makes lines of one process. Called for each event: what is the same for many is put together once. */
export class Lines {
  readonly #identity: Identity;
  readonly #clock: Clock;
  /** By name and type: the line up to the event's number. */
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

  /** The line of an event that happens now. It takes the next number. */
  line({ name, type = "event", plain, open = "", under, call }: Told): Pending {
    const begin = this.#begins.get(name) ?? this.#begin(name, type);
    const number = this.#identity.nextSequence();
    const context = call
      ? `${this.#component},"span_id":"${call.span}"${this.#process},"call":${call.json}}`
      : `${this.#component}${this.#process}}`;
    const more = plain ? `,${plain}` : "";
    const key = under === undefined ? "" : `,"${under}":`;
    const head = begin + number + context + more + key;
    const tail = `},"ts":"${this.#clock.now()}"}\n`;
    return { head, open, spread: under === undefined, tail, size: head.length + open.length + tail.length };
  }

  #begin(name: string, type: string): string {
    const full = name.startsWith("sensor_") ? name : `node_${name}`;
    const begin = `{"event":{"meta":{"name":"${full}","type":"${type}","origin":"${ORIGIN}","sensor_id":1,` +
      `"source_event_id":`;
    this.#begins.set(name, begin);
    return begin;
  }
}
