/**
 * What stays together when events are sampled.
 *
 * @module
 */
import type { Event, McpEvent } from "../../pipeline/event.ts";
import { isEventStream } from "../../pipeline/http.ts";

/** Stands for a call by its number, for an HTTP exchange by one below zero; else it is a request or another message. */
export type Unit = number | McpEvent;

/**
 * The call that the event is part of, the request that a message answers, or the HTTP exchange; the message itself if it
 * stands alone. Undefined for what is not sampled: findings, gaps, bytes.
 */
export function unitOf(event: Event): Unit | undefined {
  switch (event.kind) {
    case "mcp":
      return event.context?.call?.id ?? event.request ?? event;
    case "http":
      return -1 - event.exchange.id;
    default:
      return undefined;
  }
}

/** True if nothing more is to come of the event's unit. */
export function ends(event: Event): boolean {
  if (event.kind === "mcp") {
    return event.context?.call === undefined ? event.type !== "request" : event.context.endsCall;
  }
  if (event.kind !== "http") return true;
  const { type, exchange: { response } } = event;
  return type === "end" || (type === "response" && (response === undefined || !isEventStream(response.headers)));
}

/** Bytes that the event keeps alive, roughly. */
export function bytesOf(event: Event): number {
  if (event.kind === "mcp") return event.end - event.start;
  return event.kind === "http" ? event.body?.length ?? event.sse?.data.length ?? 0 : 0;
}
