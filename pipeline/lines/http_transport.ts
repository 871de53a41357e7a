/**
 * The `http_transport` object of a message's line: MCPSpy's fields first, then ours.
 *
 * @module
 */
import type { Endpoint, HttpExchange, McpEvent, Process, Stream } from "../event.ts";
import { header } from "../http.ts";
import { authState } from "../http_auth.ts";
import type { Gather } from "../output/gather.ts";
import { mcpProtocolVersion, mcpSessionId } from "../http_session.ts";

/** Streams of which it is remembered what their messages have in common. */
const LIMIT = 4096;
const encoder = new TextEncoder();

/** What the last message of a stream had, and the two pieces made of it. */
interface Known {
  readonly process: Process | undefined;
  readonly peer: Process | undefined;
  readonly client: Process | undefined;
  readonly server: Process | undefined;
  readonly from: Endpoint | undefined;
  readonly to: Endpoint | undefined;
  readonly authority: string | undefined;
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly version: HttpExchange["version"];
  readonly session: string | undefined;
  readonly protocol: string | undefined;
  readonly isRequest: boolean;
  /** From the start up to where the status comes. */
  readonly first: Uint8Array;
  /** From there up to the number of the exchange. */
  readonly second: Uint8Array;
}

/** Writes the objects. Most messages of a stream have nearly all of it in common: that is made once. */
export class HttpTransports {
  readonly #out: Gather;
  readonly #details: boolean;
  readonly #known = new Map<Stream, Known>();

  /** `details` adds each end's executable, command line and cgroup. */
  constructor(out: Gather, details: boolean) {
    this.#out = out;
    this.#details = details;
  }

  /** Adds the object of a message, its name before it. */
  write(event: McpEvent, exchange: HttpExchange): void {
    const out = this.#out;
    const { response } = exchange;
    const known = this.#of(event, exchange);
    const { isRequest } = known;
    out.splice(known.first, 0, known.first.length);
    if (!isRequest && response !== undefined) out.text(`,"status":${response.status}`);
    out.splice(known.second, 0, known.second.length);
    const state = auth(exchange, isRequest);
    const location = isRequest || response === undefined ? undefined : header(response.headers, "location");
    let rest = `${exchange.id}`;
    if (event.sseId !== undefined) rest += `,"sse_id":${JSON.stringify(event.sseId)}`;
    if (state !== undefined) rest += `,"auth":${JSON.stringify(state)}`;
    if (location !== undefined) rest += `,"location":${JSON.stringify(location)}`;
    out.text(`${rest}}`);
  }

  #of(event: McpEvent, exchange: HttpExchange): Known {
    const { stream } = event;
    const { request, client, server, version } = exchange;
    const isRequest = stream === exchange.stream;
    const session = sessionId(exchange, isRequest), protocol = mcpProtocolVersion(exchange);
    const known = this.#known.get(stream);
    if (
      known !== undefined && known.process === event.process && known.peer === event.peer && known.client === client &&
      known.server === server && known.from === exchange.stream.from && known.to === exchange.stream.to &&
      known.authority === request?.authority && known.method === request?.method && known.target === request?.target &&
      known.version === version && known.session === session && known.protocol === protocol &&
      known.isRequest === isRequest
    ) return known;
    if (known === undefined && this.#known.size >= LIMIT) this.#known.clear();
    const made: Known = {
      process: event.process,
      peer: event.peer,
      client,
      server,
      from: exchange.stream.from,
      to: exchange.stream.to,
      authority: request?.authority,
      method: request?.method,
      target: request?.target,
      version,
      session,
      protocol,
      isRequest,
      first: encoder.encode(`,"http_transport":${this.#first(event, exchange, isRequest)}`),
      second: encoder.encode(`,${second(exchange, session, protocol)},"exchange":`),
    };
    this.#known.set(stream, made);
    return made;
  }

  #first(event: McpEvent, { request, client, server }: HttpExchange, isRequest: boolean): string {
    const known = client ?? server;
    return JSON.stringify({
      pid: known?.pid ?? 0,
      comm: known?.comm ?? "",
      host: request?.authority,
      is_request: isRequest,
      ...end("from", event.process, this.#details),
      ...end("to", event.peer, this.#details),
      method: request?.method,
      target: request?.target,
    }).slice(0, -1);
  }
}

function second({ version, stream }: HttpExchange, session: string | undefined, protocol: string | undefined): string {
  return JSON.stringify({ version, ...addresses(stream), session_id: session, protocol_version: protocol }).slice(
    1,
    -1,
  );
}

/** What a request says of authorisation does not depend on whether its response was seen already. */
export function auth(exchange: HttpExchange, isRequest: boolean): Record<string, unknown> | undefined {
  const state = authState(exchange);
  if (state === undefined || isRequest && state.scheme === undefined && state.credential === undefined) {
    return undefined;
  }
  return { scheme: state.scheme, credential: state.credential, challenge: isRequest ? undefined : state.challenge };
}

/** Nor does the session that it belongs to. */
export function sessionId(exchange: HttpExchange, isRequest: boolean): string | undefined {
  if (!isRequest) return mcpSessionId(exchange);
  return exchange.request === undefined ? undefined : header(exchange.request.headers, "mcp-session-id");
}

/** Both ends of the connection that a request went over. */
export function addresses(stream: Stream): Record<string, unknown> {
  const { from, to, reverse } = stream;
  return {
    client_address: endpoint(from ?? reverse?.to),
    server_address: endpoint(to ?? reverse?.from),
    tls: stream.tls ?? reverse?.tls,
  };
}

/** `127.0.0.1:80`, `[::1]:80`. */
function endpoint(of: Endpoint | undefined): string | undefined {
  if (of === undefined) return undefined;
  return of.address.includes(":") ? `[${of.address}]:${of.port}` : `${of.address}:${of.port}`;
}

function end(prefix: "from" | "to", process: Process | undefined, details: boolean): Record<string, unknown> {
  if (process === undefined) return {};
  const { pid, comm, name, container } = process;
  const more = details ? { exe: process.exe, args: process.args, cgroup: process.cgroup } : {};
  return Object.fromEntries(
    Object.entries({ pid, comm, name, container, ...more }).map(([field, value]) => [`${prefix}_${field}`, value]),
  );
}
