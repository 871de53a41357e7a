/**
 * The first bytes of a capture file.
 *
 * @module
 */
import { HEADER_BYTES, MAGIC, VERSION } from "./format.ts";

/** Writes a header at the start of `bytes`, which are at least {@linkcode HEADER_BYTES}. `created`: ms since 1970. */
export function writeHeader(bytes: Uint8Array, created: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  bytes.fill(0, 0, HEADER_BYTES);
  bytes.set(MAGIC);
  view.setUint16(8, VERSION, true);
  view.setUint16(10, HEADER_BYTES, true);
  view.setFloat64(16, created, true);
}

/** How many bytes the header has, or why these first bytes of a file are none that can be read. */
export function readHeader(bytes: Uint8Array): number | string {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, k) => bytes[k] !== byte)) return "not a mcpsonde capture";
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const version = view.getUint16(8, true), length = view.getUint16(10, true);
  if (version !== VERSION) return `of version ${version}, and only version ${VERSION} is known here`;
  return length < HEADER_BYTES ? "not a mcpsonde capture" : length;
}
