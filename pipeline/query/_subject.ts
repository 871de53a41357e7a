/**
 * What an event is about: the message, call, session and exchange that several fields ask for.
 *
 * @module
 */
import type { LogicalCall, McpSession } from "../context.ts";
import type { Event, HttpExchange, McpEvent } from "../event.ts";
import { stringMember } from "./_member.ts";

/** The message itself, or the one that a finding is about. */
export function messageOf(event: Event): McpEvent | undefined {
  if (event.kind === "mcp") return event;
  return event.kind === "finding" ? event.event ?? event.call?.request : undefined;
}

/** The message whose method and params say what it is about: of a response its request. */
export function askedBy(event: Event): McpEvent | undefined {
  const message = messageOf(event);
  return message?.type === "response" ? message.request : message;
}

/** The logical call. */
export function callOf(event: Event): LogicalCall | undefined {
  if (event.kind === "mcp") return event.context?.call;
  return event.kind === "finding" ? event.call ?? event.event?.context?.call : undefined;
}

/** The call, if this is where it ends: the call's record is told of once. */
export function endedCall(event: Event): LogicalCall | undefined {
  if (event.kind === "mcp") return event.context?.endsCall === true ? event.context.call : undefined;
  return event.kind === "finding" && event.call?.outcome !== undefined ? event.call : undefined;
}

/** The session. */
export function sessionOf(event: Event): McpSession | undefined {
  if (event.kind === "mcp") return event.context?.session;
  return event.kind === "finding" ? event.session ?? messageOf(event)?.context?.session : undefined;
}

/** The HTTP exchange. */
export function exchangeOf(event: Event): HttpExchange | undefined {
  return event.kind === "http" ? event.exchange : messageOf(event)?.http;
}

/** The member that names what a method is about: tool, prompt or resource. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["resources/subscribe", "uri"],
  ["resources/unsubscribe", "uri"],
  ["notifications/resources/updated", "uri"],
]);

/** Name of the tool or prompt, or the resource's URI; of a message that is part of a call, that of the call. */
export function nameOf(event: Event): string | undefined {
  const asked = askedBy(event);
  const member = asked?.method === undefined ? undefined : NAMED.get(asked.method);
  if (asked === undefined || member === undefined) return callOf(event)?.name;
  const from = asked.from("params");
  return from < 0 ? undefined : stringMember(asked.buffer, from, asked.to("params"), member);
}

/** The same, of tools only. */
export function toolOf(event: Event): string | undefined {
  const method = askedBy(event)?.method;
  if (method === "tools/call" || callOf(event)?.method === "tools/call") return nameOf(event);
  return undefined;
}

/** What became of a message, its call or its exchange. */
export type Status = typeof STATUSES[number];
/** Every status. */
export const STATUSES = ["ok", "error", "tool_error", "cancelled", "hung", "pending"] as const;

/** The status: at a call's end that of the call; undefined for what has none. */
export function statusOf(event: Event): Status | undefined {
  if (event.kind === "http") {
    const status = event.exchange.response?.status;
    return status === undefined ? (event.type === "request" ? "pending" : "error") : status >= 400 ? "error" : "ok";
  }
  const message = messageOf(event);
  if (message === undefined || message.type === "malformed") return undefined;
  const ended = endedCall(event)?.outcome;
  if (ended !== undefined) return ended;
  if (message.type === "request") return message.context?.call?.outcome ?? "pending";
  if (message.type === "notification") return undefined;
  return message.isError ? "error" : isToolError(message) ? "tool_error" : "ok";
}

/** True for a result that says `"isError": true`; it is parsed only if the word stands in it. */
export function isToolError(message: McpEvent): boolean {
  const from = message.from("result");
  if (from < 0 || !mentions(message.buffer, from, message.to("result"))) return false;
  const { result } = message;
  return typeof result === "object" && result !== null && !Array.isArray(result) && result["isError"] === true;
}

/** True if `isError":` stands in the bytes: it is looked for from its end, as it mostly stands there. */
function mentions(buffer: Uint8Array, from: number, to: number): boolean {
  for (let at = buffer.lastIndexOf(0x45, to - 1); at > from; at = buffer.lastIndexOf(0x45, at - 1)) { // E
    if (
      buffer[at + 1] === 0x72 && buffer[at + 2] === 0x72 && buffer[at + 3] === 0x6f && buffer[at + 4] === 0x72 &&
      buffer[at + 5] === 0x22 && buffer[at - 1] === 0x73 && buffer[at - 2] === 0x69
    ) return true;
  }
  return false;
}
