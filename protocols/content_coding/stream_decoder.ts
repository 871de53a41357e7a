/**
 * Undoes content codings (RFC 9110, section 8.4) piece by piece.
 *
 * @module
 */
import { concat } from "./_concat.ts";
import { open } from "./_codings.ts";
import { type Decompressor, TooLarge } from "./_decompressor.ts";
import type { CodingLimits, CodingProblem } from "./types.ts";

const NOTHING = new Uint8Array(0);
/** A small text may be compressed to next to nothing: so much is allowed whatever the ratio. */
const FREE = 64 * 1024;
/** So much goes in at once: if the bytes are bad, what came out before is good. */
const STEP = 16 * 1024;
/** More codings in a row are no honest ones. */
const MAX_CODINGS = 4;

/** The codings of a `Content-Encoding` field, in the order in which they were applied. */
export function codingsOf(field: string): string[] {
  return field.split(",").map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
}

/** Gives after each write all that can be decoded so far. Nothing comes out any more once there is a `problem`. */
export class StreamDecoder {
  /** Why it cannot go on. */
  problem: CodingProblem | undefined;
  /** The last coding first. */
  readonly #decompressors: Decompressor[] = [];
  readonly #limits: CodingLimits;
  #in = 0;
  #out = 0;

  /** `codings`: a `Content-Encoding` field. */
  constructor(codings: string, limits: CodingLimits) {
    this.#limits = limits;
    const names = codingsOf(codings);
    const decompressors = names.length > MAX_CODINGS ? undefined : open(names.reverse());
    if (decompressors === undefined) this.problem = "unknown_coding";
    else this.#decompressors = decompressors;
  }

  /** What `buffer[start, end)` adds. Without a coding that is the range itself, else bytes of its own. */
  write(buffer: Uint8Array, start: number, end: number): Uint8Array {
    if (this.problem !== undefined) return NOTHING;
    if (this.#decompressors.length === 0) return buffer.subarray(start, end);
    const parts: Uint8Array[] = [];
    let left = this.#limits.maxBytes;
    for (let at = start; at < end && this.problem === undefined; at += STEP) {
      const part = this.#step(buffer.subarray(at, Math.min(end, at + STEP)), left);
      left -= part.length;
      if (part.length > 0) parts.push(part);
    }
    return concat(parts);
  }

  /** No more will come: what the problem is, `truncated` if the end is missing. */
  close(): CodingProblem | undefined {
    const whole = this.#decompressors.map((decompressor) => decompressor.close());
    this.#decompressors.length = 0;
    if (this.problem === undefined && whole.includes(false)) this.problem = "truncated";
    return this.problem;
  }

  #step(bytes: Uint8Array, left: number): Uint8Array {
    this.#in += bytes.length;
    const max = Math.min(left, Math.max(FREE, this.#in * this.#limits.maxRatio) - this.#out);
    try {
      for (const decompressor of this.#decompressors) {
        if (bytes.length > 0) bytes = decompressor.write(bytes, max);
        if (decompressor.stuck) this.problem = "bad_coding";
      }
    } catch (error) {
      this.problem = error instanceof TooLarge ? "too_large" : "bad_coding";
      return NOTHING;
    }
    this.#out += bytes.length;
    return bytes;
  }
}
