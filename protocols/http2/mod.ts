/**
 * A passive reader of HTTP/2 (RFC 9113) with HPACK (RFC 7541): a pure codec, no I/O and no clock.
 *
 * @module
 */
export { DEFAULT_LIMITS, EXPANSION, type Http2Handler, type Http2Headers, type Http2Limits } from "./handler.ts";
export type { Http2Problem } from "./handler.ts";
export { looksLikeHttp2 } from "./frames.ts";
export { Http2Parser } from "./parser.ts";
