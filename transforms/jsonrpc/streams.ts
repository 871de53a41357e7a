/**
 * The streams that are open, and the requests and responses on them.
 *
 * @module
 */
import type { Batch, ChunkEvent, Event, Stream } from "../../pipeline/event.ts";
import type { Message } from "../../pipeline/message.ts";
import { looksLikeHttp1 } from "../../protocols/http1/mod.ts";
import type { Key } from "./ids.ts";
import { unanswered } from "./notices.ts";
import type { Options } from "./options.ts";
import { Pairing } from "./pairing.ts";
import { StreamState } from "./stream_state.ts";

/** How long after its end a stream's requests may still be answered if nothing was seen of the way back, in ms. */
const GRACE_MS = 5000;
/** The same in empty batches, for when nothing else tells that time goes by: the ebpf source makes ten a second. */
const GRACE_TICKS = 50;
/** A power of two. A lookup in a Map by an object takes 40 ns. */
const LATEST = 64;

/** True for a stream that carries HTTP, by its medium or by the first that is seen of it. */
function isHttp({ stream: { medium }, buffer, start, end }: ChunkEvent): boolean {
  if (medium === "tcp" || medium === "tls") return true;
  return medium === "unix" && looksLikeHttp1(buffer, start, end) !== undefined;
}

/** Streams by identity. */
export class Streams {
  /** Ties responses to requests. */
  readonly pairing: Pairing;
  readonly #states = new Map<Stream, StreamState>();
  readonly #options: Options;
  #batch = 0;
  #ticks = 0;
  #time = 0;
  #source = "";
  /** The states that were looked up last, by the low bits of their streams' numbers. */
  readonly #latest: (StreamState | undefined)[] = Array.from({ length: LATEST }, () => undefined);
  /** Streams that ended with requests open and no sight of the way back. */
  #ending: { readonly state: StreamState; readonly time: number; readonly tick: number }[] = [];

  /** No streams yet. */
  constructor(options: Options) {
    this.#options = options;
    this.pairing = new Pairing(this.#states, options);
  }

  /** How many are open. */
  get size(): number {
    return this.#states.size;
  }

  /** All that are open. */
  all(): StreamState[] {
    return [...this.#states.values()];
  }

  /** A new batch: all are done with the last one. */
  begin(): void {
    this.#batch++;
    this.pairing.settle();
  }

  /** The state of a chunk's stream. */
  of(chunk: ChunkEvent): StreamState {
    const { stream } = chunk;
    const place = stream.id & (LATEST - 1);
    let state = this.#latest[place];
    if (state === undefined || state.stream !== stream || state.ended) {
      state = this.#states.get(stream);
      if (state === undefined) {
        if (this.#states.size >= this.#options.max_streams) this.#evict();
        state = new StreamState(stream, this.#options.max_line);
        state.isHttp = isHttp(chunk);
        this.#states.set(stream, state);
      }
      this.#latest[place] = state;
      state.ended = false;
    }
    state.batch = this.#batch;
    state.time = chunk.time;
    state.source = this.#source = chunk.source;
    state.process = chunk.process;
    state.peer = chunk.peer;
    if (chunk.time > this.#time) this.#time = chunk.time;
    return state;
  }

  /** Holds a response back for its request. */
  hold(state: StreamState, key: Key, response: Message, out: Event[]): void {
    this.pairing.hold(state, key, response, this.#batch, out);
  }

  /** A sender withdraws its own request: that nobody answers it is as it should be. */
  cancel(state: StreamState, { params }: Message): void {
    if (typeof params !== "object" || params === null || Array.isArray(params)) return;
    const id = params.requestId;
    if (typeof id !== "number" && typeof id !== "string") return;
    const request = state.pending.peek(typeof id === "string" && id.startsWith("#") ? `#${id}` : id);
    if (request !== undefined) request.cancelled = true;
  }

  /** The end of a batch. */
  finish(batch: Batch, out: Event[]): void {
    if (batch.length === 0) this.#ticks++;
    this.pairing.flush(this.#batch, this.#time, batch.length === 0, out);
    while (this.#ending.length > 0) {
      const { state, time, tick } = this.#ending[0]!;
      if (this.#time - time < GRACE_MS && this.#ticks - tick < GRACE_TICKS) break;
      this.#ending.shift();
      if (state.ended) this.#remove(state, this.#time, out);
    }
    this.pairing.report(this.#time, this.#source, out);
  }

  /** The end of a stream. What waits on it may still be answered, what waits for it may not. */
  close(chunk: ChunkEvent, state: StreamState, out: Event[]): void {
    state.ended = true;
    this.pairing.flushAll(state, out);
    const reverse = state.reverse(this.#states);
    if (reverse !== undefined) {
      this.#giveUp(reverse, chunk.time, out);
      if (reverse.ended) this.#delete(reverse);
    }
    if (state.pending.size === 0 || reverse?.ended) this.#remove(state, chunk.time, out);
    else if (reverse === undefined) this.#ending.push({ state, time: chunk.time, tick: this.#ticks });
  }

  /** The end of everything. */
  end(out: Event[]): void {
    this.pairing.flushAll(undefined, out);
    for (const state of this.all()) this.#remove(state, this.#time, out);
    this.pairing.report(this.#time, this.#source, out);
  }

  #remove(state: StreamState, time: number, out: Event[]): void {
    this.#giveUp(state, time, out);
    this.#delete(state);
  }

  #delete(state: StreamState): void {
    state.ended = true;
    if (this.#states.get(state.stream) === state) this.#states.delete(state.stream);
  }

  #giveUp(state: StreamState, time: number, out: Event[]): void {
    if (state.pending.size === 0) return;
    const finding = unanswered(time, this.pairing.clear(state));
    if (finding !== undefined) out.push(finding);
  }

  /** Forgets the sixteenth of the streams that have been silent longest. */
  #evict(): void {
    const oldest = this.all().sort((a, b) => a.batch - b.batch).slice(0, Math.ceil(this.#states.size / 16));
    for (const state of oldest) {
      this.pairing.forgotten(this.pairing.clear(state).length);
      this.#delete(state);
    }
  }
}
