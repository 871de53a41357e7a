/**
 * What is remembered of one connection and its two directions.
 *
 * @module
 */
import type { ChunkEvent, Process, Stream } from "../../pipeline/event.ts";
import type { Seen } from "../../pipeline/message.ts";
import type { Exchange } from "./exchange.ts";
import { Tallies } from "./gaps.ts";

/**
 * Whether a chunk may be read now, or is to wait for what the other direction says. `alone`: it may, and the response that
 * begins in it answers no request that was seen.
 */
export type Readiness = "yes" | "no" | "alone";
/** How a chunk comes to be read: at once, after it waited for its request, or `alone` as above. */
export type Mode = "now" | "waited" | "alone";

/** Reads the bytes of one direction. */
export interface Reader {
  /** `http1` or `http2`. */
  readonly protocol: "http1" | "http2";
  /** Whether what it reads was recognised, or only supposed to be. */
  readonly sure: boolean;
  /** Whether a chunk may be read. */
  ready(chunk: ChunkEvent): Readiness;
  /** Takes the bytes of a chunk. */
  push(chunk: ChunkEvent, mode: Mode): void;
  /** So many bytes are missing here. */
  lose(bytes: number): void;
  /** No more bytes come; a message that is not whole is `incomplete` for this reason. */
  close(incomplete: string): void;
}

/** One direction of a connection. */
export class Direction implements Seen {
  /** Of the chunk that is being read, or the last. */
  time = 0;
  source = "";
  process: Process | undefined = undefined;
  peer: Process | undefined = undefined;
  /** Undefined until it is known what to read. */
  reader: Reader | undefined = undefined;
  /** Chunks that wait to be read: for what they are, or for a request. */
  readonly waiting: ChunkEvent[] = [];
  /** Number of the batch in which the first of them came. */
  waitingSince = 0;
  /** The first of them waits for a request. */
  heldBack = false;
  /** Of a UNIX socket: it is no HTTP, so its chunks are passed on. */
  foreign = false;
  /** No more comes. */
  ended = false;
  /** When that was, in milliseconds since the epoch and in empty batches. */
  endTime = 0;
  endTick = 0;
  /** HTTP/2: what its sender's SETTINGS allow the other direction's table to have, in bytes. */
  tableSize: number | undefined = undefined;
  /** What was passed over. Made when first needed. */
  tallies: Tallies | undefined = undefined;

  constructor(readonly stream: Stream, public connection: Connection) {}

  /** The other direction, if it was seen. */
  get other(): Direction | undefined {
    const { first, second } = this.connection;
    return first === this ? second : first;
  }

  /** Takes over when and by whom a chunk was sent. */
  at(chunk: ChunkEvent): void {
    this.time = chunk.time;
    this.source = chunk.source;
    this.process = chunk.process;
    this.peer = chunk.peer;
  }
}

/** A connection: what its directions must know of each other. */
export class Connection {
  first: Direction | undefined = undefined;
  second: Direction | undefined = undefined;
  /** Number of the last batch that had a chunk of it. */
  batch = 0;
  /** HTTP/1: requests that have no response yet, oldest first. */
  queue: Exchange[] = [];
  /** HTTP/1: responses that came before their requests and still may get them, oldest first. */
  orphans: Exchange[] = [];
  /** HTTP/1: a request was seen before its response: so each response has one. */
  synced = false;
  /** HTTP/1: a response was given a request that was seen after it. */
  guessed = false;
  /** HTTP/1: how many responses in a row were. */
  late = 0;
  /** HTTP/1: a response was not seen or belonged to no request: older requests may have none. */
  unsure = false;
  /** What is spoken instead of HTTP: `websocket`, `connect`. */
  upgraded: string | undefined = undefined;
  /** Bytes since then. */
  upgradedBytes = 0;
  /** HTTP/2: by stream; those that are not over. Made when first needed. */
  exchanges: Map<number, Exchange> | undefined = undefined;
}
