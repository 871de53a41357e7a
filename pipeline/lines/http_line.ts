/**
 * The line of an http event: an exchange that carried no message, or a part of one.
 *
 * @module
 */
import type { HttpEvent, HttpExchange, HttpHeaders } from "../event.ts";
import { mcpProtocolVersion } from "../http_session.ts";
import { addresses, auth, sessionId } from "./http_transport.ts";

/** Longest body written as text, in bytes. */
const TEXT = 64 * 1024;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The members between those that all lines have; of bodies the text or, if that is not wanted, the length. */
export function httpFields(event: HttpEvent, bodies: boolean): Record<string, unknown> {
  const { type, exchange, sse, incomplete, wireBytes } = event;
  const { request, response, version, streamId } = exchange;
  const isRequest = type === "request";
  const head = isRequest ? request : response;
  const isHead = isRequest || type === "response";
  return {
    type,
    exchange: exchange.id,
    method: request?.method,
    target: request?.target,
    host: request?.authority,
    status: isRequest ? undefined : response?.status,
    version,
    http2_stream: streamId,
    ...addresses(exchange.stream),
    session_id: sessionId(exchange, isRequest),
    protocol_version: mcpProtocolVersion(exchange),
    auth: isHead ? auth(exchange, isRequest) : undefined,
    headers: isHead && head !== undefined ? fields(head.headers) : undefined,
    trailers: isHead && head?.trailers !== undefined ? fields(head.trailers) : undefined,
    times_ms: isRequest ? undefined : times(exchange),
    ...(sse === undefined ? {} : { sse: { event: sse.event, id: sse.id, data: sse.data } }),
    ...(isHead ? content(event.body, bodies) : {}),
    wire_bytes: isHead && wireBytes > 0 && wireBytes !== event.body?.length ? wireBytes : undefined,
    incomplete,
  };
}

/** By name, in the order of the names; a field that is repeated is an array. */
function fields(headers: HttpHeaders): Record<string, string | string[]> {
  const all = new Map<string, string | string[]>();
  for (const [name, value] of headers) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]);
  }
  return Object.fromEntries(all);
}

/** Milliseconds from the first byte that was seen to the others, to the microsecond. */
function times({ times: { requestStart, requestEnd, responseStart, responseEnd } }: HttpExchange): unknown {
  const first = requestStart ?? requestEnd ?? responseStart;
  if (first === undefined) return undefined;
  const since = (time: number | undefined) => time === undefined ? undefined : Math.round((time - first) * 1000) / 1000;
  return { request_end: since(requestEnd), response_start: since(responseStart), response_end: since(responseEnd) };
}

/** A body that is text as it is, of others the length. */
function content(body: Uint8Array | undefined, asText: boolean): Record<string, unknown> {
  if (body === undefined || body.length === 0) return {};
  if (asText && body.length <= TEXT && !body.includes(0)) {
    try {
      return { body: decoder.decode(body) };
    } catch {
      // no text
    }
  }
  return { body_bytes: body.length };
}
