/**
 * Undoes content codings of a whole body.
 *
 * @module
 */
import { StreamDecoder } from "./stream_decoder.ts";
import type { CodingLimits, CodingProblem } from "./types.ts";

/** A body as far as it could be decoded. */
export interface DecodedBody {
  /** The body itself if it has no coding; empty if its coding is not known. */
  readonly body: Uint8Array;
  /** Why it is not whole. */
  readonly problem: CodingProblem | undefined;
}

/** Decodes a body. `codings`: the `Content-Encoding` field, as `gzip` or `gzip, br`. */
export function decodeBody(codings: string, body: Uint8Array, limits: CodingLimits): DecodedBody {
  const decoder = new StreamDecoder(codings, limits);
  const decoded = decoder.write(body, 0, body.length);
  return { body: decoded, problem: decoder.close() };
}
