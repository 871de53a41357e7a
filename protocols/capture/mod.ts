/**
 * The capture file's codec: events to bytes and back, without I/O.
 *
 * @module
 */
export { CaptureDecoder } from "./decoder.ts";
export { CaptureEncoder } from "./encoder.ts";
export { FILE_HEAD, fileHead, headProblem } from "./format.ts";
