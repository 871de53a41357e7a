/**
 * What the HTTP/2 reader tells, and its bounds.
 *
 * @module
 */

/**
 * Fields in their order, pseudo headers among them; each byte of a value is one character (latin1). The pairs are shared
 * with the reader's tables: make others, do not change them.
 */
export type Http2Headers = readonly (readonly [name: string, value: string])[];

/** Bounds of what one {@linkcode Http2Parser} holds. */
export interface Http2Limits {
  /** Bytes of a header block as sent; decoded it may have {@linkcode EXPANSION} times as many. Default 65536. */
  readonly maxHeaderBlock: number;
  /** Fields of a header block. Default 256. */
  readonly maxHeaders: number;
  /** Streams whose end is remembered. Default 4096. */
  readonly maxStreams: number;
  /** Bytes of the dynamic table, counted as RFC 7541 section 4.1 does. Default 65536. */
  readonly maxTable: number;
}

/** Used where {@linkcode Http2Limits} says nothing else. */
export const DEFAULT_LIMITS: Http2Limits = {
  maxHeaderBlock: 65536,
  maxHeaders: 256,
  maxStreams: 4096,
  maxTable: 65536,
};

/** How many times the bytes of the largest header block its fields may have: names, values and 32 for each field. */
export const EXPANSION = 4;

/**
 * Why something could not be read:
 * - `bytes_lost`: lost before they came here, or passed over in search of a frame;
 * - `bad_frame`: against RFC 9113; with 0 bytes and stream 0 if what is passed over is told as `bytes_lost`;
 * - `bad_hpack`: against RFC 7541;
 * - `header_block_too_large`, `too_many_headers`: beyond {@linkcode Http2Limits};
 * - `not_http2`: a lot of bytes, and no frame among them.
 */
export type Http2Problem =
  | "bytes_lost"
  | "bad_frame"
  | "bad_hpack"
  | "header_block_too_large"
  | "too_many_headers"
  | "not_http2";

/** What {@linkcode Http2Parser} calls as it reads one direction. It must not throw, nor call the parser. */
export interface Http2Handler {
  /**
   * A header block: request, response, interim response or trailers. `complete` is false if fields were left out: they
   * refer to a table built before capture began or before a loss, or a {@linkcode problem} was told just before.
   */
  headers(streamId: number, headers: Http2Headers, end: boolean, complete: boolean): void;
  /** PUSH_PROMISE. */
  promise(streamId: number, promised: number, headers: Http2Headers, complete: boolean): void;
  /** A piece of DATA as it came, without padding: `buffer[start, end)`, never empty. */
  data(streamId: number, buffer: Uint8Array, start: number, end: number): void;
  /** END_STREAM: after the last `data` or `headers(…, true, …)`. */
  end(streamId: number): void;
  /** RST_STREAM with its error code (RFC 9113 section 7). */
  reset(streamId: number, code: number): void;
  /** SETTINGS (not an acknowledgement): value by identifier (RFC 9113 section 6.5.2; 1 is HEADER_TABLE_SIZE). */
  settings(values: ReadonlyMap<number, number>): void;
  /** GOAWAY. */
  goaway(lastStreamId: number, code: number): void;
  /** What could not be read, and how many bytes. `streamId` 0: the connection, so maybe any of its streams. */
  problem(streamId: number, reason: Http2Problem, bytes: number): void;
}
