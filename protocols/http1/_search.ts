/**
 * Looking for the next message in the middle of a stream.
 *
 * @module
 */
import { latin1, newline } from "./_bytes.ts";
import { isEventLine, mayBeEventLine, sizeOf } from "./_chunk_size.ts";
import { type Http1Kind, mayStart, readStartLine } from "./_start_line.ts";

/** `size`: a chunk-size line; `event`: one of an event stream; `wait`: it takes more bytes to tell. */
export type Sight = "start" | "size" | "event" | "wait" | "nothing";

/** So many characters tell whether it is worth to wait for the line's end. */
const PREFIX = 64;

/** Looks at line after line. */
export class Search {
  /** Inside a line that was looked at. */
  midLine = false;
  /** The line before gave this size. */
  sizeSeen = 0;
  /** The line that was found, or is to wait for: where it begins, and where the next one does. */
  at = 0;
  stop = 0;
  readonly #kind: Http1Kind;
  readonly #maxLine: number;

  /** Lines of more than `maxLine` bytes are of no interest. */
  constructor(kind: Http1Kind, maxLine: number) {
    this.#kind = kind;
    this.#maxLine = maxLine;
  }

  /** Begins anew, at the beginning of a line. */
  begin(): void {
    this.midLine = false;
    this.sizeSeen = 0;
  }

  /** Looks at the first line of a write: a message mostly begins there, whatever came before. */
  lookAtStart(buffer: Uint8Array, at: number, end: number): void {
    const lf = newline(buffer, at, Math.min(end, at + this.#maxLine));
    if (lf >= 0 && look(this.#kind, buffer, at, lf, end) === "start") this.midLine = false;
  }

  /** Looks for a start line or a line that is `wanted`. `nothing`: none begins in `buffer[at, end)`. */
  find(wanted: "size" | "event", buffer: Uint8Array, at: number, end: number): Sight {
    while (at < end) {
      const lf = newline(buffer, at, end);
      const stop = lf < 0 ? end : lf + 1;
      const long = stop - at > this.#maxLine;
      const sight = this.midLine || long ? "nothing" : look(this.#kind, buffer, at, lf, end);
      if (sight === "wait" || sight === "start" || sight === wanted) {
        this.at = at;
        this.stop = stop;
        return sight;
      }
      this.sizeSeen = sight === "size" ? sizeIn(buffer, at, stop) : 0;
      this.midLine = lf < 0;
      at = stop;
    }
    return "nothing";
  }
}

/** The size that the chunk-size line `bytes[at, stop)` gives. */
export function sizeIn(bytes: Uint8Array, at: number, stop: number): number {
  return parseInt(latin1(bytes, at, stop), 16);
}

/** What the line is that begins at `at` and ends with the LF at `lf`, or is not whole yet (-1). */
function look(kind: Http1Kind, bytes: Uint8Array, at: number, lf: number, end: number): Sight {
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
