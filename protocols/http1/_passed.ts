/**
 * Bytes that are passed over.
 *
 * @module
 */
import type { Http1Handler, Http1Skipped } from "./types.ts";

/** Bytes that a search passes over are told at the latest when they are so many. */
const TELL = 64 * 1024;

/** Counts bytes that are passed over, and tells the handler of them. */
export class Passed {
  /** Why they are. */
  reason: Http1Skipped = "not_http";
  readonly #handler: Http1Handler;
  #bytes = 0;

  constructor(handler: Http1Handler) {
    this.#handler = handler;
  }

  /** Counts bytes. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Tells if it is time. */
  tellMany(): void {
    if (this.#bytes >= TELL) this.tell();
  }

  /** Tells of what was counted. */
  tell(): void {
    if (this.#bytes > 0) this.#handler.skipped(this.#bytes, this.reason, false);
    this.#bytes = 0;
  }

  /** Forgets what was counted. */
  clear(): void {
    this.#bytes = 0;
  }
}
