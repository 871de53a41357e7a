/**
 * A guess from the first bytes of a stream.
 *
 * @module
 */
import { latin1, newline } from "./_bytes.ts";
import { mayStart, readStartLine } from "./_start_line.ts";

/** A longer first line is not looked at to its end. */
const MAX_LINE = 16_384;
/** A request line whose end is not in view: a method in capitals and the beginning of a target. */
const REQUEST = /^[A-Z][A-Z-]{2,31} (?:\/|\*|https?:\/\/)/;

/**
 * What kind of HTTP/1.x message these bytes begin with, if any. Sure when the first line is whole; else it takes a method
 * and the first characters of a target, or `HTTP/1.`.
 */
export function looksLikeHttp1(buffer: Uint8Array, start: number, end: number): "request" | "response" | undefined {
  while (start < end && (buffer[start] === 13 || buffer[start] === 10)) start++;
  const stop = Math.min(end, start + MAX_LINE);
  const lf = newline(buffer, start, stop);
  const line = latin1(buffer, start, lf < 0 ? stop : lf > start && buffer[lf - 1] === 13 ? lf - 1 : lf);
  if (lf >= 0) {
    if (readStartLine("response", line, 0, line.length) !== undefined) return "response";
    return readStartLine("request", line, 0, line.length) === undefined ? undefined : "request";
  }
  if (line.length >= 7 && mayStart("response", line)) return "response";
  return REQUEST.test(line) || /^CONNECT \S/.test(line) ? "request" : undefined;
}
