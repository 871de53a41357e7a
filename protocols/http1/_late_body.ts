/**
 * A chunked body that is joined in the middle of a chunk.
 *
 * @module
 */
import type { Http1Handler } from "./types.ts";

const CRLF = Uint8Array.of(13, 10);

/** Passes on bytes of the chunk but for a CRLF at their end, which is owed: it may belong to the chunk coding. */
export class LateBody {
  readonly #handler: Http1Handler;
  /** Bytes of a CRLF that are held back. */
  #owed = 0;

  constructor(handler: Http1Handler) {
    this.#handler = handler;
  }

  /** Takes bytes of the chunk. */
  push(buffer: Uint8Array, from: number, to: number): void {
    if (this.#owed === 1 && from < to && buffer[from] === 10) {
      this.#owed = 2;
      from++;
    }
    if (from === to) return;
    this.release();
    const last = buffer[to - 1];
    this.#owed = last === 13 ? 1 : last === 10 && to - from >= 2 && buffer[to - 2] === 13 ? 2 : 0;
    const end = to - this.#owed;
    if (end > from) this.#handler.body(buffer, from, end);
  }

  /** The line end was the body's. */
  release(): void {
    if (this.#owed > 0) this.#handler.body(CRLF, 0, this.#owed);
    this.#owed = 0;
  }

  /** The line end was not the body's. */
  forget(): void {
    this.#owed = 0;
  }
}
