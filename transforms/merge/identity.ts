/**
 * By what the same message is known again, whoever saw it.
 *
 * @module
 */
import type { Json, McpEvent } from "../../pipeline/event.ts";
import { mcpSessionId } from "../../pipeline/http_session.ts";
import { isObject } from "../../pipeline/json.ts";

/** Sensors whose session ids are `Mcp-Session-Id`. BlueRock's are its own. */
const OURS = /^mcpsonde-/;

/** What `mcpsonde proxy` is called: each of its messages goes by twice. */
export const PROXY = "mcpsonde_proxy";

/** Who saw a message: a source, or a sensor in one process through one. */
export function viewOf(event: McpEvent): string {
  const { source, stream, sensor } = event;
  return stream.medium === "sensor" ? `${source}/${sensor?.sensor ?? ""}/${tellerOf(event) ?? ""}` : source;
}

/** The pid of the process whose sensor told of a message; undefined if none did. */
export function tellerOf({ stream, sensor, process, peer }: McpEvent): number | undefined {
  return stream.medium === "sensor" ? (sensor?.process ?? process ?? peer)?.pid : undefined;
}

/** True for what was seen on its way, which says more than what an end told of it. */
export function wasOnTheWay({ stream }: McpEvent): boolean {
  return stream.medium !== "sensor";
}

/** What all views of a message agree in; undefined of what is no message. */
export function identityOf({ type, id, method }: McpEvent): string | undefined {
  switch (type) {
    case "request":
      return `?${JSON.stringify(id)} ${method}`;
    case "response":
      return `=${JSON.stringify(id)}`;
    case "notification":
      return `!${method}`;
    case "malformed":
      return undefined;
  }
}

/** The pids of the processes that sent a message and that got it, as far as they are known. */
export interface Ends {
  readonly sender: number | undefined;
  readonly receiver: number | undefined;
}

/** The ends of a message. */
export function endsOf({ process, peer }: McpEvent): Ends {
  return { sender: process?.pid, receiver: peer?.pid };
}

/** A message's identity with its sender, and with its receiver. */
export function keysOf(event: McpEvent, identity: string): { readonly sent?: string; readonly got?: string } {
  const { sender, receiver } = endsOf(event);
  return {
    ...(sender === undefined ? {} : { sent: `${sender}>${identity}` }),
    ...(receiver === undefined ? {} : { got: `>${receiver}${identity}` }),
  };
}

/** True if two messages have the same bytes. */
export function sameBytes(a: McpEvent, b: McpEvent): boolean {
  const length = a.end - a.start;
  if (b.end - b.start !== length) return false;
  for (let i = 0; i < length; i++) if (a.buffer[a.start + i] !== b.buffer[b.start + i]) return false;
  return true;
}

/**
 * How much speaks for two messages of the same identity being one, from 1; 0 if something speaks against it. A sensor may
 * have redacted values and writes JSON in its own way, so what differs in the rest does not count.
 */
export function likeness(a: McpEvent, b: McpEvent): number {
  if (a.isError !== b.isError) return 0;
  const [one, other] = [sessionOf(a), sessionOf(b)];
  if (one !== undefined && other !== undefined && one !== other) return 0;
  if (nameOf(a.params) !== nameOf(b.params)) return 0;
  return 1 + (one !== undefined && one === other ? 4 : 0) + (sameBytes(a, b) ? 2 : 0);
}

/** Tool, prompt or URI: what a sensor does not redact. */
function nameOf(params: Json | undefined): Json | undefined {
  return isObject(params) ? params["name"] ?? params["uri"] : undefined;
}

/** `Mcp-Session-Id`. Over stdio sensors have names of their own for sessions. */
function sessionOf({ http, sensor, transport }: McpEvent): string | undefined {
  if (http !== undefined) return mcpSessionId(http);
  return transport !== "stdio" && sensor !== undefined && OURS.test(sensor.sensor) ? sensor.session : undefined;
}
