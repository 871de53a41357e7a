/**
 * Reads the responses of an HTTP/1 connection.
 *
 * @module
 */
import type { ChunkEvent } from "../../pipeline/event.ts";
import { header, isEventStream } from "../../pipeline/http.ts";
import type { Http1Body, Http1Fields, Http1Head, Http1Skipped } from "../../protocols/http1/mod.ts";
import type { Direction, Mode, Readiness } from "./connection.ts";
import { looksLikeEvents } from "./detect.ts";
import { EventStream } from "./event_stream.ts";
import { type Exchange, ResponseHead, reverseOf } from "./exchange.ts";
import type { Hub } from "./hub.ts";
import { Http1Messages } from "./http1_messages.ts";
import { tellResponse } from "./messages.ts";

/**
 * A response and a request seen after it belong together if no more than these milliseconds lie between them: then it was
 * their writers' processors that were told of in the wrong order. Less is allowed on a connection of which nothing else is
 * known: the client may have sent another request meanwhile.
 */
const RACE_MS = { known: 20, unknown: 1 } as const;
/** If so many responses in a row were seen before their requests, each belongs to the request before. */
const MOST_LATE = 3;
/** Reasons for which a head is given up that would have answered a request. */
const HEADLESS: ReadonlySet<string> = new Set(["bad_head", "head_too_large", "too_many_headers"]);

/** What a server sends. */
export class Http1Responses extends Http1Messages {
  #events: EventStream | undefined;
  /** The next response answers no request that was seen, nor one that is still to be seen. */
  #alone = false;
  /** This chunk waited for its request. */
  #waited = false;
  /** The middle of a chunked body is read, and it is not known yet what it is. */
  #late = false;
  /** Events that were cut by a loss: they may go on. */
  #broken: EventStream | undefined;

  constructor(direction: Direction, hub: Hub, sure: boolean) {
    super("response", direction, hub, sure);
  }

  ready({ time, start, end }: ChunkEvent): Readiness {
    const { connection, heldBack } = this.direction;
    if (end === start) return "yes";
    if (!this.sure || this.exchange !== undefined || this.#late || connection.upgraded !== undefined) return "yes";
    const [asked] = connection.queue;
    if (asked === undefined) {
      if (!connection.guessed || connection.synced) return "no";
      connection.guessed = false; // it was a wrong guess
      return "alone";
    }
    if (!asked.asked) return "no";
    const { requestStart = 0 } = asked.times;
    const race = connection.synced ? RACE_MS.known : RACE_MS.unknown;
    return !heldBack || requestStart - time <= race ? "yes" : "alone";
  }

  override push(chunk: ChunkEvent, mode: Mode): void {
    if (this.direction.connection.upgraded === undefined) {
      if (mode === "alone") this.#alone = true;
      this.#waited = mode === "waited";
    }
    super.push(chunk, mode);
  }

  lose(bytes: number): void {
    this.direction.connection.unsure = true;
    this.parser.lose(bytes);
  }

  override close(incomplete: string): void {
    super.close(incomplete);
    this.#giveUpEvents();
    const { connection } = this.direction;
    for (const exchange of connection.queue) {
      if (exchange.asked && incomplete === "reset") {
        tellResponse(this.hub, this.direction, exchange, undefined, incomplete);
      }
    }
    connection.queue.length = connection.orphans.length = 0;
  }

  head({ version, status = 0, headers }: Http1Head): Http1Body | undefined {
    this.sure = true;
    if (status < 200 && status !== 101) {
      this.begun = undefined;
      return undefined;
    }
    const direction = this.direction, hub = this.hub;
    this.#giveUpEvents();
    const exchange = this.#take() ?? this.#orphan(version);
    exchange.response = new ResponseHead(status, hub.credentials.headers(headers));
    exchange.times.responseStart = this.begun ?? direction.time;
    exchange.client ??= direction.peer;
    exchange.server ??= direction.process;
    this.exchange = exchange;
    this.content = undefined;
    const method = exchange.request?.method;
    if (method === "HEAD") return "none";
    const tunnel = status === 101 || (method === "CONNECT" && status < 300);
    if (tunnel) {
      direction.connection.upgraded = status === 101
        ? (header(headers, "upgrade") ?? "unknown").slice(0, 64)
        : "connect";
      this.finish(undefined, undefined);
      return status === 101 ? undefined : "tunnel";
    }
    if (status !== 204 && status !== 304 && isEventStream(headers)) this.#stream(exchange, headers);
    return undefined;
  }

  body(buffer: Uint8Array, start: number, end: number): void {
    if (this.#late) {
      this.#late = false;
      if (looksLikeEvents(buffer, start, end)) this.#join();
    }
    if (this.#events !== undefined) this.#events.push(buffer, start, end);
    else this.keep(buffer, start, end);
  }

  late(): void {
    this.finish(undefined, "malformed");
    this.#late = true;
  }

  skipped(bytes: number, reason: Http1Skipped, aborted: boolean): void {
    if (aborted && reason === "bytes_lost" && this.#events !== undefined) {
      this.#events.lose(reason);
      this.#broken = this.#events;
      this.exchange = this.#events = this.begun = undefined;
    } else if (aborted) this.finish(undefined, this.whyAborted(reason));
    if (HEADLESS.has(reason)) this.direction.connection.queue.shift();
    if (bytes > 0) this.hub.skip(this.direction, reason, bytes);
    if (bytes > 0 && reason !== "closed") this.direction.connection.unsure = true;
  }

  protected override closeParser(incomplete: string): void {
    this.parser.close(incomplete !== "reset"); // a body may last to the end of the connection
  }

  /** The request that a response answers. */
  #take(): Exchange | undefined {
    if (this.#alone) return undefined;
    const { connection } = this.direction;
    const exchange = connection.queue.shift();
    if (exchange === undefined) return undefined;
    if (connection.queue.length === 0) connection.unsure = false;
    connection.late = this.#waited ? connection.late + 1 : 0;
    if (connection.late >= MOST_LATE) connection.synced = false;
    if (!this.#waited) connection.synced = true;
    else if (!connection.synced) connection.guessed = true;
    return exchange;
  }

  /** The exchange of a response whose request was not seen, or not yet. */
  #orphan(version: Exchange["version"]): Exchange {
    const { connection, stream } = this.direction;
    const exchange = this.hub.exchange(version, reverseOf(stream));
    if (this.#alone) {
      this.#alone = false;
      exchange.asked = true;
      connection.unsure = true;
    } else {
      while (connection.orphans[0]?.asked) connection.orphans.shift();
      connection.orphans.push(exchange);
    }
    return exchange;
  }

  /** The body is a stream of events: the head is told, then each of them. */
  #stream(exchange: Exchange, headers: Http1Fields): void {
    tellResponse(this.hub, this.direction, exchange, undefined, undefined, true);
    this.#events = new EventStream(this.hub, this.direction, exchange, headers, undefined);
  }

  /** Events of a response whose head was not seen, or of one that was cut by a loss. */
  #join(): void {
    if (this.#broken !== undefined) {
      this.#events = this.#broken;
      this.exchange = this.#events.exchange;
      this.#broken = undefined;
      return;
    }
    const { stream, peer, process } = this.direction;
    const exchange = this.exchange = this.hub.exchange("1.1", reverseOf(stream));
    exchange.asked = true;
    exchange.client = peer;
    exchange.server = process;
    this.#events = new EventStream(this.hub, this.direction, exchange, [], "joined_late");
  }

  #giveUpEvents(): void {
    this.#broken?.end("bytes_lost");
    this.#broken = undefined;
  }

  protected finish(trailers: Http1Fields | undefined, incomplete: string | undefined): void {
    const exchange = this.exchange, body = this.content, events = this.#events;
    this.exchange =
      this.content =
      this.#events =
      this.begun =
        undefined;
    this.#late = false;
    if (exchange === undefined) return;
    const last = this.trailers(trailers);
    if (last !== undefined && exchange.response !== undefined) exchange.response.trailers = last;
    if (events !== undefined) events.end(incomplete);
    else tellResponse(this.hub, this.direction, exchange, body, incomplete);
  }
}
