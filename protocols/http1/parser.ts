/**
 * A passive parser of one direction of an HTTP/1.x connection.
 *
 * @module
 */
import type { Http1Handler, Http1Limits } from "./types.ts";

/** Reads one direction of a connection (RFC 9112). */
export class Http1Parser {
  constructor(kind: "request" | "response", handler: Http1Handler, limits?: Partial<Http1Limits>) {
    void [kind, handler, limits];
  }

  /** Takes the next bytes. */
  push(buffer: Uint8Array, start: number, end: number): void {
    void [buffer, start, end];
  }

  /** Says that so many bytes are missing here. */
  lose(bytes: number): void {
    void bytes;
  }

  /** Says that the stream has ended; `reset`: not in good order. */
  close(reset?: boolean): void {
    void reset;
  }
}
