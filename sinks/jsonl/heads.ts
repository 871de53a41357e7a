/**
 * The beginning of a line, up to where messages differ, made once for each stream and type.
 *
 * @module
 */
import type { McpEvent, McpType, Process, Stream } from "../../pipeline/event.ts";
import type { ByteBuffer } from "../../pipeline/output/byte_buffer.ts";
import { putFraction, timestamp, toMicros } from "./timestamp.ts";

/** Streams whose heads are kept. */
const LIMIT = 4096;
const START = '{"kind":"mcp","timestamp":"';
const encoder = new TextEncoder();

/** What the heads of a stream were made of, and the heads by type. */
interface Heads {
  readonly process: Process | undefined;
  readonly peer: Process | undefined;
  readonly source: string;
  readonly transport: McpEvent["transport"];
  /** What stands between timestamp and type. */
  readonly middle: string;
  request: Head | undefined;
  response: Head | undefined;
  notification: Head | undefined;
  malformed: Head | undefined;
}

/** A head with a timestamp in it that is right but for its fraction. */
interface Head {
  readonly bytes: Uint8Array;
  second: number;
}

/** Writes heads. */
export class HeadWriter {
  readonly #heads = new Map<Stream, Heads>();
  readonly #details: boolean;

  /** `details` adds each end's executable, command line and cgroup. */
  constructor(details: boolean) {
    this.#details = details;
  }

  /** Adds the head of the event's line, with room for `room` bytes after it. */
  write(out: ByteBuffer, event: McpEvent, room: number): void {
    const heads = this.#of(event);
    const head = heads[event.type] ??= make(heads, event.type);
    const { bytes } = head;
    const micros = toMicros(event.time);
    const second = Math.floor(micros / 1e6);
    if (head.second !== second) {
      head.second = second;
      encoder.encodeInto(timestamp(micros), bytes.subarray(START.length));
    }
    out.reserve(bytes.length + room);
    const at = out.length;
    out.put(bytes);
    putFraction(out.bytes, at + START.length, micros - second * 1e6);
  }

  #of(event: McpEvent): Heads {
    const { stream, process, peer, source, transport } = event;
    const heads = this.#heads.get(stream);
    if (
      heads !== undefined && heads.process === process && heads.peer === peer && heads.source === source &&
      heads.transport === transport
    ) return heads;
    if (heads === undefined && this.#heads.size >= LIMIT) this.#heads.clear();
    const made: Heads = {
      process,
      peer,
      source,
      transport,
      middle: middle(event, this.#details),
      request: undefined,
      response: undefined,
      notification: undefined,
      malformed: undefined,
    };
    this.#heads.set(stream, made);
    return made;
  }
}

function make({ middle }: Heads, type: McpType): Head {
  return { bytes: encoder.encode(`${START}${timestamp(0)}",${middle},"type":"${type}"`), second: 0 };
}

function middle({ stream, process, peer, source, transport }: McpEvent, details: boolean): string {
  const ends = transport === "stdio"
    ? { stdio_transport: { ...end("from", process, details), ...end("to", peer, details) } }
    : {}; // `http_transport` differs from exchange to exchange
  return JSON.stringify({ transport_type: transport, ...ends, source, stream: stream.id }).slice(1, -1);
}

/** One end of a stdio transport: MCPSpy's two fields, which are always there, then ours. */
function end(prefix: "from" | "to", process: Process | undefined, details: boolean): Record<string, unknown> {
  const fields = {
    pid: process?.pid ?? 0,
    comm: process?.comm ?? "",
    name: process?.name,
    container: process?.container,
    ...(details ? { exe: process?.exe, args: process?.args, cgroup: process?.cgroup } : {}),
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}_${name}`, value]));
}
