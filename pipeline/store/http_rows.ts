/**
 * Makes rows of HTTP exchanges, which are filled in as they go on.
 *
 * @module
 */
import type { HttpEvent, HttpExchange } from "../event.ts";
import { Related } from "../http_related.ts";
import { RecentMap } from "../recent_map.ts";
import { cut } from "./cut.ts";
import type { StoreLimits } from "./limits.ts";
import type { Parties } from "./parties.ts";
import type { RowWriter, Value } from "./statements.ts";

/** Exchanges that are remembered: those that go on for longer lose their end. */
const EXCHANGES = 16_384;

interface Exchange {
  readonly id: number;
  readonly time: number;
  readonly source: string;
  exchange: HttpExchange;
  mcp: boolean;
  requestBytes: number;
  responseBytes: number;
  requestBody: Value;
  responseBody: Value;
  incomplete: string | undefined;
}

/** Bodies need not be text. */
const decoder = new TextDecoder();

/** Knows the exchanges of one run. */
export class HttpRows {
  readonly #out: RowWriter;
  readonly #parties: Parties;
  readonly #limits: StoreLimits;
  readonly #exchanges = new RecentMap<number, Exchange>(EXCHANGES, { forgotten: (_, one) => this.#write(one) });
  readonly #dirty = new Set<Exchange>();
  readonly #related = new Related();
  #last: number;

  constructor(out: RowWriter, parties: Parties, limits: StoreLimits, last: number) {
    this.#out = out;
    this.#parties = parties;
    this.#limits = limits;
    this.#last = last;
  }

  /** The row of the exchange that carried a message. */
  carrier(exchange: HttpExchange, time: number, source: string, bytes: number, isAnswer: boolean): number {
    const one = this.#of(exchange, time, source);
    one.mcp = true;
    if (isAnswer) one.responseBytes += bytes;
    else one.requestBytes += bytes;
    this.#related.add(exchange);
    return one.id;
  }

  /** Takes an event of HTTP; false if it is left out. */
  add(event: HttpEvent): boolean {
    const { exchange, type, body, sse } = event;
    const isOther = !this.#related.has(exchange);
    if (isOther && this.#limits.otherHttp === "none") return false;
    const one = this.#of(exchange, event.time, event.source);
    const isKept = body !== undefined && body.length > 0 && (!isOther || this.#limits.otherHttp === "whole");
    const text = isKept ? decoder.decode(cut(body, 0, body.length, this.#limits.text)) : null;
    if (type === "request") {
      one.requestBytes += body?.length ?? event.wireBytes;
      if (text !== null) one.requestBody = text;
    } else {
      // the end of a stream tells of all that came over it
      one.responseBytes = Math.max(one.responseBytes + (sse?.data.length ?? 0), body?.length ?? event.wireBytes);
      if (text !== null) one.responseBody = text;
    }
    if (event.incomplete !== undefined) one.incomplete = event.incomplete;
    return true;
  }

  /** The last row's id. */
  get last(): number {
    return this.#last;
  }

  /** Writes the exchanges that have changed. */
  flush(): void {
    for (const one of this.#dirty) this.#write(one);
    this.#dirty.clear();
  }

  #of(exchange: HttpExchange, time: number, source: string): Exchange {
    let one = this.#exchanges.get(exchange.id);
    if (one === undefined) {
      one = {
        id: ++this.#last,
        time: exchange.times.requestStart ?? time,
        source,
        exchange,
        mcp: false,
        requestBytes: 0,
        responseBytes: 0,
        requestBody: null,
        responseBody: null,
        incomplete: undefined,
      };
      this.#exchanges.set(exchange.id, one);
    }
    one.exchange = exchange;
    this.#dirty.add(one);
    return one;
  }

  #write(one: Exchange): void {
    const { exchange } = one;
    const { request, response, stream, times } = exchange;
    const { requestStart, requestEnd = requestStart, responseStart, responseEnd } = times;
    this.#out.write("http", [
      one.id,
      one.time,
      exchange.version,
      request?.method ?? "",
      request?.target ?? "",
      request?.authority ?? null,
      response?.status ?? null,
      requestStart === undefined || responseEnd === undefined ? null : Math.max(0, responseEnd - requestStart),
      requestEnd === undefined || responseStart === undefined ? null : Math.max(0, responseStart - requestEnd),
      JSON.stringify(request?.headers ?? []),
      JSON.stringify(response?.headers ?? []),
      one.requestBytes,
      one.responseBytes,
      this.#parties.process(exchange.client),
      this.#parties.process(exchange.server),
      stream.medium === "tls" ? stream.tls ?? "tls" : null,
      stream.from?.address ?? null,
      stream.from?.port ?? null,
      stream.to?.address ?? null,
      stream.to?.port ?? null,
      one.source,
      one.mcp ? 1 : 0,
      one.incomplete ?? null,
      one.requestBody,
      one.responseBody,
    ]);
  }
}
