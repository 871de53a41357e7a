/**
 * The part of a line that is the same for all messages of a stream, made once.
 *
 * @module
 */
import type { McpEvent, Process, Stream } from "../../pipeline/event.ts";

/** Streams whose head is kept. */
const LIMIT = 4096;
const encoder = new TextEncoder();

/** A line from just after its timestamp to just before its type. */
export interface Head {
  readonly process: Process | undefined;
  readonly peer: Process | undefined;
  readonly reverse: Stream | undefined;
  readonly source: string;
  readonly transport: McpEvent["transport"];
  readonly bytes: Uint8Array;
}

/** Heads by stream. */
export class Heads {
  readonly #heads = new Map<Stream, Head>();
  readonly #details: boolean;

  /** `details` adds each end's executable, command line and cgroup. */
  constructor(details: boolean) {
    this.#details = details;
  }

  /** The head of this event's line. */
  of(event: McpEvent): Uint8Array {
    const { stream, process, peer, source, transport } = event;
    const head = this.#heads.get(stream);
    if (
      head !== undefined && head.process === process && head.peer === peer && head.source === source &&
      head.transport === transport && head.reverse === stream.reverse
    ) return head.bytes;
    if (head === undefined && this.#heads.size >= LIMIT) this.#heads.clear();
    const bytes = this.#make(event);
    this.#heads.set(stream, { process, peer, reverse: stream.reverse, source, transport, bytes });
    return bytes;
  }

  #make({ stream, process, peer, source, transport }: McpEvent): Uint8Array {
    const ends = transport === "stdio"
      ? { stdio_transport: { ...end("from", process, this.#details), ...end("to", peer, this.#details) } }
      : { http_transport: { pid: process?.pid ?? 0, comm: process?.comm ?? "" } };
    const head = {
      transport_type: transport,
      ...ends,
      source,
      stream: stream.id,
      ...(stream.reverse === undefined ? {} : { reverse: stream.reverse.id }),
    };
    return encoder.encode(`",${JSON.stringify(head).slice(1, -1)},"type":"`);
  }
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
