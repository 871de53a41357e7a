/**
 * What decoding takes and gives.
 *
 * @module
 */

/** Bounds on what comes out. */
export interface CodingLimits {
  /** Bytes that a whole body, or one write of a stream, may become. */
  readonly maxBytes: number;
  /** How many times as large as what came in all that comes out may be; 64 KiB are allowed in any case. */
  readonly maxRatio: number;
}

/**
 * Why not all was decoded. `bad_coding`: the bytes make no sense; `too_large`: beyond the limits; `unknown_coding`: not
 * known, or not to this runtime; `truncated`: the end is missing.
 */
export type CodingProblem = "bad_coding" | "too_large" | "unknown_coding" | "truncated";
