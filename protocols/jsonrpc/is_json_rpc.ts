/**
 * Tells JSON-RPC 2.0 from anything else.
 *
 * @module
 */
import { DEFAULT_DEPTH, envelope, scanObject } from "./envelope.ts";
import { skipSpace } from "./json.ts";

/**
 * True if `bytes[start, end)`, space around it aside, is one whole JSON-RPC 2.0 message or a batch of nothing else.
 * Takes any bytes, never throws.
 */
export function isJsonRpc(bytes: Uint8Array, start: number, end: number): boolean {
  let at = skipSpace(bytes, start, end);
  if (at >= end) return false;
  if (bytes[at] === 0x7b) {
    at = scanObject(bytes, at, end, DEFAULT_DEPTH);
    return at > 0 && isMessage() && skipSpace(bytes, at, end) === end;
  }
  if (bytes[at] !== 0x5b) return false;
  do {
    at = skipSpace(bytes, at + 1, end);
    if (at >= end || bytes[at] !== 0x7b) return false;
    at = scanObject(bytes, at, end, DEFAULT_DEPTH - 1);
    if (at < 0 || !isMessage()) return false;
    at = skipSpace(bytes, at, end);
  } while (at < end && bytes[at] === 0x2c);
  return at < end && bytes[at] === 0x5d && skipSpace(bytes, at + 1, end) === end;
}

/** True if the last scan found a version 2.0 message with a method, a result or an error. */
function isMessage(): boolean {
  return envelope.version === 1 && (envelope.methodStart >= 0 || envelope.resultStart >= 0 || envelope.errorStart >= 0);
}
