/**
 * What a line of a sensor says, whichever program wrote it.
 *
 * @module
 */
import type { JsonRpcId, SensorCall, Transport } from "../../pipeline/event.ts";

/** A process as a line names it: a claim. */
export interface NamedProcess {
  /** As the writer sees it. */
  readonly pid: number;
  /** What the line calls it. */
  readonly name: string | undefined;
}

/** A protocol message that a line tells of. */
export interface ToldMessage {
  /** The message's JSON is `buffer[from, to)`. */
  readonly buffer: Uint8Array;
  /** Offset of the first byte. */
  readonly from: number;
  /** Offset just past the last byte. */
  readonly to: number;
  /** JSON-RPC id as the line gives it beside the message. */
  readonly id: JsonRpcId | undefined;
  /** What the line says that it is. */
  readonly what: "request" | "response" | "notification" | undefined;
  /** Whose side the teller is on, if it is one of both. */
  readonly side: "client" | "server" | undefined;
  /** True if the teller sent it; of a teller in between: if it goes from client to server. */
  readonly isSent: boolean;
  /** True if the message has to be made whole: it may lack `jsonrpc` and `id`. */
  readonly isBare: boolean;
  /** Of a teller in between: who sent it, and who gets it. */
  readonly sender: NamedProcess | undefined;
  /** Of a teller in between. */
  readonly receiver: NamedProcess | undefined;
  /** What tells conversations apart, besides process and session. */
  readonly lane: string;
}

/** One line. */
export interface SensorRecord {
  /** Milliseconds since the Unix epoch with a fraction; undefined if the line names none that can be read. */
  readonly time: number | undefined;
  /** Which sensor. */
  readonly sensor: string;
  /** What happened. */
  readonly name: string;
  /** `event`, `nonactionable`, `sensor_lifecycle`. */
  readonly type: string | undefined;
  /** Counts what one process told. */
  readonly sequence: number | undefined;
  /** The sensor's own name of the process: a UUID. */
  readonly component: string | undefined;
  /** Id of the span it happened in. */
  readonly span: string | undefined;
  /** Of the beginning and end of a span: what it is of. */
  readonly spanOf: string | undefined;
  /** Of an import: true if the sensor says that the file is not the package's. */
  readonly isTampered: boolean;
  /** The sensor's name of the session. */
  readonly session: string | undefined;
  /** The process that the sensor runs in. */
  readonly pid: number | undefined;
  /** Its parent. */
  readonly ppid: number | undefined;
  /** Its start, in milliseconds since the epoch. */
  readonly start: number | undefined;
  /** What the sensor calls it. */
  readonly process: string | undefined;
  /** The call that was being worked on. */
  readonly call: SensorCall | undefined;
  /** How messages of the session travel, where the line says so. */
  readonly transport: Transport | undefined;
  /** The object with the event's own members is `buffer[from, to)`; of the message, where there is one, `message` says the place. */
  readonly buffer: Uint8Array;
  /** Offset of its brace. */
  readonly from: number;
  /** Offset just past its closing brace. */
  readonly to: number;
  /** Names of members of the object that are not the event's own: the envelope. */
  readonly envelope: readonly string[];
  /** Where the message stands in the object, if it does; it is not part of the event's own members. */
  readonly message: ToldMessage | undefined;
}
