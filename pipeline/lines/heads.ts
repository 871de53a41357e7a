/**
 * The beginning of a line, up to where messages differ, made once for each stream and type.
 *
 * @module
 */
import type { McpContext } from "../context.ts";
import type { McpEvent, McpType, Process, Stream } from "../event.ts";
import type { Constant, Gather } from "../output/gather.ts";
import { DIGITS, FRACTION, timestamp, toMicros } from "./timestamp.ts";

/** Streams whose heads are kept. */
const LIMIT = 4096;
/** A power of two. A lookup in a Map by an object takes 40 ns. */
const LATEST = 64;
/** Bytes of heads that are kept, those of streams whose ends have changed included. */
const LIMIT_BYTES = 8 * 1024 * 1024;
/** Seconds whose beginnings are kept before all are forgotten: making one in place of another has to wait for it. */
const SECONDS = 1024;
/** Microseconds between looks at the second: a divisor of it. */
const TICK = 15_625;
/** What goes before an id. */
export const ID = ',"id":';
const START = '{"kind":"mcp","timestamp":"';
const encoder = new TextEncoder();

/** What the heads of a stream were made of, and the heads by type. */
interface Heads {
  readonly stream: Stream;
  readonly process: Process | undefined;
  readonly peer: Process | undefined;
  readonly source: string;
  readonly transport: McpEvent["transport"];
  /** What `transforms/mcp` tells of the session; the number is 0 if nothing. */
  readonly session: number;
  readonly era: string | undefined;
  readonly server: string | undefined;
  /** What stands between timestamp and type. */
  readonly middle: string;
  request: Constant | undefined;
  response: Constant | undefined;
  /** The same with what goes before the id, which follows in most lines. */
  requestId: Constant | undefined;
  responseId: Constant | undefined;
  notification: Constant | undefined;
  malformed: Constant | undefined;
}

/** Writes heads. */
export class HeadWriter {
  readonly #heads = new Map<Stream, Heads>();
  /** Those looked up last, by the low bits of their streams' numbers. */
  readonly #latest: (Heads | undefined)[] = Array.from({ length: LATEST }, () => undefined);
  readonly #out: Gather;
  readonly #details: boolean;
  /** What lines of the same second begin with. */
  #start: Constant;
  /** When that began, in microseconds. */
  #second = 0;
  /**
   * A part of that second. What is done once a second only is new to the engine when it comes, and makes it compile
   * everything anew.
   */
  #from = 0;
  #to = 0;
  /** How often all was forgotten: constants from before are not to be used any more. */
  generation = 0;
  /** How many seconds had a beginning made for them. */
  #seconds = 0;
  /** Bytes of constants that are none of ours. */
  readonly #others: number;

  /** `details` adds each end's executable, command line and cgroup. */
  constructor(out: Gather, details: boolean) {
    this.#out = out;
    this.#details = details;
    this.#others = out.constants;
    this.#start = out.constant(start(0));
  }

  /** Adds the head of the event's line. Of a request or response `withId` takes it up to the value of the id. */
  write(event: McpEvent, withId: boolean): void {
    const out = this.#out;
    const micros = toMicros(event.time);
    if (micros < this.#from || micros >= this.#to) this.#turn(micros);
    const heads = this.#of(event);
    const head = this.#head(heads, event.type, withId);
    out.put(this.#start);
    out.digits(micros - this.#second, DIGITS);
    out.put(head);
  }

  #turn(micros: number): void {
    this.#from = Math.floor(micros / TICK) * TICK;
    this.#to = this.#from + TICK;
    const second = Math.floor(micros / 1e6) * 1e6;
    if (this.#second === second) return;
    this.#second = second;
    if (++this.#seconds > SECONDS) this.#clear();
    this.#start = this.#out.constant(start(micros));
  }

  /** A constant that is good until the next generation; undefined if there is no room for it now. */
  constant(bytes: Uint8Array): Constant | undefined {
    return this.#out.constants >= LIMIT_BYTES ? undefined : this.#out.constant(bytes);
  }

  /** Forgets all heads; the next to come is a beginning. */
  #clear(): void {
    this.generation++;
    this.#heads.clear();
    this.#latest.fill(undefined);
    this.#out.release(this.#others);
    this.#seconds = 1;
  }

  // By name, as `heads[type]` takes ten times as long.
  #head(heads: Heads, type: McpType, withId: boolean): Constant {
    switch (type) {
      case "request":
        if (withId) return heads.requestId ??= this.#out.constant(rest(heads, type, ID));
        return heads.request ??= this.#out.constant(rest(heads, type));
      case "response":
        if (withId) return heads.responseId ??= this.#out.constant(rest(heads, type, ID));
        return heads.response ??= this.#out.constant(rest(heads, type));
      case "notification":
        return heads.notification ??= this.#out.constant(rest(heads, type));
      case "malformed":
        return heads.malformed ??= this.#out.constant(rest(heads, type));
    }
  }

  #of(event: McpEvent): Heads {
    const { stream, process, peer, source, transport, context } = event;
    const place = stream.id & (LATEST - 1);
    const latest = this.#latest[place];
    const heads = latest !== undefined && latest.stream === stream ? latest : this.#heads.get(stream);
    if (
      heads !== undefined && heads.process === process && heads.peer === peer && heads.source === source &&
      heads.transport === transport && isSame(heads, context)
    ) return heads === latest ? heads : this.#latest[place] = heads;
    if (this.#heads.size >= LIMIT || this.#out.constants >= LIMIT_BYTES) {
      this.#clear();
      this.#start = this.#out.constant(start(this.#second));
    }
    const made: Heads = {
      stream,
      process,
      peer,
      source,
      transport,
      session: context?.session.id ?? 0,
      era: context?.era,
      server: context?.session.server.name,
      middle: middle(event, this.#details),
      request: undefined,
      response: undefined,
      requestId: undefined,
      responseId: undefined,
      notification: undefined,
      malformed: undefined,
    };
    this.#heads.set(stream, made);
    return this.#latest[place] = made;
  }
}

/** True if `transforms/mcp` tells the same of the session as when the heads were made. By value: contexts may be copies. */
function isSame({ session, era, server }: Heads, context: McpContext | undefined): boolean {
  if (context === undefined) return session === 0;
  return session === context.session.id && era === context.era && server === context.session.server.name;
}

/** A head up to the fraction of the second. */
function start(micros: number): Uint8Array {
  return encoder.encode(START + timestamp(micros).slice(0, FRACTION));
}

/** A head from there on. */
function rest({ middle }: Heads, type: McpType, more = ""): Uint8Array {
  return encoder.encode(`Z",${middle},"type":"${type}"${more}`);
}

function middle(event: McpEvent, details: boolean): string {
  const { stream, process, peer, source, transport, context } = event;
  const ends = transport === "stdio"
    ? { stdio_transport: { ...end("from", process, details), ...end("to", peer, details) } }
    : {}; // `http_transport` differs from exchange to exchange
  const known = context === undefined
    ? {}
    : { era: context.era, server: context.session.server.name || undefined, session: context.session.id };
  return JSON.stringify({ transport_type: transport, ...ends, source, stream: stream.id, ...known }).slice(1, -1);
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
