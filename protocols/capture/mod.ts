/**
 * The capture file: chunks, and what they refer to, as they were seen. Pure, no I/O.
 *
 * @module
 */
export { CaptureDecoder } from "./decoder.ts";
export { CaptureEncoder, type Out } from "./encoder.ts";
export { HEADER_BYTES } from "./format.ts";
export { readHeader } from "./header.ts";
