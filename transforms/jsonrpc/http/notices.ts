/**
 * The findings about MCP over HTTP.
 *
 * @module
 */
import type { EventBase, FindingEvent, GapEvent, HttpEvent, HttpExchange } from "../../../pipeline/event.ts";
import { header, mediaType, path } from "../../../pipeline/http.ts";
import { type Challenge, challengeOf } from "../../../pipeline/http_auth.ts";
import type { Message } from "../../../pipeline/message.ts";
import { shortened } from "../../../pipeline/shortened.ts";
import { found } from "../notices.ts";
import type { Mismatch } from "./mirrored.ts";

/** Longest evidence, and longest text quoted from a header or a body, in characters. */
const EVIDENCE = 200, QUOTED = 100;
/** Requests named in one finding. */
const NAMED = 5;

/** How servers before 2026-07-28 answer a client that tries that revision first ("Backward Compatibility" there). */
const OLDER: ReadonlySet<number> = new Set([400, 404, 405]);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reason phrases: RFC 9110, section 15; RFC 6585. */
const PHRASES: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** A request got an HTTP answer without a message in it, or none. */
export function failed(event: HttpEvent, requests: readonly Message[]): FindingEvent {
  const { exchange } = event;
  const { response } = exchange;
  const challenge = response === undefined ? undefined : challengeOf(response.headers);
  const location = response === undefined ? undefined : header(response.headers, "location");
  const isAsked = response?.status === 401 && challenge !== undefined;
  const isMoved = response !== undefined && response.status >= 300 && response.status < 400 && location !== undefined;
  const isProbe = response !== undefined && OLDER.has(response.status) &&
    requests.every(({ method }) => method === "server/discover");
  const answer = response === undefined
    ? `was not answered: the connection ended${after(event)}`
    : `was answered ${status(response.status)}${said(response.status, challenge, location)}${extent(event)}`;
  return {
    ...origin(event),
    kind: "finding",
    rule: "mcp.http.failed",
    severity: isAsked || isMoved || isProbe ? "info" : "low",
    message: `${line(exchange)} ${answer}; it carried ${names(requests)}`,
    evidence: excerpt(event),
    stream: event.stream,
    ...found(requests),
  };
}

/** Requests that no response can come for any more. */
export function unanswered(
  event: EventBase & { readonly exchange?: HttpExchange },
  requests: readonly Message[],
): FindingEvent {
  const { exchange } = event;
  const where = exchange === undefined ? "" : ` to ${line(exchange)}`;
  return {
    ...origin(event),
    kind: "finding",
    rule: "mcp.http.unanswered",
    severity: "low",
    message: exchange === undefined
      ? `No answer came to ${names(requests)} before the end`
      : `The answer${where} ended without a response to ${names(requests)}`,
    stream: requests[0]?.stream,
    ...found(requests),
  };
}

/** A header says otherwise than the body. */
export function mismatched(event: HttpEvent, { header: name, value, body }: Mismatch): FindingEvent {
  const sent = value === undefined ? `has no ${name}` : `has ${name} ${quoted(value)}`;
  return {
    ...origin(event),
    kind: "finding",
    rule: "mcp.http.header_mismatch",
    severity: "medium",
    message: `${line(event.exchange)} ${sent}, but its body says ${
      body === undefined ? "nothing of it" : quoted(body)
    }`,
    stream: event.stream,
  };
}

/** A body beyond the limit. */
export function tooLarge(event: HttpEvent, bytes: number): GapEvent {
  return {
    ...origin(event),
    kind: "gap",
    reason: "too_large",
    message: `A message of ${bytes} bytes in ${line(event.exchange)} is over the limit (max_line)`,
    lost: { messages: 1, bytes },
    stream: event.stream,
  };
}

/** `POST /mcp`, and the server's authority if its process is not known. */
function line({ request, server }: HttpExchange): string {
  if (request === undefined) return "A request that was not seen";
  const host = server === undefined ? request.authority ?? "" : "";
  return `${request.method} ${host}${short(path(request.target))}`;
}

function status(code: number): string {
  const phrase = PHRASES[code];
  return phrase === undefined ? String(code) : `${code} ${phrase}`;
}

function said(code: number, challenge: Challenge | undefined, location: string | undefined): string {
  if (challenge !== undefined) {
    const params = Object.entries(challenge.params).map(([name, value]) => `${name}=${short(value)}`).join(", ");
    return `, ${short(challenge.scheme)} challenge${params === "" ? "" : ` (${short(params)})`}`;
  }
  return location !== undefined && code >= 300 && code < 400 ? `, location ${short(location)}` : "";
}

/** How long after the request that was: for a person to know a time limit by. */
function after({ time, exchange: { times: { requestStart, requestEnd } } }: HttpEvent): string {
  const since = requestStart ?? requestEnd;
  if (since === undefined || time < since) return "";
  const ms = time - since;
  return ` after ${ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`}`;
}

/** Of an answer that looks like a success: what it had instead of a message. */
function extent({ exchange: { response }, body, incomplete }: HttpEvent): string {
  if (incomplete !== undefined) return ` and cut short (${incomplete})`;
  if (response === undefined || response.status >= 300) return "";
  if (body === undefined || body.length === 0) return " without a body";
  return ` with ${mediaType(response.headers) ?? "a body of no type"}, which is no message`;
}

/** The beginning of a body that is text. */
function excerpt({ exchange: { response }, body }: HttpEvent): string | undefined {
  if (body === undefined || body.length === 0 || response === undefined) return undefined;
  const type = mediaType(response.headers);
  if (type !== undefined && !/^text\/|[/+](json|xml)$/.test(type)) return undefined;
  const text = decoder.decode(body.subarray(0, EVIDENCE * 4));
  return text.includes("\0") ? undefined : [...text].slice(0, EVIDENCE).join("").trim();
}

function names(requests: readonly Message[]): string {
  const some = requests.slice(0, NAMED).map(({ method, id }) =>
    `${short(method ?? "?")} (id ${short(JSON.stringify(id))})`
  );
  return some.join(", ") + (requests.length > NAMED ? ` and ${requests.length - NAMED} more` : "");
}

function quoted(text: string): string {
  return JSON.stringify(short(text));
}

function short(text: string): string {
  return shortened(text, QUOTED);
}

function origin({ time, source, process, peer }: EventBase): EventBase {
  return { time, source, process, peer };
}
