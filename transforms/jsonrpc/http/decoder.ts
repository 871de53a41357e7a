/**
 * Takes messages out of http events.
 *
 * @module
 */
import type { Batch, Event, HttpEvent, HttpExchange } from "../../../pipeline/event.ts";
import { isEventStream } from "../../../pipeline/http.ts";
import { mcpSessionId } from "../../../pipeline/http_session.ts";
import type { Message } from "../../../pipeline/message.ts";
import type { Options } from "../options.ts";
import { isStructure, mentions, type Read, readBody } from "./body.ts";
import { encoded } from "./encode.ts";
import { ExchangeState } from "./exchange_state.ts";
import { isModern, mismatches } from "./mirrored.ts";
import { mismatched, tooLarge } from "./notices.ts";
import { HttpPairing } from "./pairing.ts";
import { type Session, Sessions } from "./session.ts";
import { Settling } from "./settling.ts";
import { ToolHeaders } from "./tool_headers.ts";
import type { Side, Waiter } from "./waiting.ts";

/** The part of the transform that is about HTTP. */
export class HttpDecoder {
  /** Ties responses to requests. */
  readonly pairing: HttpPairing;
  /** All that are remembered. */
  readonly sessions: Sessions;
  readonly #settling: Settling;
  readonly #options: Options;
  readonly #exchanges = new WeakMap<HttpExchange, ExchangeState>();
  readonly #tools = new ToolHeaders();
  #latest: { readonly exchange: HttpExchange; readonly state: ExchangeState } | undefined;
  #batch = 0;
  #time = 0;
  #source = "";

  /** One that has seen nothing. */
  constructor(options: Options) {
    this.#options = options;
    this.sessions = new Sessions(options.max_sessions, (session) => this.pairing.forget(session));
    this.pairing = new HttpPairing(options, () => this.sessions.all());
    this.#settling = new Settling(this.pairing, this.sessions, options);
  }

  /** A new batch: all are done with the last one. */
  begin(): void {
    this.#batch++;
    this.pairing.settle(this.#batch);
  }

  /** Puts what becomes of an event into `out`: its messages, or itself if it carries none, and what is to be said. */
  event(event: HttpEvent, out: Event[]): void {
    if (event.time > this.#time) this.#time = event.time;
    this.#source = event.source;
    const state = this.#stateOf(event.exchange);
    switch (event.type) {
      case "request":
        return this.#request(event, state, out);
      case "response":
        return this.#response(event, state, out);
      case "sse":
        return this.#sse(event, state, out);
      case "end":
        out.push(event);
        return this.#settling.ended(event, state, out);
    }
  }

  /** The end of a batch. */
  finish(batch: Batch, out: Event[]): void {
    this.pairing.flush(this.#batch, this.#time, batch.length === 0, false, out);
    this.#settling.expire(this.#time, batch.length === 0, out);
    this.pairing.report(this.#time, this.#source, out);
  }

  /** The end of everything. */
  end(out: Event[]): void {
    this.pairing.flush(this.#batch, this.#time, true, true, out);
    this.#settling.finish(this.#time, out);
    this.pairing.report(this.#time, this.#source, out);
  }

  #stateOf(exchange: HttpExchange): ExchangeState {
    if (this.#latest?.exchange === exchange) return this.#latest.state;
    let state = this.#exchanges.get(exchange);
    if (state === undefined) this.#exchanges.set(exchange, state = new ExchangeState());
    this.#latest = { exchange, state };
    return state;
  }

  /** The session of an exchange, looked up again once its response names it. */
  #sessionOf(exchange: HttpExchange, state: ExchangeState): Session {
    const { session } = state;
    if (session?.isForgotten) return state.session = this.sessions.again(session, this.#batch);
    if (session === undefined || session.kind === "ends" && mcpSessionId(exchange) !== undefined) {
      return state.session = this.sessions.of(exchange, this.#batch);
    }
    session.batch = this.#batch;
    return session;
  }

  #request(event: HttpEvent, state: ExchangeState, out: Event[]): void {
    const reads = this.#read(event, event.body, state, out);
    if (reads === undefined) return void out.push(event);
    const { exchange } = event;
    const first = reads[0]?.message;
    state.isModern = first !== undefined && isModern(exchange, first);
    for (const read of reads) this.#message(event, state, read, false, out);
    if (state.isModern && reads.length === 1 && first !== undefined) this.#compare(event, first, out);
  }

  #response(event: HttpEvent, state: ExchangeState, out: Event[]): void {
    const { exchange } = event;
    const isStream = exchange.response !== undefined && isEventStream(exchange.response.headers);
    const reads = isStream && event.incomplete === undefined ? undefined : this.#read(event, event.body, state, out);
    if (reads === undefined) out.push(event);
    else {
      for (const read of reads) this.#message(event, state, read, false, out);
    }
    const isEnd = exchange.request?.method === "DELETE" && mcpSessionId(exchange) !== undefined;
    if (isEnd) this.#settling.deleted(event, this.#sessionOf(exchange, state), out);
    if (!isStream || event.incomplete !== undefined) {
      this.#settling.answered(event, state, reads !== undefined, out);
    }
  }

  #sse(event: HttpEvent, state: ExchangeState, out: Event[]): void {
    const { sse, exchange } = event;
    if (sse === undefined) return void out.push(event);
    if (sse.event === "endpoint" && state.requests.length === 0) {
      const session = this.sessions.atEndpoint(exchange, sse.data.trim(), this.#batch);
      if (session !== undefined) {
        state.session = session;
        state.isEndpointStream = true;
      }
      return void out.push(event);
    }
    // the ids of event streams that have nothing to do with MCP are not remembered
    const isMcp = state.isKnown || state.session !== undefined || mcpSessionId(exchange) !== undefined;
    let isRepeated = false;
    if (sse.id !== undefined && sse.id !== "" && isMcp) {
      state.isResumable = true;
      const isSeen = this.#sessionOf(exchange, state).sawEvent(sse.id);
      isRepeated = isSeen && isResumption(exchange);
    }
    const reads = sse.data.includes('"jsonrpc"') ? this.#read(event, encoded(sse.data), state, out) : undefined;
    if (reads === undefined) return void out.push(event);
    for (const read of reads) {
      read.message.sseId = sse.id;
      this.#message(event, state, read, isRepeated, out);
    }
  }

  #read(event: HttpEvent, bytes: Uint8Array | undefined, state: ExchangeState, out: Event[]): Read[] | undefined {
    if (bytes === undefined || bytes.length === 0) return undefined;
    if (bytes.length > this.#options.max_line) {
      if (state.isKnown || isStructure(bytes) && mentions(bytes)) out.push(tooLarge(event, bytes.length));
      return undefined;
    }
    const how = { isKnown: state.isKnown, incomplete: event.incomplete };
    const reads = readBody(event, bytes, how, this.#options);
    if (reads !== undefined) state.isKnown = true;
    return reads;
  }

  #message(event: HttpEvent, state: ExchangeState, read: Read, isRepeated: boolean, out: Event[]): void {
    const { message, key } = read;
    const { exchange } = event;
    const session = this.#sessionOf(exchange, state);
    message.transport = session.kind === "endpoint" ? "sse" : "http";
    message.http = exchange;
    if (isRepeated) {
      message.warn("resumed");
      out.push(message);
      return;
    }
    const side: Side = event.type === "request" ? "client" : "server";
    if (message.type === "response") {
      if (!this.#answer(event, state, session, side, read, out)) return;
    } else if (message.method === "notifications/cancelled") cancel(session, side, message);
    out.push(message);
    if (message.type === "request" && key !== undefined) {
      const released = side === "server";
      const waiter: Waiter = { key, request: message, exchange, session, side, released, done: false };
      this.pairing.request(waiter, state, this.#batch, out);
    }
  }

  /** Pairs a response. False if it is held back. */
  #answer(event: HttpEvent, state: ExchangeState, session: Session, side: Side, read: Read, out: Event[]): boolean {
    const { message, key } = read;
    const { exchange } = event;
    const answer = key === undefined ? undefined : { response: message, key, exchange, state, session, side };
    if (answer !== undefined && this.pairing.response(answer)) {
      if (message.request?.method === "tools/list") this.#tools.learn(exchange.request?.authority ?? "", message);
      return true;
    }
    // an error about the whole body has no id, or one that the server made up
    const only = event.type === "response" && message.isError && state.requests.length > 0 ? state.open : [];
    if (only.length === 1 && only[0] !== undefined) {
      if (key !== undefined) message.warn("other_id");
      this.pairing.pair(only[0], message);
      return true;
    }
    if (answer === undefined) return true;
    this.pairing.hold(answer, this.#batch, out);
    return false;
  }

  #compare(event: HttpEvent, message: Message, out: Event[]): void {
    const { request } = event.exchange;
    if (request === undefined) return;
    const { authority = "" } = request;
    const { params } = message.method === "tools/call" && this.#tools.knows(authority)
      ? message
      : { params: undefined };
    const tool = typeof params === "object" && params !== null && !Array.isArray(params) ? params.name : undefined;
    for (const mismatch of mismatches(request.headers, message, this.#tools.of(authority, tool))) {
      out.push(mismatched(event, mismatch));
    }
  }
}

function isResumption({ request }: HttpExchange): boolean {
  return request !== undefined && request.headers.some(([name]) => name === "last-event-id");
}

/** A sender withdraws its own request: that nobody answers it is as it should be. */
function cancel(session: Session, side: Side, { params }: Message): void {
  if (typeof params !== "object" || params === null || Array.isArray(params)) return;
  const id = params.requestId;
  if (typeof id !== "number" && typeof id !== "string") return;
  const key = typeof id === "string" && id.startsWith("#") ? `#${id}` : id;
  for (const { request } of session.waiting[side].with(key)) request.cancelled = true;
}
