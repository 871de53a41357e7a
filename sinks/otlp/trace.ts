/**
 * Where the spans of a call stand in traces.
 *
 * Who instruments a client makes a CLIENT span and sends its context in `params._meta`; the server's span is its child
 * (semantic-conventions-genai, mcp.md, "Context propagation"). We see both ends, and must not tell twice what the client
 * tells of itself: see {@linkcode SpanMode}.
 *
 * @module
 */
import type { McpContext, McpSession, TraceContext } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import { header } from "../../pipeline/http.ts";
import { parseTraceparent } from "../../protocols/mcp/mod.ts";

/**
 * Which spans a call gets. `auto`: one for each end that is on this machine, but no CLIENT span where the request carries a
 * context, as the caller's own instrumentation has made one then; `both`: always both; `client`, `server`: only that one.
 */
export type SpanMode = "auto" | "both" | "client" | "server";

/** The spans that a call gets: one or both. */
export interface Roles {
  readonly client: boolean;
  readonly server: boolean;
}

/** What a `tracestate` may be made of (Trace Context, 3.3.1); others are left out. */
const STATE = /^[\t\x20-\x7e]*$/;

const BOTH: Roles = { client: true, server: true };
const CLIENT: Roles = { client: true, server: false };
const SERVER: Roles = { client: false, server: true };

/** The ends of a call that are on this machine, as far as can be told; both where nothing is known. */
export function endsHere({ server }: McpSession, request: McpEvent, sender: McpContext["sender"]): Roles {
  const hasAsker = request.process !== undefined, hasAsked = request.peer !== undefined;
  if (hasAsker && hasAsked) return BOTH;
  const serverAsks = sender === "server";
  if (server.remote) return serverAsks ? SERVER : CLIENT;
  return hasAsker === hasAsked || request.transport === "stdio" ? BOTH : hasAsker ? CLIENT : SERVER;
}

/** Which spans to make. Each call gets one at least. */
export function rolesOf(mode: SpanMode, here: Roles, isInstrumented: boolean): Roles {
  switch (mode) {
    case "client":
      return CLIENT;
    case "server":
      return SERVER;
    case "both":
      return BOTH;
    case "auto":
      return isInstrumented && here.server ? SERVER : here;
  }
}

/** The caller's context, if the request itself carries one. */
export function parentOf({ context }: McpEvent): TraceContext | undefined {
  const trace = context?.trace;
  return trace?.from === "meta" ? checked(trace) : undefined;
}

/** The context of the HTTP request that carried the message: it may have carried others, and is linked only. */
export function linkOf(
  { context, http }: McpEvent,
): Pick<TraceContext, "traceId" | "spanId" | "flags" | "state"> | undefined {
  if (http?.request === undefined) return undefined;
  const trace = context?.trace;
  if (trace?.from === "http") return checked(trace);
  const text = header(http.request.headers, "traceparent");
  const parsed = text === undefined ? undefined : parseTraceparent(text);
  return parsed && { ...parsed, state: undefined };
}

function checked(trace: TraceContext): TraceContext {
  return trace.state === undefined || STATE.test(trace.state) ? trace : { ...trace, state: undefined };
}
