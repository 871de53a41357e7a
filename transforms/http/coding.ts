/**
 * Undoes the content codings of bodies.
 *
 * @module
 */
import type { HttpHeaders } from "../../pipeline/event.ts";
import { header, headerAll } from "../../pipeline/http.ts";
import {
  type CodingLimits,
  type CodingProblem,
  codingsOf,
  decodeBody,
  StreamDecoder,
} from "../../protocols/content_coding/mod.ts";
import type { Options } from "./options.ts";

/** The decoder of a body that is read as it comes; undefined if it has no coding. */
export function openCoding(
  { max_body, max_event, max_expansion }: Options,
  headers: HttpHeaders,
): StreamDecoder | undefined {
  const codings = codingsIn(headers);
  const limits: CodingLimits = { maxBytes: Math.max(max_body, max_event), maxRatio: max_expansion };
  return codings === undefined ? undefined : new StreamDecoder(codings, limits);
}

/** A body without its codings: undefined if they cannot be undone. `problem` is one of the reasons of an event. */
export interface Uncoded {
  readonly bytes: Uint8Array | undefined;
  readonly problem: string | undefined;
}

/** Decodes a body. `cut`: its end is known to be missing. */
export function uncode(
  { max_body, max_expansion }: Options,
  headers: HttpHeaders,
  body: Uint8Array,
  cut: boolean,
): Uncoded {
  const codings = codingsIn(headers);
  if (codings === undefined) return { bytes: body, problem: undefined };
  const { body: bytes, problem } = decodeBody(codings, body, { maxBytes: max_body, maxRatio: max_expansion });
  if (problem === undefined || (cut && problem === "truncated")) return { bytes, problem: undefined };
  return { bytes: undefined, problem: reasonOf(problem) };
}

/** The reason that events and gaps give. */
export function reasonOf(problem: CodingProblem): string {
  return problem === "too_large" ? "too_large" : "bad_coding";
}

/** The value of `Content-Encoding`; undefined if it names no coding. */
function codingsIn(headers: HttpHeaders): string | undefined {
  if (header(headers, "content-encoding") === undefined) return undefined;
  const codings = headerAll(headers, "content-encoding").join(",");
  return codingsOf(codings).length === 0 ? undefined : codings;
}
