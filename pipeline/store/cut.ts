/**
 * Bytes cut to a limit.
 *
 * @module
 */

/** `buffer[start, end)`, or as many whole characters of UTF-8 as fit into so many bytes. A view, not a copy. */
export function cut(buffer: Uint8Array, start: number, end: number, limit: number): Uint8Array {
  if (end - start <= limit) return buffer.subarray(start, end);
  let to = start + limit;
  while (to > start && (buffer[to]! & 0xc0) === 0x80) to--; // the byte there goes on with a character
  return buffer.subarray(start, to);
}
