/**
 * Tells a broken message from a log line.
 *
 * @module
 */

/** How far into a line to look. */
const LIMIT = 64 * 1024;
const decoder = new TextDecoder("latin1");

/**
 * True if `bytes[start, end)`, which is no valid JSON, names the members of a JSON-RPC message as one would: so that
 * `[INFO] started` and `{ port: 80 }` are not taken for a message gone wrong. Looks at the first and last 64 KiB.
 */
export function mentionsJsonRpc(bytes: Uint8Array, start: number, end: number): boolean {
  const head = decoder.decode(bytes.subarray(start, Math.min(end, start + LIMIT)));
  const tail = end - start > LIMIT ? decoder.decode(bytes.subarray(Math.max(start + LIMIT, end - LIMIT), end)) : "";
  const has = (name: string) => head.includes(name) || tail.includes(name);
  return has('"jsonrpc"') || has('"method"') || (has('"id"') && (has('"result"') || has('"error"')));
}
