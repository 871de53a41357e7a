/**
 * Reads one direction of an HTTP/2 connection as it passes (RFC 9113).
 *
 * @module
 */
import { DEFAULT_LIMITS, type Http2Handler, type Http2Limits } from "./handler.ts";

/** Reads the bytes that one end sends. Any bytes will do. */
export class Http2Parser {
  readonly #handler: Http2Handler;
  readonly #limits: Http2Limits;

  /** Tells `handler` what it reads. */
  constructor(handler: Http2Handler, limits: Partial<Http2Limits> = {}) {
    this.#handler = handler;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Gives the next bytes, `buffer[start, end)`. */
  push(_buffer: Uint8Array, _start: number, _end: number): void {
    void this.#limits;
  }

  /** So many bytes are missing here. */
  lose(bytes: number): void {
    this.#handler.problem(0, "bytes_lost", bytes);
  }

  /** No more bytes come. */
  close(): void {}

  /** The other direction's SETTINGS_HEADER_TABLE_SIZE, which counts from this direction's next acknowledgement on. */
  tableLimit(_bytes: number): void {}
}
