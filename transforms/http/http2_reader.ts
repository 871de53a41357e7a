/**
 * Reads one direction of an HTTP/2 connection.
 *
 * @module
 */
import type { ChunkEvent } from "../../pipeline/event.ts";
import { type Http2Headers, Http2Parser, type Http2Problem } from "../../protocols/http2/mod.ts";
import type { Connection, Direction, Reader } from "./connection.ts";
import { looksLikeEvents } from "./detect.ts";
import { EventStream } from "./event_stream.ts";
import { type Exchange, RequestHead, ResponseHead, reverseOf } from "./exchange.ts";
import { Half } from "./half.ts";
import { header, isEventStream } from "../../pipeline/http.ts";
import type { Hub } from "./hub.ts";
import { incompleteOf } from "./incomplete.ts";
import { tellRequest, tellResponse } from "./messages.ts";
import { splitPseudo } from "./pseudo.ts";

/** SETTINGS_HEADER_TABLE_SIZE: RFC 9113 section 6.5.2. */
const HEADER_TABLE_SIZE = 1;
/** How many streams that were reset are remembered: what was on its way may still come. */
const GONE = 256;

/** What one end sends. */
export class Http2Reader implements Reader {
  readonly protocol = "http2";
  readonly sure = true;
  readonly #parser: Http2Parser;
  readonly #direction: Direction;
  readonly #hub: Hub;
  /** Messages that have begun and not ended, by stream. */
  readonly #halves = new Map<number, Half>();
  /** Streams that were reset, oldest first. */
  readonly #gone = new Set<number>();
  /** Messages whose body lies in the buffer of the chunk that is being read. */
  #touched: Half[] = [];
  /** What this end sends, once known. */
  #role: "request" | "response" | undefined;

  constructor(direction: Direction, hub: Hub) {
    const { max_head, max_headers, max_streams } = hub.options;
    this.#direction = direction;
    this.#hub = hub;
    this.#parser = new Http2Parser(this, {
      maxHeaderBlock: max_head,
      maxHeaders: max_headers,
      maxStreams: max_streams,
    });
    const { other } = direction;
    if (other?.tableSize !== undefined) this.#parser.tableLimit(other.tableSize);
    if (other?.reader instanceof Http2Reader) this.#role = opposite(other.reader.#role);
  }

  ready(): "yes" {
    return "yes";
  }

  push({ buffer, start, end }: ChunkEvent): void {
    this.#parser.push(buffer, start, end);
    for (const half of this.#touched) half.body?.settle();
    this.#touched = [];
  }

  lose(bytes: number): void {
    this.#parser.lose(bytes);
  }

  close(incomplete: string): void {
    this.#parser.close();
    for (const [id, half] of [...this.#halves]) this.#finish(id, half, incomplete);
    if (this.#role !== "response" || incomplete !== "reset") return;
    for (const exchange of this.#direction.connection.exchanges?.values() ?? []) this.#unanswered(exchange);
  }

  headers(id: number, all: Http2Headers, _end: boolean, complete: boolean): void {
    const { method, target, authority, status, headers } = splitPseudo(all);
    const half = this.#halves.get(id);
    if (method !== undefined || target !== undefined) this.#become("request");
    else if (status !== undefined) this.#become("response");
    else if (half !== undefined && half.begun) {
      if (headers.length > 0) half.trailers = this.#hub.credentials.headers(headers);
      return;
    }
    if (status !== undefined && status < 200) return;
    if (this.#gone.has(id)) return;
    if (half?.begun) this.#finish(id, half, "malformed");
    if (this.#role === undefined) return this.#hub.skip(this.#direction, "joined_late", 0, 1);
    const shown = this.#hub.credentials.headers(headers);
    if (this.#role === "request") {
      this.#request(id, shown, method ?? "", target ?? "", authority ?? header(headers, "host"), complete);
    } else this.#response(id, shown, status ?? 0, complete);
  }

  promise(_id: number, promised: number, all: Http2Headers, complete: boolean): void {
    const { method = "", target = "", authority, headers } = splitPseudo(all);
    const direction = this.#direction, hub = this.#hub;
    this.#become("response");
    const exchange = this.#exchange(promised);
    exchange.request = this.#requestHead(method, target, authority, hub.credentials.headers(headers));
    exchange.times.requestStart = direction.time;
    exchange.client ??= direction.peer;
    exchange.server ??= direction.process;
    tellRequest(hub, direction, exchange, undefined, complete ? undefined : "joined_late");
  }

  data(id: number, buffer: Uint8Array, start: number, end: number): void {
    const half = this.#halves.get(id) ?? this.#late(id);
    if (half === undefined) return this.#hub.skip(this.#direction, "joined_late", end - start);
    if (half.sniff) this.#sniff(half, buffer, start, end);
    if (half.events !== undefined) half.events.push(buffer, start, end);
    else if (half.exchange === undefined) this.#hub.skip(this.#direction, "joined_late", end - start);
    else {
      if (half.body === undefined) half.body = this.#hub.body();
      half.body.push(buffer, start, end);
      this.#touched.push(half);
    }
  }

  end(id: number): void {
    const half = this.#halves.get(id);
    if (half !== undefined) this.#finish(id, half, undefined);
  }

  reset(id: number): void {
    const { connection, other, time } = this.#direction;
    const exchange = connection.exchanges?.get(id);
    const asked = exchange?.requestDone;
    this.#cut(id);
    const far = other?.reader;
    if (other !== undefined && far instanceof Http2Reader) {
      other.time = time;
      far.#cut(id);
    }
    if (exchange === undefined) return;
    const answering = this.#role === "response" ? this : far instanceof Http2Reader ? far : undefined;
    if (asked && answering !== undefined) answering.#unanswered(exchange);
    connection.exchanges?.delete(id);
  }

  settings(values: ReadonlyMap<number, number>): void {
    const size = values.get(HEADER_TABLE_SIZE);
    if (size === undefined) return;
    this.#direction.tableSize = size;
    const { other } = this.#direction;
    if (other?.reader instanceof Http2Reader) other.reader.#parser.tableLimit(size);
  }

  goaway(): void {} // the streams that it concerns are reset, or end with the connection

  problem(id: number, reason: Http2Problem, bytes: number): void {
    this.#hub.skip(this.#direction, reason, bytes, bytes > 0 ? 0 : 1);
    const why = incompleteOf(reason);
    if (id === 0) { for (const half of this.#halves.values()) half.damage(why); }
    else this.#halves.get(id)?.damage(why);
  }

  #become(role: "request" | "response"): void {
    if (this.#role !== undefined) return;
    this.#role = role;
    const { other } = this.#direction;
    if (other?.reader instanceof Http2Reader) other.reader.#role ??= opposite(role);
  }

  #request(
    id: number,
    headers: RequestHead["headers"],
    method: string,
    target: string,
    authority: string | undefined,
    complete: boolean,
  ): void {
    const direction = this.#direction;
    const exchange = this.#exchange(id);
    exchange.stream = direction.stream;
    exchange.request = this.#requestHead(method, target, authority, headers);
    exchange.times.requestStart = direction.time;
    exchange.client = direction.process ?? exchange.client;
    exchange.server = direction.peer ?? exchange.server;
    this.#begin(id, new Half(exchange, complete ? undefined : "joined_late"));
  }

  #response(id: number, headers: ResponseHead["headers"], status: number, complete: boolean): void {
    const direction = this.#direction;
    const exchange = this.#exchange(id);
    exchange.response = new ResponseHead(status, headers);
    exchange.times.responseStart = direction.time;
    exchange.client ??= direction.peer;
    exchange.server ??= direction.process;
    const half = this.#begin(id, new Half(exchange, complete ? undefined : "joined_late"));
    if (isEventStream(headers)) this.#stream(half, exchange);
    else half.sniff = !complete && header(headers, "content-type") === undefined;
  }

  #requestHead(
    method: string,
    target: string,
    authority: string | undefined,
    headers: RequestHead["headers"],
  ): RequestHead {
    const { credentials } = this.#hub;
    return new RequestHead(method, credentials.target(target), credentials.authority(authority), headers);
  }

  /** The exchange of a stream, made if this is the first that is seen of it. */
  #exchange(id: number): Exchange {
    const { connection, stream } = this.#direction;
    const exchanges = connection.exchanges ??= new Map();
    let exchange = exchanges.get(id);
    if (exchange === undefined) {
      const of = this.#role === "request" ? stream : reverseOf(stream);
      exchanges.set(id, exchange = this.#hub.exchange("2", of, id));
      if (exchanges.size > 2 * this.#hub.options.max_streams) this.#forgetExchange(connection);
    }
    return exchange;
  }

  #forgetExchange({ exchanges }: Connection): void {
    for (const id of exchanges?.keys() ?? []) {
      exchanges?.delete(id);
      return this.#hub.skip(this.#direction, "evicted", 0, 1);
    }
  }

  #begin(id: number, half: Half): Half {
    this.#halves.set(id, half);
    if (this.#halves.size > this.#hub.options.max_streams) {
      for (const [oldest, old] of this.#halves) {
        this.#hub.skip(this.#direction, "evicted", 0, 1);
        this.#finish(oldest, old, "evicted");
        this.#leave(oldest);
        break;
      }
    }
    return half;
  }

  /** DATA of a stream whose headers were not seen. Undefined if it was reset. */
  #late(id: number): Half | undefined {
    if (this.#gone.has(id)) return undefined;
    const half = new Half(undefined, "joined_late");
    half.sniff = this.#role === "response";
    return this.#begin(id, half);
  }

  /** A body of which no content type is known: it may be a stream of events. */
  #sniff(half: Half, buffer: Uint8Array, start: number, end: number): void {
    half.sniff = false;
    if (!looksLikeEvents(buffer, start, end)) return;
    const { stream, peer, process } = this.#direction;
    if (half.exchange !== undefined) return this.#stream(half, half.exchange);
    const exchange = half.exchange = this.#hub.exchange("2", reverseOf(stream));
    exchange.asked = true;
    exchange.client = peer;
    exchange.server = process;
    half.events = new EventStream(this.#hub, this.#direction, exchange, [], "joined_late");
  }

  /** The body is a stream of events: the head is told, then each of them. */
  #stream(half: Half, exchange: Exchange): void {
    tellResponse(this.#hub, this.#direction, exchange, undefined, half.incomplete, true);
    half.events = new EventStream(this.#hub, this.#direction, exchange, exchange.response?.headers ?? [], undefined);
    half.incomplete = undefined;
  }

  /** The other side, or this one, has reset a stream. */
  #cut(id: number): void {
    this.#leave(id);
    const half = this.#halves.get(id);
    if (half !== undefined) this.#finish(id, half, "reset");
  }

  #leave(id: number): void {
    this.#gone.add(id);
    if (this.#gone.size <= GONE) return;
    for (const oldest of this.#gone) {
      this.#gone.delete(oldest);
      break;
    }
  }

  #finish(id: number, half: Half, incomplete: string | undefined): void {
    const { exchange, events, body } = half;
    this.#halves.delete(id);
    if (exchange === undefined) return;
    const why = incomplete ?? half.incomplete;
    const { connection } = this.#direction;
    if (events !== undefined) {
      if (exchange.response !== undefined) exchange.response.trailers = half.trailers;
      events.end(why);
    } else if (this.#role === "request") {
      if (exchange.request !== undefined) exchange.request.trailers = half.trailers;
      tellRequest(this.#hub, this.#direction, exchange, body, why);
    } else {
      if (exchange.response !== undefined) exchange.response.trailers = half.trailers;
      tellResponse(this.#hub, this.#direction, exchange, body, why);
    }
    const over = exchange.responseDone && (exchange.requestDone || exchange.request === undefined && exchange.asked);
    if (over && connection.exchanges?.get(id) === exchange) connection.exchanges.delete(id);
  }

  /** A request that nothing will answer any more. */
  #unanswered(exchange: Exchange): void {
    if (exchange.request === undefined || !exchange.requestDone || exchange.response !== undefined) return;
    if (exchange.responseDone) return;
    tellResponse(this.#hub, this.#direction, exchange, undefined, "reset");
  }
}

function opposite(role: "request" | "response" | undefined): "request" | "response" | undefined {
  return role === undefined ? undefined : role === "request" ? "response" : "request";
}
