/**
 * The event of a sensor, lazy.
 *
 * @module
 */
import type { EventBase, Json, Process, SensorCall, SensorEvent } from "../event.ts";
import { type SensorRecord, textOf } from "../../protocols/sensor/mod.ts";

type Data = SensorEvent["data"];

/** BlueRock says "null" where it knows no client, session or server. */
const NULLS = ["client_id", "session_id", "server_name"];

/** What a sensor told. `data` is parsed when it is first asked for. */
export class Told implements SensorEvent {
  declare readonly kind: "sensor";
  declare readonly time: number;
  declare readonly source: string;
  declare readonly process: Process | undefined;
  declare readonly peer: Process | undefined;
  declare readonly sensor: string;
  declare readonly name: string;
  declare readonly type: string | undefined;
  declare readonly sequence: number | undefined;
  declare readonly span: string | undefined;
  declare readonly session: string | undefined;
  declare readonly call: SensorCall | undefined;
  /** The line that it was read from; undefined once parsed. */
  #record: SensorRecord | undefined;
  #data: Data | undefined;

  /** An event of which the record says more; or of which `data` says all. */
  constructor(base: EventBase, record: SensorRecord, data?: Data) {
    this.kind = "sensor";
    this.time = base.time;
    this.source = base.source;
    this.process = base.process;
    this.sensor = record.sensor;
    this.name = record.name;
    this.type = record.type;
    this.sequence = record.sequence;
    this.span = record.span;
    this.session = record.session;
    this.call = record.call;
    this.#record = record;
    this.#data = data;
  }

  get data(): Data {
    const record = this.#record;
    if (this.#data === undefined && record !== undefined) this.#data = read(record);
    this.#record = undefined;
    return this.#data ?? {};
  }

  /** A spread or `JSON.stringify` would leave `data` out. */
  toJSON(): SensorEvent {
    return plain(this);
  }
}

/** A copy that may be spread: `data` is a member of its own. */
export function plain(event: SensorEvent): SensorEvent {
  const { kind, time, source, process, peer, sensor, name, type, sequence, span, session, call, data } = event;
  return { kind, time, source, process, peer, sensor, name, type, sequence, span, session, call, data };
}

function read(record: SensorRecord): Data {
  const { buffer, from, to, message } = record;
  const isInside = message !== undefined && message.buffer === buffer;
  const text = isInside
    ? `${textOf(buffer, from, message.from)}0${textOf(buffer, message.to, to)}`
    : textOf(buffer, from, to);
  const members = JSON.parse(text) as Record<string, Json>; // scanned: an object
  const isBlueRock = record.sensor === "bluepython";
  const kept = Object.entries(members).filter(([name, value]) =>
    !record.envelope.includes(name) && !(isBlueRock && value === "null" && NULLS.includes(name))
  );
  return Object.fromEntries(kept);
}
