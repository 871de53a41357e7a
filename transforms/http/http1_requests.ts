/**
 * Reads the requests of an HTTP/1 connection.
 *
 * @module
 */
import type { ChunkEvent } from "../../pipeline/event.ts";
import { header } from "../../pipeline/http.ts";
import {
  type Http1Body,
  type Http1Fields,
  type Http1Head,
  Http1Parser,
  type Http1Skipped,
} from "../../protocols/http1/mod.ts";
import type { Body } from "./body.ts";
import type { Direction, Reader } from "./connection.ts";
import { type Exchange, RequestHead } from "./exchange.ts";
import type { Hub } from "./hub.ts";
import { incompleteOf } from "./incomplete.ts";
import { tellRequest } from "./messages.ts";

/** Requests of one connection that may wait for their responses. Clients that pipeline send a handful. */
const MOST_WAITING = 1024;

/** What a client sends. */
export class Http1Requests implements Reader {
  readonly protocol = "http1";
  sure: boolean;
  readonly #parser: Http1Parser;
  readonly #direction: Direction;
  readonly #hub: Hub;
  #exchange: Exchange | undefined;
  #body: Body | undefined;
  /** When the first byte of a message came, where it came before its head was whole. */
  #begun: number | undefined;
  #closing: string | undefined;

  constructor(direction: Direction, hub: Hub, sure: boolean) {
    const { max_head, max_headers } = hub.options;
    this.#direction = direction;
    this.#hub = hub;
    this.sure = sure;
    this.#parser = new Http1Parser("request", this, { maxHead: max_head, maxHeaders: max_headers });
  }

  ready(): "yes" {
    return "yes";
  }

  push({ buffer, start, end }: ChunkEvent): void {
    const { connection, time } = this.#direction;
    if (connection.upgraded !== undefined) return this.raw(buffer, start, end);
    this.#begun ??= time;
    this.#parser.push(buffer, start, end);
    this.#body?.settle();
  }

  lose(bytes: number): void {
    this.#direction.connection.synced = false;
    this.#parser.lose(bytes);
  }

  close(incomplete: string): void {
    this.#closing = incomplete;
    this.#parser.close();
    this.#finish(undefined, incomplete); // if the parser knew nothing of it
    this.#closing = undefined;
  }

  head({ version, method = "", target = "", headers }: Http1Head): Http1Body | undefined {
    this.sure = true;
    const direction = this.#direction, hub = this.#hub, { connection } = direction;
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
    exchange.times.requestStart = this.#begun ?? direction.time;
    exchange.client = direction.process ?? exchange.client;
    exchange.server = direction.peer ?? exchange.server;
    if (late === undefined) {
      connection.queue.push(exchange);
      if (connection.queue.length > MOST_WAITING) {
        connection.queue.shift();
        hub.skip(direction, "evicted", 0, 1);
      }
    }
    this.#exchange = exchange;
    this.#body = undefined;
    return undefined;
  }

  body(buffer: Uint8Array, start: number, end: number): void {
    if (this.#exchange === undefined) return this.#hub.skip(this.#direction, "joined_late", end - start);
    (this.#body ??= this.#hub.body()).push(buffer, start, end);
  }

  end(trailers: Http1Fields | undefined): void {
    this.#finish(trailers, undefined);
  }

  late(): void {
    this.#finish(undefined, "malformed");
  }

  skipped(bytes: number, reason: Http1Skipped, aborted: boolean): void {
    if (aborted) this.#finish(undefined, this.#closing ?? incompleteOf(reason));
    if (bytes === 0) return;
    this.#hub.skip(this.#direction, reason, bytes);
    this.#direction.connection.synced = false; // there may have been a request
  }

  raw(_buffer: Uint8Array, start: number, end: number): void {
    this.#direction.connection.upgradedBytes += end - start;
  }

  /** The exchange of a response that came before this request. */
  #orphan(): Exchange | undefined {
    const { connection } = this.#direction;
    for (let late: Exchange | undefined; (late = connection.orphans.shift()) !== undefined;) {
      if (!late.asked) return late;
      connection.unsure = true;
    }
    return undefined;
  }

  #finish(trailers: Http1Fields | undefined, incomplete: string | undefined): void {
    const exchange = this.#exchange, body = this.#body;
    this.#exchange = this.#body = this.#begun = undefined;
    if (exchange === undefined) return;
    if (trailers !== undefined && trailers.length > 0 && exchange.request !== undefined) {
      exchange.request.trailers = this.#hub.credentials.headers(trailers);
    }
    tellRequest(this.#hub, this.#direction, exchange, body, incomplete);
  }
}
