/**
 * What the HTTP/1.x parser takes and gives.
 *
 * @module
 */

/** Bounds of one head. */
export interface Http1Limits {
  /** Bytes of a head, of a chunk-size line and of trailers; 65536 by default. */
  readonly maxHead: number;
  /** Header fields of a head, and of trailers; 256 by default. */
  readonly maxHeaders: number;
}

/** Fields in their order: names in lower case, values trimmed, each byte one character (latin1). */
export type Http1Fields = [name: string, value: string][];

/** A start line and its header fields. `method` and `target` are set in a request, `status` in a response. */
export interface Http1Head {
  /** Of the sender. */
  readonly version: "1.0" | "1.1";
  /** As sent: `POST`. */
  readonly method: string | undefined;
  /** As sent: `/mcp`, `http://host/mcp`, `host:443` or `*`. */
  readonly target: string | undefined;
  /** 100 to 999. */
  readonly status: number | undefined;
  /** May hold a name several times. */
  readonly headers: Http1Fields;
}

/**
 * Why bytes were passed over: `not_http`: no start line; `bad_head`: a field line that is none; `head_too_large`,
 * `too_many_headers`: beyond the limits; `bad_chunk`: no chunk where one should be; `bytes_lost`: lost before the parser;
 * `closed`: the stream ended in a message.
 */
export type Http1Skipped =
  | "not_http"
  | "bad_head"
  | "head_too_large"
  | "too_many_headers"
  | "bad_chunk"
  | "bytes_lost"
  | "closed";

/** What the caller knows of a body: `none` (answer to HEAD), `tunnel` (2xx to CONNECT). */
export type Http1Body = "none" | "tunnel";

/** Is told what the parser finds, in order. Ranges of bytes are of the buffer given to `push`, without a copy. */
export interface Http1Handler {
  /** A head. Answers what is known of the body besides; undefined: as the head says. */
  head(head: Http1Head): Http1Body | undefined;
  /** Body bytes without transfer coding, still content-coded. */
  body(buffer: Uint8Array, start: number, end: number): void;
  /** The message is whole. Not called for an interim head (1xx), nor after a head that leads to `raw`. */
  end(trailers: Http1Fields | undefined): void;
  /** The search found what looks like the middle of a chunked body; `body` calls follow, then `end`. */
  late(): void;
  /** Bytes that were passed over; `aborted`: a message that had begun ended here, cut. */
  skipped(bytes: number, reason: Http1Skipped, aborted: boolean): void;
  /** Bytes after a 101 or a successful CONNECT. */
  raw(buffer: Uint8Array, start: number, end: number): void;
}
