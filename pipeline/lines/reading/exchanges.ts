/**
 * HTTP exchanges and streams, as far as lines tell of them.
 *
 * @module
 */
import type { Endpoint, HttpExchange, HttpHeaders, Json, Process, Stream, Transport } from "../../event.ts";
import { type Line, number, object, string } from "./values.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Exchange extends Mutable<HttpExchange> {
  times: Mutable<HttpExchange["times"]>;
}

/** How many of each are remembered before all are forgotten. */
const MOST = 65_536;

/** Knows them by their numbers. */
export class Carriers {
  readonly #streams = new Map<string, Stream>();
  readonly #bySession = new Map<string, Stream>();
  readonly #exchanges = new Map<number, Exchange>();
  #last = 0;

  /** The stream of a message over stdio; of two in one session each is the other's reverse. */
  stdio(line: Line, session: string, transport: Transport): Stream {
    const key = `${line["stream"]}`;
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const stream: Stream = {
      id: number(line["stream"]) ?? ++this.#last,
      medium: "pipe",
      reverse: undefined,
      transport,
    };
    if (this.#streams.size >= MOST) this.#streams.clear();
    if (this.#bySession.size >= MOST) this.#bySession.clear();
    this.#streams.set(key, stream);
    const other = this.#bySession.get(session);
    if (other === undefined || other.reverse !== undefined) this.#bySession.set(session, stream);
    else {
      other.reverse = stream;
      stream.reverse = other;
    }
    return stream;
  }

  /** The exchange that a line is part of, with what the line adds to it. */
  exchange(line: Line, of: Line, at: number, isRequest: boolean, from?: Process, to?: Process): HttpExchange {
    const id = number(of["exchange"]) ?? --this.#last;
    let exchange = this.#exchanges.get(id);
    if (exchange === undefined) {
      if (this.#exchanges.size >= MOST) this.#exchanges.clear();
      this.#exchanges.set(id, exchange = this.#made(id, line, of));
    }
    const { times } = exchange;
    if (isRequest) {
      times.requestStart ??= at;
      times.requestEnd = at;
      exchange.client ??= from;
      exchange.server ??= to;
    } else {
      times.responseStart ??= at;
      times.responseEnd = at;
      exchange.client ??= to;
      exchange.server ??= from;
    }
    const method = string(of["method"]), target = string(of["target"]);
    if (exchange.request === undefined && method !== undefined && target !== undefined) {
      exchange.request = { method, target, authority: string(of["host"]), headers: headersOf(of, isRequest) };
    }
    const status = number(of["status"]);
    if (status !== undefined && exchange.response === undefined) {
      exchange.response = { status, headers: headersOf(of, !isRequest) };
    }
    return exchange;
  }

  #made(id: number, line: Line, of: Line): Exchange {
    const tls = string(of["tls"]);
    const medium = tls === undefined ? "tcp" : "tls";
    const client = endpoint(of["client_address"]), server = endpoint(of["server_address"]);
    const number = ++this.#last;
    const stream: Stream = { id: 1e9 + 2 * number, medium, reverse: undefined, from: client, to: server, tls };
    stream.reverse = { id: 1e9 + 2 * number + 1, medium, reverse: stream, from: server, to: client, tls };
    const version = string(of["version"]);
    return {
      id,
      version: version === "1.0" || version === "2" ? version : "1.1",
      streamId: typeof line["http2_stream"] === "number" ? line["http2_stream"] : undefined,
      request: undefined,
      response: undefined,
      times: {},
      client: undefined,
      server: undefined,
      stream,
    };
  }
}

/** The headers of a line, or those that a message's line names. */
function headersOf(of: Line, isMine: boolean): HttpHeaders {
  const all: [string, string][] = [];
  if (isMine) {
    for (const [name, value] of Object.entries(object(of["headers"]))) {
      for (const one of Array.isArray(value) ? value : [value]) if (typeof one === "string") all.push([name, one]);
    }
  }
  const add = (name: string, value: Json | undefined) => {
    if (typeof value === "string" && !all.some(([known]) => known === name)) all.push([name, value]);
  };
  add("mcp-session-id", of["session_id"]);
  add("mcp-protocol-version", of["protocol_version"]);
  return all;
}

/** `127.0.0.1:36364`, `[::1]:443`. */
function endpoint(value: Json | undefined): Endpoint | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]{1,64})\]|([^:]{1,64})):(\d{1,5})$/.exec(string(value) ?? "") ?? [];
  const address = bracketed ?? plain;
  return address === undefined || port === undefined ? undefined : { address, port: Number(port) };
}
