/**
 * A message as a line of a sensor (hooks/README.md), as a proxy saw it.
 *
 * @module
 */
import process from "node:process";
import type { McpEvent } from "../../pipeline/event.ts";

/** Who writes. */
export interface Writer {
  /** `default/` and a UUID. */
  readonly component: string;
  /** Counts the lines from 0. */
  readonly sequence: number;
}

const VERBS: Readonly<Record<string, string>> = {
  request: "request",
  response: "response",
  notification: "notification",
};

/** The line with its newline; undefined of what is no message. */
export function lineOf(event: McpEvent, { component, sequence }: Writer): string | undefined {
  const verb = VERBS[event.type];
  if (verb === undefined) return undefined;
  const fromServer = isFromServer(event);
  const server = fromServer ? event.process : event.peer;
  const meta = {
    name: "proxy_mcp_event",
    type: "event",
    origin: "mcpsonde-proxy",
    sensor_id: 1,
    source_event_id: sequence,
    component_id: component,
  };
  // the listener knows who writes: it is us, and the server is told of besides
  const name = server?.name ?? event.http?.request?.authority ?? "server";
  const head = JSON.stringify({
    meta,
    context: { process: { pid: process.pid, ppid: process.ppid, name } },
    event: `server_${fromServer ? "send" : "received"}_${verb}`,
    ...(event.id === undefined ? {} : { id: event.id }),
    transport: event.transport,
    server_name: name,
    ...(server === undefined ? {} : { server_pid: server.pid }),
    ...(event.http === undefined ? {} : { session_id: sessionOf(event) }),
  });
  const raw = event.breaks === false ? event.raw : JSON.stringify(JSON.parse(event.raw));
  return `{"event":${head.slice(0, -1)},"message":${raw}},"ts":"${timestamp(event.time)}"}\n`;
}

function isFromServer({ context, stream, http }: McpEvent): boolean {
  if (http !== undefined) return stream !== http.stream;
  if (context?.sender !== undefined) return context.sender === "server";
  return stream.reverse !== undefined && stream.reverse.id < stream.id;
}

function sessionOf({ http }: McpEvent): string | undefined {
  const headers = [...http?.request?.headers ?? [], ...http?.response?.headers ?? []];
  return headers.find(([name]) => name === "mcp-session-id")?.[1];
}

/** UTC with nanoseconds, of which a double knows some 250. */
function timestamp(time: number): string {
  const whole = Math.floor(time / 1000);
  const nanoseconds = Math.min(999_999_999, Math.round((time - whole * 1000) * 1e6));
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, "0")}+00:00`;
}
