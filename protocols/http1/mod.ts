/**
 * HTTP/1.x off bytes (RFC 9112): a pure codec, no I/O and no clock.
 *
 * @module
 */
export { looksLikeHttp1 } from "./looks_like.ts";
export { Http1Parser } from "./parser.ts";
export type { Http1Body, Http1Fields, Http1Handler, Http1Head, Http1Limits, Http1Skipped } from "./types.ts";
