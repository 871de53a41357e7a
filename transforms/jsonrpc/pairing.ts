/**
 * Ties responses to their requests.
 *
 * @module
 */
import type { Event, Stream } from "../../pipeline/event.ts";
import type { Message } from "../../pipeline/message.ts";
import { type Key, otherKey } from "./ids.ts";
import { evicted } from "./notices.ts";
import type { Options } from "./options.ts";
import type { Held, StreamState } from "./stream_state.ts";

/** A response may be held over this many batches if traffic goes on without reaching `hold_ms`. */
const HOLD_BATCHES = 16;
/** A waiting request moves to a buffer of its own if its buffer is this many times larger... */
const PINNED = 8;
/** ... and so many batches have come since: most are answered before, and need not be copied. */
const PATIENCE = 8;

/**
 * Requests wait on the stream that they were seen on; a response asks the reverse of its own stream. Each direction has
 * its requests, so both sides may use the same ids.
 */
export class Pairing {
  /** Bytes of all requests that wait. */
  bytes = 0;
  /** How many responses are held back. */
  get held(): number {
    return this.#held.length;
  }
  readonly #states: ReadonlyMap<Stream, StreamState>;
  readonly #options: Options;
  /** Requests of this batch and the last ones: they may lie in a buffer that they would keep alive. */
  #young: Message[] = [];
  readonly #recent: Message[][] = [];
  #held: Held[] = [];
  #evicted = 0;

  /** `states` is looked at, not changed. */
  constructor(states: ReadonlyMap<Stream, StreamState>, options: Options) {
    this.#states = states;
    this.#options = options;
  }

  /** A request, already among the events of `out`; a response that was held for it follows it there. */
  request(state: StreamState, key: Key, request: Message, out: Event[]): void {
    const { max_pending, max_pending_bytes } = this.#options;
    this.bytes += request.end - request.start;
    if (!state.pending.add(key, request)) request.warn("duplicate_id");
    this.#young.push(request);
    if (this.#held.length > 0) this.#release(state, key, out);
    if (state.pending.size > max_pending) this.#evict(state);
    while (this.bytes > max_pending_bytes) if (!this.#evict(state) && !this.#evictAny()) break;
  }

  /** A response: pairs it if its request waits. False if it is to be held back. */
  response(state: StreamState, key: Key, response: Message): boolean {
    const asked = state.reverse(this.#states);
    if (asked === undefined) return false;
    let request = asked.pending.take(key);
    if (request === undefined) {
      const other = otherKey(key);
      if (other === undefined) return false;
      request = asked.pending.take(other);
      if (request === undefined) return false;
      response.warn("id_type_mismatch");
    }
    this.bytes -= request.end - request.start;
    response.request = request;
    return true;
  }

  /** Holds a response back. One too many lets the oldest go. */
  hold(state: StreamState, key: Key, response: Message, batch: number, out: Event[]): void {
    const held = { response, key, state, batch };
    this.#held.push(held);
    if (!state.held.has(key)) state.held.set(key, held);
    if (this.#held.length > this.#options.max_held) {
      this.#orphan(this.#held[0]!, out);
      this.#held.shift();
    }
  }

  /**
   * Lets go of the responses that were held for long enough: over at least one more batch, and until `hold_ms` have
   * passed in the events, or an empty batch says that nothing is on its way.
   */
  flush(batch: number, time: number, quiet: boolean, out: Event[]): void {
    if (this.#held.length === 0) return;
    const { hold_ms } = this.#options;
    const kept: Held[] = [];
    for (const held of this.#held) {
      const { response } = held;
      if (response === undefined) continue;
      const age = batch - held.batch;
      if (age >= 1 && (quiet || age >= HOLD_BATCHES || time - response.time >= hold_ms)) this.#orphan(held, out);
      else kept.push(held);
    }
    this.#held = kept;
  }

  /** Lets go of the responses held on a stream, or all. */
  flushAll(state: StreamState | undefined, out: Event[]): void {
    this.#held = this.#held.filter((held) => {
      if (state !== undefined && held.state !== state) return held.response !== undefined;
      this.#orphan(held, out);
      return false;
    });
  }

  /** Takes the requests that wait on a stream that no answer can come to. */
  clear(state: StreamState): Message[] {
    this.bytes -= state.pending.bytes;
    return state.pending.clear();
  }

  /** To be called once everyone is done with the last batch: what waits lets go of large buffers. */
  settle(): void {
    const waiting: Message[] = [];
    for (let k = 0; k < this.#young.length; k++) if (!this.#young[k]!.answered) waiting.push(this.#young[k]!);
    this.#recent.push(waiting);
    this.#young = [];
    if (this.#recent.length <= PATIENCE) return;
    for (const request of this.#recent.shift() ?? []) {
      if (!request.answered && request.buffer.length > PINNED * (request.end - request.start)) request.detach();
    }
  }

  /** Counts requests that were forgotten. */
  forgotten(requests: number): void {
    this.#evicted += requests;
  }

  /** Tells how many requests were forgotten since the last time. */
  report(time: number, source: string, out: Event[]): void {
    if (this.#evicted > 0) out.push(evicted(time, source, this.#evicted));
    this.#evicted = 0;
  }

  #release(state: StreamState, key: Key, out: Event[]): void {
    const { reverse } = state.stream;
    const answers = reverse === undefined ? undefined : this.#states.get(reverse);
    const other = otherKey(key);
    const held = answers?.held.get(key) ?? (other === undefined ? undefined : answers?.held.get(other));
    const response = held?.response;
    if (held === undefined || response === undefined) return;
    if (!this.response(held.state, held.key, response)) return;
    held.state.held.delete(held.key);
    held.response = undefined;
    out.push(response);
  }

  #orphan(held: Held, out: Event[]): void {
    const { response, state, key } = held;
    if (response === undefined) return;
    held.response = undefined;
    if (state.held.get(key) === held) state.held.delete(key);
    if (!this.response(state, key, response)) { // the streams may have been linked since
      const answered = state.reverse(this.#states)?.pending.wasAnswered(key) ?? false;
      response.warn(answered ? "duplicate_response" : "orphan");
    }
    out.push(response);
  }

  #evict(state: StreamState): boolean {
    const request = state.pending.evict();
    if (request === undefined) return false;
    this.bytes -= request.end - request.start;
    this.#evicted++;
    return true;
  }

  #evictAny(): boolean {
    for (const state of this.#states.values()) if (this.#evict(state)) return true;
    return false;
  }
}
