/**
 * Lines of any other program: the user says where things stand.
 *
 * @module
 */
import { Members, type MembersFound } from "../json_members/mod.ts";
import { countAt, textAt, textOf, unescaped } from "./_values.ts";
import { readTime } from "./_time.ts";
import { transportOf } from "./envelope.ts";
import type { SensorRecord, ToldMessage } from "./record.ts";

/** Dotted paths into a line. */
export interface Mapping {
  /** Time: RFC 3339, or a number of seconds, milliseconds, microseconds or nanoseconds. */
  readonly time?: string | undefined;
  /** What happened. */
  readonly name?: string | undefined;
  /** What tells of it. */
  readonly sensor?: string | undefined;
  /** Process id. */
  readonly pid?: string | undefined;
  /** Name of the process. */
  readonly process?: string | undefined;
  /** Session. */
  readonly session?: string | undefined;
  /** A JSON-RPC message: an object, or its text. */
  readonly message?: string | undefined;
  /** Which way the message goes. */
  readonly direction?: string | undefined;
  /** `stdio`, `http` or `sse`. */
  readonly transport?: string | undefined;
  /** Counts what one process told. */
  readonly sequence?: string | undefined;
}

const FIELDS = [
  "time",
  "name",
  "sensor",
  "pid",
  "process",
  "session",
  "message",
  "direction",
  "transport",
  "sequence",
] as const;
type Field = typeof FIELDS[number];

/** Where many programs have them, for what the mapping does not say. */
const USUAL: Readonly<Record<Field, string>> = {
  time: "time",
  name: "name",
  sensor: "sensor",
  pid: "pid",
  process: "process",
  session: "session",
  message: "message",
  direction: "direction",
  transport: "transport",
  sequence: "sequence",
};
/** Those that come again and again. */
const TEXTS: readonly Field[] = ["name", "sensor", "process", "session", "direction", "transport"];
const OTHER_TIMES = ["timestamp", "ts", "@timestamp"];
/** What directions are called when a message goes from client to server. */
const TO_SERVER = /^(in|c2s|request|received?|recv|client_to_server|to_server)$/i;
const TO_CLIENT = /^(out|s2c|response|sent|send|server_to_client|to_client)$/i;

/** Reads lines by a mapping. */
export class PlainLines {
  readonly #members: Members;
  /** Names of top-level members that are not the event's own. */
  readonly #envelope: readonly string[];

  /** Paths that are not given are those with the field's own name. */
  constructor(mapping: Mapping) {
    const paths = FIELDS.map((field) => mapping[field] ?? USUAL[field]);
    const numbered = TEXTS.map((field) => FIELDS.indexOf(field));
    this.#members = new Members([...paths, ...OTHER_TIMES].map((path) => path.split(".")), numbered);
    const message = mapping.message ?? USUAL.message;
    this.#envelope = message.includes(".") ? [] : [message];
  }

  /** What a line is; if it is an object, {@linkcode record} has more. */
  find(bytes: Uint8Array, from: number, to: number, depth: number): MembersFound {
    return this.#members.find(bytes, from, to, depth);
  }

  /** The record of the line that was just found; undefined if it has neither a time nor a name nor a message. */
  record(bytes: Uint8Array, from: number, to: number): SensorRecord | undefined {
    const message = this.#message(bytes), time = this.#time(bytes), name = this.#text(bytes, "name");
    if (time === undefined && name === undefined && message === undefined) return undefined;
    const sensor = this.#text(bytes, "sensor"), session = this.#text(bytes, "session");
    return {
      time,
      sensor: sensor ?? "plain",
      name: name ?? (message === undefined ? "line" : "message"),
      type: undefined,
      sequence: this.#count(bytes, "sequence"),
      component: undefined,
      span: undefined,
      spanOf: undefined,
      isTampered: false,
      session,
      pid: this.#count(bytes, "pid"),
      ppid: undefined,
      start: undefined,
      process: this.#text(bytes, "process"),
      call: undefined,
      transport: transportOf(this.#text(bytes, "transport")),
      buffer: bytes,
      from,
      to,
      envelope: message === undefined ? [] : this.#envelope,
      message,
    };
  }

  #time(bytes: Uint8Array): number | undefined {
    for (let path = 0; path < FIELDS.length + OTHER_TIMES.length; path += path === 0 ? FIELDS.length : 1) {
      const time = readTime(bytes, this.#members.from(path), this.#members.to(path));
      if (time !== undefined) return time;
    }
    return undefined;
  }

  #message(bytes: Uint8Array): ToldMessage | undefined {
    const from = this.#from("message"), to = this.#to("message");
    if (from < 0) return undefined;
    const isObject = bytes[from] === 0x7b;
    if (!isObject && bytes[from] !== 0x22) return undefined;
    const text = isObject ? bytes.subarray(from, to) : unescaped(bytes, from, to);
    if (!isObject && text[0] !== 0x7b) return undefined; // a text for people
    const direction = this.#text(bytes, "direction");
    return {
      buffer: isObject ? bytes : text,
      from: isObject ? from : 0,
      to: isObject ? to : text.length,
      id: undefined,
      what: undefined,
      side: undefined,
      isSent: direction !== undefined && TO_SERVER.test(direction)
        ? true
        : direction !== undefined && TO_CLIENT.test(direction)
        ? false
        : hasMethod(text),
      isBare: false,
      sender: undefined,
      receiver: undefined,
      lane: "",
    };
  }

  #text(bytes: Uint8Array, field: Field): string | undefined {
    return textAt(this.#members, FIELDS.indexOf(field), bytes);
  }

  #count(bytes: Uint8Array, field: Field): number | undefined {
    return countAt(this.#members, FIELDS.indexOf(field), bytes);
  }

  #from(field: Field): number {
    return this.#members.from(FIELDS.indexOf(field));
  }

  #to(field: Field): number {
    return this.#members.to(FIELDS.indexOf(field));
  }
}

/** What names a method is mostly asked by the client; answers name none. */
function hasMethod(message: Uint8Array): boolean {
  try {
    return (JSON.parse(textOf(message, 0, message.length)) as { method?: unknown }).method !== undefined;
  } catch {
    return false; // the text of a string need not be JSON
  }
}
