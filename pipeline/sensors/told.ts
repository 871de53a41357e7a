/**
 * The event of a sensor, lazy.
 *
 * @module
 */
import type { Json, Process, SensorCall, SensorEvent } from "../event.ts";
import { type SensorRecord, textOf, type ToldMessage } from "../../protocols/sensor/mod.ts";
import { without } from "./message_bytes.ts";

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
  /** Where the event's own members are: a JSON object; undefined once parsed. */
  #buffer: Uint8Array | undefined;
  #start = 0;
  #end = 0;
  readonly #envelope: readonly string[];
  #data: Data | undefined;

  /** An event of which the record says more; or of which `data` says all. */
  constructor(time: number, source: string, process: Process | undefined, record: SensorRecord, data?: Data) {
    this.kind = "sensor";
    this.time = time;
    this.source = source;
    this.process = process;
    this.sensor = record.sensor;
    this.name = record.name;
    this.type = record.type;
    this.sequence = record.sequence;
    this.span = record.span;
    this.session = record.session;
    this.call = record.call;
    this.#envelope = record.envelope;
    this.#data = data;
    if (data !== undefined) return;
    const { message } = record;
    if (message === undefined) {
      this.#buffer = record.buffer;
      this.#start = record.from;
      this.#end = record.to;
    } else this.#copy(record, message);
  }

  get data(): Data {
    if (this.#data === undefined) this.#data = this.#read();
    return this.#data;
  }

  /** A spread or `JSON.stringify` would leave `data` out. */
  toJSON(): SensorEvent {
    return plain(this);
  }

  /** Of a message, which is kept for as long as its session, what is beside it is copied: it lies in a large buffer. */
  #copy({ buffer, from, to }: SensorRecord, message: ToldMessage): void {
    const line = without(buffer, from, to, message.buffer === buffer ? message : undefined);
    this.#buffer = line.buffer;
    this.#start = line.start;
    this.#end = line.end;
  }

  #read(): Data {
    const buffer = this.#buffer;
    if (buffer === undefined) return {};
    this.#buffer = undefined;
    const members = JSON.parse(textOf(buffer, this.#start, this.#end)) as Record<string, Json>; // scanned: an object
    const isBlueRock = this.sensor === "bluepython";
    const kept = Object.entries(members).filter(([name, value]) =>
      !this.#envelope.includes(name) && !(isBlueRock && value === "null" && NULLS.includes(name))
    );
    return Object.fromEntries(kept);
  }
}

/** A copy that may be spread: `data` is a member of its own. */
export function plain(event: SensorEvent): SensorEvent {
  const { kind, time, source, process, peer, sensor, name, type, sequence, span, session, call, data } = event;
  return { kind, time, source, process, peer, sensor, name, type, sequence, span, session, call, data };
}
