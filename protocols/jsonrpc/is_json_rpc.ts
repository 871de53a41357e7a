/**
 * Tells JSON-RPC 2.0 from anything else.
 *
 * @module
 */
import { DEFAULT_DEPTH, envelope, forget, Found, scanMember, scanMessage } from "./scan.ts";

/**
 * True if `bytes[start, end)`, space around it aside, is one whole JSON-RPC 2.0 message or a batch of nothing else.
 * Takes any bytes, never throws.
 */
export function isJsonRpc(bytes: Uint8Array, start: number, end: number): boolean {
  forget();
  const found = scanMessage(bytes, start, end, DEFAULT_DEPTH);
  if (found === Found.object) return isMessage();
  if (found !== Found.array) return false;
  let members = 0;
  let at = envelope.start;
  for (;;) {
    const member = scanMember(bytes, at, end, DEFAULT_DEPTH);
    if (member === Found.blank) return members > 0;
    if (member !== Found.object || !isMessage()) return false;
    members++;
    at = envelope.end;
  }
}

/** True if the last scan found a version 2.0 message with a method, a result or an error. */
function isMessage(): boolean {
  return envelope.version === 1 && (envelope.methodStart >= 0 || envelope.resultStart >= 0 || envelope.errorStart >= 0);
}
