/**
 * What is remembered of one stream.
 *
 * @module
 */
import type { Process, Stream } from "../../pipeline/event.ts";
import type { Message, Seen } from "../../pipeline/message.ts";
import { LineSplitter } from "../../protocols/jsonrpc/mod.ts";
import type { Key } from "./ids.ts";
import { Pending } from "./pending.ts";

/** A response that waits for a request which the kernel may tell of a little later. */
export interface Held {
  /** Undefined once it was let go. */
  response: Message | undefined;
  readonly key: Key;
  readonly state: StreamState;
  /** Number of the batch that it came in. */
  readonly batch: number;
}

/** The state of one stream: one direction of one byte stream. */
export class StreamState implements Seen {
  readonly stream: Stream;
  readonly lines: LineSplitter;
  /** Of its last chunk. */
  time = 0;
  /** Of its last chunk. */
  source = "";
  /** Of its last chunk. */
  process: Process | undefined = undefined;
  /** Of its last chunk. */
  peer: Process | undefined = undefined;
  /** Requests sent on this stream. */
  readonly pending = new Pending();
  /** Responses seen on this stream that are held back. */
  readonly held = new Map<Key, Held>();
  /** Number of the last batch that had a chunk of the stream. */
  batch = 0;
  /** How many lines were no JSON-RPC at all. */
  stray = 0;
  /** How many of them a finding has told of. */
  strayTold = 0;
  /** True from lost bytes to the next newline. */
  resync = false;
  /** It carries HTTP, which the `http` transform would have read. */
  isHttp = false;
  /** Set at the end of the stream. */
  ended = false;
  #reverse: StreamState | undefined;

  /** State for a stream just seen. */
  constructor(stream: Stream, maxLine: number) {
    this.stream = stream;
    this.lines = new LineSplitter(maxLine);
  }

  /** State of the stream that carries the answers, if it was seen. */
  reverse(states: ReadonlyMap<Stream, StreamState>): StreamState | undefined {
    const { reverse } = this.stream;
    if (this.#reverse === undefined || this.#reverse.stream !== reverse || this.#reverse.ended) {
      this.#reverse = reverse === undefined ? undefined : states.get(reverse);
    }
    return this.#reverse;
  }
}
