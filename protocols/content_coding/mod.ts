/**
 * Content codings: gzip, deflate, br and zstd, within bounds. A pure codec, no I/O and no clock.
 *
 * @module
 */
export { decodeBody, type DecodedBody } from "./decode_body.ts";
export { codingsOf, StreamDecoder } from "./stream_decoder.ts";
export type { CodingLimits, CodingProblem } from "./types.ts";
