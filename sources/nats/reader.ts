/**
 * Makes events of what mcpsonde's `nats` sinks sent.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Event, GapEvent } from "../../pipeline/event.ts";
import { JsonlEvents } from "../../pipeline/lines/reading/events.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";
import { several } from "../../pipeline/wording.ts";

/** Senders that are remembered. */
const SENDERS = 256;
/** A record's id: its sender, and its number there. */
const ID = /^([0-9a-f]{16})-\d{1,16}$/;

/** A message, as far as it matters here. */
export interface Sent {
  readonly data: Uint8Array;
  /** `Nats-Msg-Id`. */
  readonly id: string | undefined;
}

/** Reads messages. What belongs together comes of one sender: each has numbers of its own for streams and sessions. */
export class MessageReader {
  readonly #source: string;
  readonly #senders = new RecentMap<string, JsonlEvents>(SENDERS);
  #unreadable = 0;
  #bytes = 0;

  /** `source` is the name of the source. */
  constructor(source: string) {
    this.#source = source;
  }

  /** The events of some messages, in their order; what is no line of ours is told in a gap at the end. */
  read(messages: readonly Sent[]): Event[] {
    const out: Event[] = [];
    for (const { data, id } of messages) {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      const read = this.#of(id).read(bytes);
      if (read !== undefined) out.push(read.event);
      else {
        this.#unreadable++;
        this.#bytes += data.length;
      }
    }
    if (this.#unreadable > 0) out.push(this.#gap());
    return out;
  }

  #of(id: string | undefined): JsonlEvents {
    const sender = ID.exec(id ?? "")?.[1] ?? "";
    let events = this.#senders.get(sender);
    if (events === undefined) this.#senders.set(sender, events = new JsonlEvents());
    return events;
  }

  #gap(): GapEvent {
    const records = this.#unreadable, bytes = this.#bytes;
    this.#unreadable = this.#bytes = 0;
    return {
      kind: "gap",
      time: Date.now(),
      source: this.#source,
      reason: "unreadable_line",
      message: `${several(records, "message")} ${records === 1 ? "is" : "are"} no line of a mcpsonde`,
      lost: { records, bytes },
    };
  }
}
