/**
 * Undoes the content codings of bodies.
 *
 * @module
 */
import type { HttpHeaders } from "../../pipeline/event.ts";
import { header } from "../../pipeline/http.ts";
import type { Options } from "./options.ts";

/** A coded body that is decoded as it comes. Each call gives why it cannot go on. */
export interface Opened {
  push(bytes: Uint8Array): string | undefined;
  close(): string | undefined;
}

/** The decoder of a body; undefined if it has no coding. */
export function open(
  _options: Options,
  headers: HttpHeaders,
  _onBytes: (bytes: Uint8Array) => void,
): Opened | undefined {
  return isCoded(headers) ? { push: () => "bad_coding", close: () => undefined } : undefined;
}

/** A whole body. */
export function decoded(
  _options: Options,
  headers: HttpHeaders,
  body: Uint8Array,
  _cut: boolean,
): { readonly bytes: Uint8Array | undefined; readonly problem: string | undefined } {
  return isCoded(headers) ? { bytes: undefined, problem: "bad_coding" } : { bytes: body, problem: undefined };
}

function isCoded(headers: HttpHeaders): boolean {
  const coding = header(headers, "content-encoding");
  return coding !== undefined && coding !== "identity";
}
