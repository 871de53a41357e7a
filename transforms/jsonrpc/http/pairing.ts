/**
 * Ties responses over HTTP to their requests: first within an exchange, then within a session.
 *
 * @module
 */
import type { Event, HttpExchange } from "../../../pipeline/event.ts";
import type { Message } from "../../../pipeline/message.ts";
import { type Key, otherKey } from "../ids.ts";
import { evicted } from "../notices.ts";
import type { Options } from "../options.ts";
import type { ExchangeState } from "./exchange_state.ts";
import { haveSameEnds, type Session } from "./session.ts";
import type { Side, Waiter } from "./waiting.ts";

/** A response may be held over this many batches if traffic goes on without reaching `hold_ms`. */
const HOLD_BATCHES = 16;
/** A waiting request moves to a buffer of its own if its memory is this many times larger... */
const PINNED = 8;
/** ... and so many batches have come since. */
const PATIENCE = 8;

/** A response, and where it was seen. */
export interface Answer {
  readonly response: Message;
  readonly key: Key;
  readonly exchange: HttpExchange;
  readonly state: ExchangeState;
  readonly session: Session;
  /** Who sends it. */
  readonly side: Side;
}

interface Held extends Answer {
  readonly batch: number;
  isGone: boolean;
}

/** Requests wait in their session, and are found by their exchange too. */
export class HttpPairing {
  /** Bytes of all requests that wait. */
  bytes = 0;
  /** How many responses are held back. */
  get held(): number {
    return this.#held.length;
  }
  readonly #options: Options;
  readonly #sessions: () => Iterable<Session>;
  readonly #young: { readonly waiter: Waiter; readonly batch: number }[] = [];
  #held: Held[] = [];
  #evicted = 0;

  /** `sessions` gives all that may hold requests. */
  constructor(options: Options, sessions: () => Iterable<Session>) {
    this.#options = options;
    this.#sessions = sessions;
  }

  /** A request that is already among the events of `out`; a response held for it follows it there. */
  request(waiter: Waiter, state: ExchangeState, batch: number, out: Event[]): void {
    const { request, session, side, key, exchange } = waiter;
    const waiting = session.waiting[side];
    const isUsed = waiting.with(key).some((other) =>
      other.exchange === exchange || session.kind !== "ends" && haveSameEnds(other.exchange, exchange)
    );
    if (isUsed) request.warn("duplicate_id");
    waiting.add(waiter);
    if (side === "client") {
      if (state.requests.length > 0) state.requests = state.open;
      state.requests.push(waiter);
    }
    this.bytes += request.end - request.start;
    this.#young.push({ waiter, batch });
    this.#retry(session, out);
    if (waiting.size > this.#options.max_pending) this.#evict(waiting.oldest());
    while (this.bytes > this.#options.max_pending_bytes) if (!this.#evictAny()) break;
  }

  /** Pairs a response if its request waits. */
  response(answer: Answer): boolean {
    const { response, key } = answer;
    const other = otherKey(key);
    let waiter = this.#own(answer, key) ?? (other === undefined ? undefined : this.#own(answer, other)) ??
      this.#elsewhere(answer, key);
    if (waiter === undefined && other !== undefined) waiter = this.#elsewhere(answer, other);
    if (waiter === undefined) return false;
    if (waiter.key !== key) response.warn("id_type_mismatch");
    this.pair(waiter, response);
    return true;
  }

  /** Ties a response to the request that it answers. */
  pair(waiter: Waiter, response: Message): void {
    this.drop(waiter);
    waiter.request.answered = true;
    waiter.session.waiting[waiter.side].answered(waiter.key);
    response.request = waiter.request;
  }

  /** A request waits no more. */
  drop(waiter: Waiter): void {
    if (waiter.done) return;
    waiter.done = true;
    waiter.session.waiting[waiter.side].remove(waiter);
    this.bytes -= waiter.request.end - waiter.request.start;
  }

  /** Requests whose answer may come in another exchange from now on. */
  release(waiters: readonly Waiter[], out: Event[]): void {
    for (const waiter of waiters) waiter.released = true;
    if (waiters[0] !== undefined) this.#retry(waiters[0].session, out);
  }

  /** Holds a response back. One too many lets the oldest go. */
  hold(answer: Answer, batch: number, out: Event[]): void {
    this.#held.push({ ...answer, batch, isGone: false });
    if (this.#held.length > this.#options.max_held) this.#orphan(this.#held.shift()!, out);
  }

  /** Lets go of the responses that were held for long enough; all, if `everything`. */
  flush(batch: number, time: number, isQuiet: boolean, everything: boolean, out: Event[]): void {
    if (this.#held.length === 0) return;
    const kept: Held[] = [];
    for (const held of this.#held) {
      if (held.isGone) continue;
      const age = batch - held.batch;
      const isDue = isQuiet || age >= HOLD_BATCHES || time - held.response.time >= this.#options.hold_ms;
      if (everything || age >= 1 && isDue) this.#orphan(held, out);
      else kept.push(held);
    }
    this.#held = kept;
  }

  /** To be called once everyone is done with the last batch: what waits lets go of large buffers. */
  settle(batch: number): void {
    const young = this.#young;
    let grown = 0;
    for (; grown < young.length && batch - young[grown]!.batch >= PATIENCE; grown++) {
      const { waiter: { done, request } } = young[grown]!;
      if (!done && request.buffer.buffer.byteLength > PINNED * (request.end - request.start)) request.detach();
    }
    if (grown > 0) young.splice(0, grown);
  }

  /** Counts the requests of a session that was forgotten. */
  forget(session: Session): void {
    for (const waiter of [...session.waiting.client.all(), ...session.waiting.server.all()]) this.#evict(waiter);
  }

  /** Tells how many requests were forgotten since the last time. */
  report(time: number, source: string, out: Event[]): void {
    if (this.#evicted > 0) out.push(evicted(time, source, this.#evicted));
    this.#evicted = 0;
  }

  /** The request of the same exchange. */
  #own({ state, side }: Answer, key: Key): Waiter | undefined {
    if (side === "client") return undefined;
    for (const waiter of state.requests) if (!waiter.done && waiter.key === key) return waiter;
    return undefined;
  }

  /** The request of another exchange in the session, if it is clear which. */
  #elsewhere({ session, side, exchange }: Answer, key: Key): Waiter | undefined {
    const asked: Side = side === "client" ? "server" : "client";
    const isVague = session.kind === "ends";
    const all = session.waiting[asked].with(key);
    const fit = isVague ? all.filter(({ released }) => released) : all;
    if (fit.length <= 1) return fit[0];
    const near = fit.filter((waiter) => haveSameEnds(waiter.exchange, exchange));
    return isVague && near.length !== 1 ? undefined : near[0] ?? fit[0];
  }

  /** Looks again at what is held for a session. */
  #retry(session: Session, out: Event[]): void {
    for (const held of this.#held) {
      if (held.session !== session || held.isGone || !this.response(held)) continue;
      held.isGone = true;
      out.push(held.response);
    }
  }

  #orphan(held: Held, out: Event[]): void {
    if (held.isGone) return;
    held.isGone = true;
    const { response, session, side, key } = held;
    if (!this.response(held)) {
      const wasAnswered = session.waiting[side === "client" ? "server" : "client"].wasAnswered(key);
      response.warn(wasAnswered ? "duplicate_response" : "orphan");
    }
    out.push(response);
  }

  #evict(waiter: Waiter | undefined): boolean {
    if (waiter === undefined) return false;
    this.drop(waiter);
    this.#evicted++;
    return true;
  }

  #evictAny(): boolean {
    for (const { waiting } of this.#sessions()) {
      if (this.#evict(waiting.client.oldest() ?? waiting.server.oldest())) return true;
    }
    return false;
  }
}
