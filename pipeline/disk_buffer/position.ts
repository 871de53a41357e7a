/**
 * The file `position`: how far has been acknowledged.
 *
 * It holds two headers, of which the one with the larger number counts. They are written in turn and in place, so that one
 * of them is whole at any moment, and so that a full disk does not keep us from writing.
 *
 * @module
 */
import { closeSync, constants, openSync } from "node:fs";
import { readAt, writeAt } from "./files.ts";
import { decodeHeader, encodeHeader, type Header, HEADER_BYTES } from "./header.ts";

/** The open file. */
export class Position {
  /** What it said when it was opened; undefined of a new or damaged one. */
  readonly found: Header | undefined;
  readonly #fd: number;
  #slot: 0 | 1 = 0;

  /** Opens it, or makes it. Throws the errors of `node:fs`. */
  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const bytes = new Uint8Array(2 * HEADER_BYTES);
    const length = readAt(this.#fd, bytes, bytes.length, 0);
    const slots = [0, 1].map((slot) =>
      decodeHeader("position", bytes.subarray(slot * HEADER_BYTES, Math.min(length, (slot + 1) * HEADER_BYTES)))
    );
    const [first, second] = slots;
    this.#slot = second !== undefined && (first === undefined || second.number > first.number) ? 0 : 1;
    this.found = this.#slot === 0 ? second : first;
    if (this.found === undefined) this.#slot = 0;
  }

  /** Writes how far. Throws the errors of `node:fs`. */
  write(header: Header): void {
    writeAt(this.#fd, encodeHeader(header), HEADER_BYTES, this.#slot * HEADER_BYTES);
    this.#slot = this.#slot === 0 ? 1 : 0;
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#fd);
  }
}
