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

/** Makes lines of one process. */
export class Lines {
  readonly #identity: Identity;
  readonly #clock: Clock;
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
    const full = name.startsWith("sensor_") ? name : `node_${name}`;
    const number = this.#identity.nextSequence();
    let head = `{"event":{"meta":{"name":"${full}","type":"${type}","origin":"${ORIGIN}","sensor_id":1,` +
      `"source_event_id":${number}${this.#component}`;
    if (call) head += `,"span_id":"${call.span}"`;
    head += this.#process;
    head += call ? `,"call":${call.json}}` : "}";
    if (plain) head += `,${plain}`;
    const spread = under === undefined;
    if (under !== undefined) head += `,${JSON.stringify(under)}:`;
    const tail = `},"ts":"${this.#clock.now()}"}\n`;
    return {
      head,
      open,
      spread,
      tail,
      size: head.length + open.length + tail.length,
    };
  }
}
