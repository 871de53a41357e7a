/**
 * What the console shows of HTTP: the transport's column, the status of an answer, exchanges that are no MCP, and heads.
 *
 * @module
 */
import type { HttpEvent, HttpExchange, HttpHeaders, McpEvent } from "../../pipeline/event.ts";
import { isEventStream } from "../../pipeline/http.ts";
import type { Span } from "./line.ts";
import { Related } from "../../pipeline/http_related.ts";
import { bytes, duration } from "./units.ts";
import { visible } from "./visible.ts";
import { shorten } from "./width.ts";

/** Header fields shown of one head. */
const MOST_FIELDS = 30;
/** Events without a message that are shown of one stream: a model's answer has one for each word. */
const MOST_EVENTS = 3;

/** `http`, `https`, `sse`, `sse tls`; empty for stdio. */
export function transportName(event: McpEvent | HttpEvent): string {
  if (event.kind === "mcp" && event.transport === "stdio") return "";
  const { stream } = event;
  const isTls = stream.medium === "tls" || stream.tls !== undefined;
  if (event.kind === "mcp" && event.transport === "sse") return isTls ? "sse tls" : "sse";
  return isTls ? "https" : "http";
}

/** The status of the answer that carries a response, if it says more than the response does. */
export function unusualStatus(event: McpEvent): Span | undefined {
  const status = event.type === "response" && event.stream !== event.http?.stream
    ? event.http?.response?.status
    : undefined;
  if (status === undefined || status === 200 || status === 202) return undefined;
  return [status >= 400 ? "bad" : "warn", `${status}  `];
}

/** Tells which http events a person wants to see, and what heads were shown already. */
export class Exchanges {
  /** Whether it carried a message, and whether one of them was a request of the client. */
  readonly #carried = new WeakMap<HttpExchange, "request" | "other">();
  readonly #shown = new WeakMap<HttpExchange, { request: boolean; response: boolean }>();
  /** How many events without a message its stream had. */
  readonly #events = new WeakMap<HttpExchange, number>();
  readonly #related = new Related();

  /** A message was seen. */
  add(event: McpEvent): void {
    if (event.http === undefined) return;
    this.#related.add(event.http);
    const asks = event.type === "request" && event.stream === event.http.stream;
    if (asks) this.#carried.set(event.http, "request");
    else if (!this.#carried.has(event.http)) this.#carried.set(event.http, "other");
  }

  /**
   * True for what is shown without `verbose`: answers to what was no MCP but has to do with it, and refusals. Of a refused
   * request a finding tells.
   */
  isOfInterest({ type, exchange }: HttpEvent): boolean {
    if (type !== "response") return false;
    const carried = this.#carried.get(exchange);
    if (carried === undefined) return this.#related.has(exchange);
    return carried === "other" && (exchange.response === undefined || exchange.response.status >= 300);
  }

  /** True if the exchange has carried a message. */
  isMcp(exchange: HttpExchange): boolean {
    return this.#carried.has(exchange);
  }

  /** A server-sent event without a message. True if it is to be shown: the first few of a stream are. */
  isShownEvent(exchange: HttpExchange): boolean {
    const count = (this.#events.get(exchange) ?? 0) + 1;
    this.#events.set(exchange, count);
    return count <= MOST_EVENTS;
  }

  /** How many of its stream's events were not shown. */
  left(exchange: HttpExchange): number {
    return Math.max(0, (this.#events.get(exchange) ?? 0) - MOST_EVENTS);
  }

  /** True the first time that the exchange's request, or its response, is to be shown. */
  isNew(exchange: HttpExchange, side: "request" | "response"): boolean {
    let shown = this.#shown.get(exchange);
    if (shown === undefined) this.#shown.set(exchange, shown = { request: false, response: false });
    const isNew = !shown[side];
    shown[side] = true;
    return isNew;
  }
}

/** `GET /.well-known/oauth-protected-resource 404 · 1.2 ms`. `left`: events of its stream that were not shown. */
export function httpLine({ type, exchange, sse, body, incomplete }: HttpEvent, left: number): Span[] {
  const { request, response } = exchange;
  const spans: Span[] = [[
    "dim",
    request === undefined ? "(request not seen)" : visible(`${request.method} ${request.target}`),
  ]];
  if (type === "sse") {
    spans.push(["dim", ` event ${visible(sse?.event ?? "message")}  ${visible(sse?.data ?? "")}`]);
    return spans;
  }
  if (type !== "request" && response !== undefined) {
    spans.push([response.status >= 500 ? "warn" : "dim", ` ${response.status}`]);
  }
  const more: string[] = [];
  const isStream = response !== undefined && isEventStream(response.headers);
  if (type === "response" && isStream) more.push("event stream");
  else if (type === "end") more.push("event stream ended");
  const { requestStart, requestEnd, responseStart, responseEnd } = exchange.times;
  const from = requestStart ?? requestEnd;
  const to = type === "request" ? undefined : type === "end" ? responseEnd : isStream ? responseStart : responseEnd;
  if (from !== undefined && to !== undefined) more.push(duration(to - from));
  if (body !== undefined && body.length > 0) more.push(bytes(body.length));
  if (type === "end" && left > 0) more.push(`${left} more ${left === 1 ? "event" : "events"}`);
  if (incomplete !== undefined) more.push(visible(incomplete));
  if (more.length > 0) spans.push(["dim", ` · ${more.join(" · ")}`]);
  return spans;
}

/** The head that came with an event, a line each: first line, fields, times. */
export function headLines(exchange: HttpExchange, side: "request" | "response", columns: number): Span[][] {
  const { request, response, version, times: { requestStart, requestEnd, responseStart, responseEnd } } = exchange;
  const lines: Span[][] = [];
  const head = side === "request" ? request : response;
  if (head === undefined) return lines;
  if (side === "request" && request !== undefined) {
    lines.push([["dim", visible(`${request.method} ${request.target} HTTP/${version}`)]]);
  } else if (response !== undefined) lines.push([["dim", `HTTP/${version} ${response.status}`]]);
  lines.push(...fieldLines(head.headers, columns));
  if (side === "request") return lines;
  const parts: string[] = [];
  const add = (name: string, from: number | undefined, to: number | undefined) => {
    if (from !== undefined && to !== undefined && to > from) parts.push(`${name} ${duration(to - from)}`);
  };
  add("sent in", requestStart, requestEnd);
  add("first byte after", requestEnd, responseStart);
  add("received in", responseStart, responseEnd);
  if (parts.length > 0) lines.push([["dim", parts.join(" · ")]]);
  return lines;
}

function fieldLines(headers: HttpHeaders, columns: number): Span[][] {
  const lines = headers.slice(0, MOST_FIELDS).map(([name, value]): Span[] => [
    ["dim", `${shorten(visible(name), 40)}: `],
    ["plain", shorten(visible(value), columns)],
  ]);
  if (headers.length > MOST_FIELDS) lines.push([["dim", `… and ${headers.length - MOST_FIELDS} more`]]);
  return lines;
}
