/**
 * Reads the requests of an HTTP/1 connection.
 *
 * @module
 */
import { header } from "../../pipeline/http.ts";
import type { Http1Body, Http1Fields, Http1Head, Http1Skipped } from "../../protocols/http1/mod.ts";
import type { Direction } from "./connection.ts";
import { type Exchange, RequestHead } from "./exchange.ts";
import type { Hub } from "./hub.ts";
import { Http1Messages } from "./http1_messages.ts";
import { tellRequest } from "./messages.ts";

/** Requests of one connection that may wait for their responses. Clients that pipeline send a handful. */
const MOST_WAITING = 1024;

/** What a client sends. */
export class Http1Requests extends Http1Messages {
  constructor(direction: Direction, hub: Hub, sure: boolean) {
    super("request", direction, hub, sure);
  }

  ready(): "yes" {
    return "yes";
  }

  lose(bytes: number): void {
    this.direction.connection.synced = false;
    this.parser.lose(bytes);
  }

  head({ version, method = "", target = "", headers }: Http1Head): Http1Body | undefined {
    this.sure = true;
    const direction = this.direction, hub = this.hub, { connection } = direction;
    const late = this.#orphan();
    if (connection.unsure && connection.queue.length > 0) connection.queue.length = 0; // they were answered unseen
    const exchange = late ?? hub.exchange(version, direction.stream);
    const authority = hub.credentials.authority(header(headers, "host"));
    exchange.stream = direction.stream;
    exchange.request = new RequestHead(
      method,
      hub.credentials.target(target),
      authority,
      hub.credentials.headers(headers),
    );
    exchange.times.requestStart = this.begun ?? direction.time;
    exchange.client = direction.process ?? exchange.client;
    exchange.server = direction.peer ?? exchange.server;
    if (late === undefined) {
      connection.queue.push(exchange);
      if (connection.queue.length > MOST_WAITING) {
        connection.queue.shift();
        hub.skip(direction, "evicted", 0, 1);
      }
    }
    this.exchange = exchange;
    this.content = undefined;
    return undefined;
  }

  body(buffer: Uint8Array, start: number, end: number): void {
    this.keep(buffer, start, end);
  }

  late(): void {
    this.finish(undefined, "malformed");
  }

  skipped(bytes: number, reason: Http1Skipped, aborted: boolean): void {
    if (aborted) this.finish(undefined, this.whyAborted(reason));
    if (bytes === 0) return;
    this.hub.skip(this.direction, reason, bytes);
    this.direction.connection.synced = false; // there may have been a request
  }

  /** The exchange of a response that came before this request. */
  #orphan(): Exchange | undefined {
    const { connection } = this.direction;
    for (let late: Exchange | undefined; (late = connection.orphans.shift()) !== undefined;) {
      if (!late.asked) return late;
      connection.unsure = true;
    }
    return undefined;
  }

  protected finish(trailers: Http1Fields | undefined, incomplete: string | undefined): void {
    const exchange = this.exchange, body = this.content;
    this.exchange = this.content = this.begun = undefined;
    if (exchange === undefined) return;
    const last = this.trailers(trailers);
    if (last !== undefined && exchange.request !== undefined) exchange.request.trailers = last;
    tellRequest(this.hub, this.direction, exchange, body, incomplete);
  }
}
