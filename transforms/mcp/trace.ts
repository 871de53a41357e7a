/**
 * The caller's trace: in `params._meta` (2026-07-28, and before by convention), else in the HTTP request's headers.
 *
 * @module
 */
import type { TraceContext } from "../../pipeline/context.ts";
import type { HttpExchange } from "../../pipeline/event.ts";
import { header } from "../../pipeline/http.ts";
import { Field, parseTraceparent, peekedFrom, peekedTo, readString, readTraceparent } from "../../protocols/mcp/mod.ts";

/** Longest `tracestate` that is kept, in characters: what senders should be able to pass on (Trace Context, 3.3.1.1). */
const LONGEST_STATE = 512;

/** The trace that the params' `_meta` names. `mask` is of the last peek, at `bytes`. */
export function traceInMeta(bytes: Uint8Array, mask: number): TraceContext | undefined {
  const parent = readTraceparent(bytes, peekedFrom(Field.metaTraceparent), peekedTo(Field.metaTraceparent));
  if (parent === undefined) return undefined;
  const state = (mask & 1 << Field.metaTracestate) === 0 ? undefined : read(bytes, Field.metaTracestate);
  return traceOf(parent, state, "meta");
}

/** The trace that an exchange's request names. */
export function traceInHeaders({ request }: HttpExchange): TraceContext | undefined {
  const text = request === undefined ? undefined : header(request.headers, "traceparent");
  const parent = text === undefined ? undefined : parseTraceparent(text);
  if (request === undefined || parent === undefined) return undefined;
  return traceOf(parent, header(request.headers, "tracestate"), "http");
}

function traceOf(
  { traceId, spanId, flags }: Omit<TraceContext, "state" | "from">,
  state: string | undefined,
  from: TraceContext["from"],
): TraceContext {
  return { traceId, spanId, flags, state: state?.slice(0, LONGEST_STATE), from };
}

function read(bytes: Uint8Array, field: Field): string | undefined {
  return readString(bytes, peekedFrom(field), peekedTo(field));
}
