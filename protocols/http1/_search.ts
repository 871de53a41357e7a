/**
 * What a line is to one who looks for the next message in the middle of a stream.
 *
 * @module
 */
import { latin1 } from "./_bytes.ts";
import { isEventLine, mayBeEventLine, sizeOf } from "./_chunk_size.ts";
import { type Http1Kind, mayStart, readStartLine } from "./_start_line.ts";

/** `size`: a chunk-size line; `event`: one of an event stream; `wait`: it takes more bytes to tell. */
export type Sight = "start" | "size" | "event" | "wait" | "nothing";

/** So many characters tell whether it is worth to wait for the line's end. */
const PREFIX = 64;

/** Looks at the line that begins at `at` and ends with the LF at `lf`, or is not whole yet (-1). */
export function look(kind: Http1Kind, bytes: Uint8Array, at: number, lf: number, end: number): Sight {
  if (lf < 0) {
    const text = latin1(bytes, at, Math.min(end, at + PREFIX));
    if (kind === "response" && isEventLine(text)) return "event";
    const waits = mayStart(kind, text) ||
      (kind === "response" && (mayBeEventLine(text) || sizeOf(text) !== undefined));
    return waits ? "wait" : "nothing";
  }
  const stop = lf > at && bytes[lf - 1] === 13 ? lf - 1 : lf;
  if (kind === "request") {
    if (stop - at < 14 || bytes[stop - 8] !== 0x48) return "nothing"; // "GET / HTTP/1.1"
  } else if (!RESPONSE_FIRST[bytes[at]!]) return "nothing";
  const text = latin1(bytes, at, stop);
  if (readStartLine(kind, text, 0, text.length) !== undefined) return "start";
  if (kind === "request") return "nothing";
  return isEventLine(text) ? "event" : sizeOf(text) === undefined ? "nothing" : "size";
}

/** Bytes that begin a line of interest: a status line, a chunk size, a line of an event stream. */
const RESPONSE_FIRST = new Uint8Array(256);
for (const first of "Hdeir:0123456789abcdefABCDEF") RESPONSE_FIRST[first.charCodeAt(0)] = 1;
