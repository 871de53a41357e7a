/**
 * Tells HTTP/2 frames from other bytes (RFC 9113 sections 4 and 6).
 *
 * @module
 */

/**
 * Whether `buffer[start, end)` begins a client's connection, or begins with frames as in the midst of one (or at a
 * server's start). Looks at `start` only.
 */
export function looksLikeHttp2(_buffer: Uint8Array, _start: number, _end: number): "preface" | "frames" | undefined {
  return undefined;
}
