/**
 * The `http_transport` object of a message's line: MCPSpy's fields first, then ours.
 *
 * @module
 */
import type { Endpoint, HttpExchange, McpEvent, Process, Stream } from "../../pipeline/event.ts";
import { header } from "../../pipeline/http.ts";
import { authState } from "../../pipeline/http_auth.ts";
import { mcpProtocolVersion, mcpSessionId } from "../../pipeline/http_session.ts";

/** As JSON. `details` adds each end's executable, command line and cgroup. */
export function httpTransport(event: McpEvent, exchange: HttpExchange, details: boolean): string {
  const { request, response, client, server, version, stream } = exchange;
  const known = client ?? server;
  const isRequest = event.stream === stream;
  return JSON.stringify({
    pid: known?.pid ?? 0,
    comm: known?.comm ?? "",
    host: request?.authority,
    is_request: isRequest,
    ...end("from", event.process, details),
    ...end("to", event.peer, details),
    method: request?.method,
    target: request?.target,
    status: isRequest ? undefined : response?.status,
    version,
    ...addresses(stream),
    session_id: sessionId(exchange, isRequest),
    protocol_version: mcpProtocolVersion(exchange),
    exchange: exchange.id,
    sse_id: event.sseId,
    auth: auth(exchange, isRequest),
    location: isRequest || response === undefined ? undefined : header(response.headers, "location"),
  });
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
