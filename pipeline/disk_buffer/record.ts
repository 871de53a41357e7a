/**
 * How a record stands in a segment.
 *
 * Little-endian: 0 CRC-32 of all that follows (u32), 4 the segment's salt (u32), 8 length of the payload (u32), 12 index of the
 * record in its segment (u32), 16 time in milliseconds since the Unix epoch (f64), 24 payload. The salt is a mark that
 * whole records are looked for by behind damaged ones; as it is random, no payload can pretend to hold one.
 *
 * @module
 */
import { crc32 } from "node:zlib";

/** Bytes before a payload. */
export const RECORD_BYTES = 24;

/** Writes a record into a block that has room for it. */
export function putRecord(
  block: Uint8Array,
  view: DataView,
  at: number,
  salt: number,
  index: number,
  time: number,
  payload: Uint8Array,
): void {
  view.setUint32(at + 4, salt, true);
  view.setUint32(at + 8, payload.length, true);
  view.setUint32(at + 12, index, true);
  view.setFloat64(at + 16, time, true);
  block.set(payload, at + RECORD_BYTES);
  view.setUint32(at, crc32(block.subarray(at + 4, at + RECORD_BYTES + payload.length)), true);
}

/** True if the record that begins `at` is whole and unharmed. `length` is what its header says. */
export function isWhole(bytes: Uint8Array, view: DataView, at: number, length: number): boolean {
  return crc32(bytes.subarray(at + 4, at + RECORD_BYTES + length)) === view.getUint32(at, true);
}
