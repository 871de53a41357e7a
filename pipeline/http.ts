/**
 * Small questions about HTTP messages that more than one stage asks.
 *
 * @module
 */
import type { HttpHeaders } from "./event.ts";

/** The first value of a header; `name` in lower case. */
export function header(headers: HttpHeaders, name: string): string | undefined {
  for (let k = 0; k < headers.length; k++) {
    const field = headers[k]!;
    if (field[0] === name) return field[1];
  }
  return undefined;
}

/** All values of a header, in their order; `name` in lower case. */
export function headerAll(headers: HttpHeaders, name: string): string[] {
  return headers.filter((field) => field[0] === name).map((field) => field[1]);
}

/** The path of a request target, without scheme, authority, query and fragment: `/mcp` of `http://host/mcp?x=1#y`. */
export function path(target: string): string {
  let start = 0;
  if (!target.startsWith("/")) {
    const scheme = target.indexOf("://");
    if (scheme < 0) return cut(target, 0);
    start = target.indexOf("/", scheme + 3);
    const end = cut(target, 0).length;
    if (start < 0 || start >= end) return "/";
  }
  return cut(target, start);
}

/** The query of a request target without its `?`; undefined if it has none. */
export function query(target: string): string | undefined {
  const hash = target.indexOf("#");
  const end = hash < 0 ? target.length : hash;
  const start = target.indexOf("?");
  return start < 0 || start >= end ? undefined : target.slice(start + 1, end);
}

/** The media type of a message, in lower case and without parameters: `application/json`. */
export function mediaType(headers: HttpHeaders): string | undefined {
  const value = header(headers, "content-type");
  if (value === undefined || isPlain(value)) return value;
  const end = value.indexOf(";");
  return (end < 0 ? value : value.slice(0, end)).trim().toLowerCase();
}

/** True for a media type as {@linkcode mediaType} gives it: mostly it is sent so. */
function isPlain(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code <= 0x20 || code === 0x3b || (code >= 0x41 && code <= 0x5a) || code > 0x7e) return false;
  }
  return true;
}

/** True if the message's body is a stream of server-sent events. */
export function isEventStream(headers: HttpHeaders): boolean {
  return mediaType(headers) === "text/event-stream";
}

function cut(target: string, start: number): string {
  for (let at = start; at < target.length; at++) {
    const code = target.charCodeAt(at);
    if (code === 0x3f || code === 0x23) return target.slice(start, at);
  }
  return target.slice(start);
}
