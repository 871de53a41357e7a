/**
 * Tells what a direction carries by its first bytes.
 *
 * @module
 */
import type { ChunkEvent } from "../../pipeline/event.ts";
import { looksLikeHttp1 } from "../../protocols/http1/mod.ts";
import { looksLikeHttp2 } from "../../protocols/http2/mod.ts";

/** What the bytes are; `more`: too few to tell, `other`: nothing known. */
export type Guess = "request" | "response" | "http2" | "more" | "other";

/** With fewer bytes than these it cannot be told what is neither HTTP/1 nor HTTP/2. */
const ENOUGH = 24;

/** What `buffer[start, end)` begins with. */
export function guess(buffer: Uint8Array, start: number, end: number): Guess {
  if (looksLikeHttp2(buffer, start, end) !== undefined) return "http2";
  const kind = end - start < ENOUGH && isPrefaceBegun(buffer, start, end)
    ? undefined
    : looksLikeHttp1(buffer, start, end);
  return kind ?? (end - start < ENOUGH ? "more" : "other");
}

/** True for what may become HTTP/2's preface, `PRI * HTTP/2.0`, and looks like a request of HTTP/1 as far as it goes. */
function isPrefaceBegun(buffer: Uint8Array, start: number, end: number): boolean {
  return end - start >= 4 && buffer[start] === 0x50 && buffer[start + 1] === 0x52 && buffer[start + 2] === 0x49 &&
    buffer[start + 3] === 0x20;
}

/** What the chunks begin with, taken together. */
export function guessAll(chunks: readonly ChunkEvent[]): Guess {
  const [only] = chunks;
  if (only !== undefined && (chunks.length === 1 || only.end - only.start >= ENOUGH)) {
    return guess(only.buffer, only.start, only.end);
  }
  const bytes: number[] = [];
  for (const { buffer, start, end } of chunks) {
    for (let at = start; at < end && bytes.length < 4 * ENOUGH; at++) bytes.push(buffer[at]!);
  }
  return guess(Uint8Array.from(bytes), 0, bytes.length);
}

/** False if no HTTP connection begins with this byte: it is no letter of a method nor of `HTTP`, nor of a frame's length. */
export function mayBegin(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || byte === 0 || byte === 0x0d || byte === 0x0a);
}

/** True if the bytes begin with a field of an event stream, or a comment (HTML standard, section 9.2). */
export function looksLikeEvents(buffer: Uint8Array, start: number, end: number): boolean {
  while (start < end && (buffer[start] === 0x0a || buffer[start] === 0x0d)) start++;
  if (buffer[start] === 0x3a) return true;
  let name = "";
  for (let at = start; at < end && at < start + 8; at++) {
    if (buffer[at] === 0x3a) return name === "data" || name === "event" || name === "id" || name === "retry";
    name += String.fromCharCode(buffer[at]!);
  }
  return false;
}
