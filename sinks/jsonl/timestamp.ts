/**
 * Times in ISO 8601 with microseconds: `2026-11-21T12:05:49.677285Z`.
 *
 * @module
 */
import type { ByteBuffer } from "../../pipeline/output/byte_buffer.ts";

/** Bytes of `2026-11-21T12:05:49.677285Z`. */
export const TIMESTAMP = 27;
const encoder = new TextEncoder();
/** Last time with four digits for the year. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59) * 1000;

let second = -1;
const text = new Uint8Array(TIMESTAMP);

/** Writes milliseconds since the Unix epoch. What is no time within the years 1970 to 9999 becomes the nearest. */
export function putTimestamp(out: ByteBuffer, time: number): void {
  const micros = time > 0 ? Math.min(Math.round(time * 1000), LATEST) : 0;
  const now = Math.floor(micros / 1e6);
  if (now !== second) {
    second = now;
    encoder.encodeInto(new Date(now * 1000).toISOString().slice(0, 20) + "000000Z", text);
  }
  const { bytes } = out;
  const at = out.length;
  for (let k = 0; k < 20; k++) bytes[at + k] = text[k]!;
  out.length += 20;
  let rest = (micros - now * 1e6) | 0;
  for (let k = at + 25; k >= at + 20; k--) {
    const next = (rest / 10) | 0;
    bytes[k] = 0x30 + rest - next * 10;
    rest = next;
  }
  bytes[at + 26] = 0x5a;
  out.length = at + TIMESTAMP;
}
