/**
 * Content codings: gzip, deflate, br and zstd, within bounds. A pure codec, no clock and no I/O but that the first br body
 * loads a module.
 *
 * @module
 */
export { decodeBody, type DecodedBody } from "./decode_body.ts";
export { codingsOf, StreamDecoder } from "./stream_decoder.ts";
export type { CodingLimits, CodingProblem } from "./types.ts";
