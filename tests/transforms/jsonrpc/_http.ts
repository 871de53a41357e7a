/** Hand-made http events for the tests of the jsonrpc transform. */
import type {
  Event,
  HttpEvent,
  HttpExchange,
  HttpHeaders,
  McpEvent,
  Process,
  Stream,
} from "../../../pipeline/event.ts";
import { client, server } from "./_feed.ts";

const encoder = new TextEncoder();
let nextStream = 100_001;
let nextExchange = 1;
let now = 2_000_000;

/** A connection: what the client sends, and what the server sends. */
export interface Connection {
  readonly up: Stream;
  readonly down: Stream;
  readonly client: Process | undefined;
  readonly server: Process | undefined;
}

/** A new connection over TCP, from a port of its own. */
export function connection(
  ends: { readonly client?: Process | undefined; readonly server?: Process | undefined } = { client, server },
): Connection {
  const from = { address: "127.0.0.1", port: 40_000 + nextStream % 10_000 }, to = { address: "127.0.0.1", port: 3000 };
  const up: Stream = { id: nextStream++, medium: "tcp", reverse: undefined, from, to };
  const down: Stream = { id: nextStream++, medium: "tcp", reverse: up, from: to, to: from };
  up.reverse = down;
  return { up, down, client: ends.client, server: ends.server };
}

type Headers = Readonly<Record<string, string>>;

/** What a request may differ in. */
export interface Asked {
  readonly method?: string;
  readonly target?: string;
  readonly authority?: string;
  readonly headers?: Headers;
  readonly incomplete?: string;
}

/** The exchange while it is made; its parts are filled in as the events are asked for. */
type Making = { -readonly [Field in keyof HttpExchange]: HttpExchange[Field] };

/** One exchange, event by event. */
export class Exchange {
  readonly exchange: Making;
  readonly #on: Connection;

  constructor(on: Connection = connection()) {
    this.#on = on;
    this.exchange = {
      id: nextExchange++,
      version: "1.1",
      request: undefined,
      response: undefined,
      times: {},
      client: on.client,
      server: on.server,
      stream: on.up,
    };
  }

  /** The request, with its body. */
  request(body: unknown, asked: Asked = {}): HttpEvent {
    const { method = "POST", target = "/mcp", authority = "localhost:3000", headers = {}, incomplete } = asked;
    this.exchange.request = { method, target, authority, headers: fields(headers) };
    return this.#event("request", body, incomplete);
  }

  /** The response, with its body. */
  response(status: number, body?: unknown, headers: Headers = {}, incomplete?: string): HttpEvent {
    const type: Headers = typeof body === "object" ? { "content-type": "application/json" } : {};
    this.exchange.response = { status, headers: fields({ ...type, ...headers }) };
    return this.#event("response", body, incomplete);
  }

  /** The head of an event stream. */
  stream(headers: Headers = {}): HttpEvent {
    return { ...this.response(200, undefined, { "content-type": "text/event-stream", ...headers }), body: undefined };
  }

  /** One event of it. */
  sse(data: unknown, more: { readonly event?: string; readonly id?: string } = {}): HttpEvent {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    return { ...this.#event("sse"), body: undefined, sse: { event: more.event, id: more.id, data: text } };
  }

  /** Its end. */
  end(incomplete?: string): HttpEvent {
    return { ...this.#event("end", undefined, incomplete), body: undefined };
  }

  /** The end of a connection that nothing was answered on. */
  reset(): HttpEvent {
    return this.#event("response", undefined, "reset");
  }

  #event(type: HttpEvent["type"], body?: unknown, incomplete?: string): HttpEvent {
    const { up, down } = this.#on;
    const ends = type === "request"
      ? { process: this.#on.client, peer: this.#on.server, stream: up }
      : { process: this.#on.server, peer: this.#on.client, stream: down };
    const bytes = encoder.encode(
      body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body),
    );
    return {
      kind: "http",
      time: now++,
      source: "test",
      ...ends,
      type,
      exchange: this.exchange,
      body: bytes,
      wireBytes: bytes.length,
      incomplete,
    };
  }
}

/** A POST and its answer as JSON. */
export function post(
  message: unknown,
  answer: unknown,
  asked: Asked = {},
  answered: { readonly on?: Connection; readonly headers?: Headers; readonly status?: number } = {},
): HttpEvent[] {
  const made = new Exchange(answered.on);
  return [made.request(message, asked), made.response(answered.status ?? 200, answer, answered.headers)];
}

export const ask = (id: unknown, method = "tools/call", params?: unknown): Record<string, unknown> => ({
  jsonrpc: "2.0",
  id,
  method,
  ...(params === undefined ? {} : { params }),
});
export const answer = (id: unknown, result: unknown = {}): Record<string, unknown> => ({ jsonrpc: "2.0", id, result });
export const tell = (method: string, params?: unknown): Record<string, unknown> => ({
  jsonrpc: "2.0",
  method,
  ...(params === undefined ? {} : { params }),
});

/** What became of the http events, in a few words each. */
export function shown(events: readonly Event[]): string[] {
  return events.map((event) => {
    if (event.kind === "mcp") return message(event);
    if (event.kind === "http") return `http ${event.type}`;
    return event.kind === "finding" ? `${event.rule} ${event.severity}: ${event.message}` : event.kind;
  });
}

function message({ type, id, method, request, warnings, malformed }: McpEvent): string {
  const asked = request === undefined ? [] : [`→ ${request.method} ${request.id}`];
  return [type, malformed, method, id, ...asked, ...warnings].filter((part) => part !== undefined).join(" ");
}

function fields(headers: Headers): HttpHeaders {
  return Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
}
