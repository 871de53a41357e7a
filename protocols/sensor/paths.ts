/**
 * The members of a line that are looked at, of all formats that are known.
 *
 * @module
 */
import { Members } from "../json_members/mod.ts";

/** By name: the path. The names of BlueRock's envelope are those of bluerock[oss] 0.1 and 0.2, and of `hooks/README.md`. */
const PATHS = {
  event: "event",
  metaName: "event.meta.name",
  metaType: "event.meta.type",
  metaOrigin: "event.meta.origin",
  metaSequence: "event.meta.source_event_id",
  metaComponent: "event.meta.component_id",
  metaUuid: "event.meta.uuid",
  metaSpan: "event.meta.span_id",
  pid: "event.context.process.pid",
  ppid: "event.context.process.ppid",
  start: "event.context.process.start",
  processName: "event.context.process.name",
  callId: "event.context.call.id",
  callMethod: "event.context.call.method",
  callName: "event.context.call.name",
  callSession: "event.context.call.session_id",
  ownPid: "event.pid",
  eventName: "event.event",
  eventId: "event.id",
  spanName: "event.name",
  hashChanged: "event.hash_changed",
  message: "event.message",
  session: "event.session_id",
  transport: "event.transport",
  serverType: "event.server.type",
  ts: "ts",
  // MCPSpy's JSONL
  timestamp: "timestamp",
  transportType: "transport_type",
  fromPid: "stdio_transport.from_pid",
  fromComm: "stdio_transport.from_comm",
  toPid: "stdio_transport.to_pid",
  toComm: "stdio_transport.to_comm",
  httpPid: "http_transport.pid",
  httpComm: "http_transport.comm",
  httpHost: "http_transport.host",
  isRequest: "http_transport.is_request",
  type: "type",
  raw: "raw",
  // mcpsnoop's (internal/proxy/frame.go, Envelope)
  snoopSession: "session_id",
  snoopLabel: "server_label",
  snoopSequence: "seq",
  direction: "direction",
  snoopTransport: "transport",
  connection: "conn_id",
  text: "text",
} as const;

type Name = keyof typeof PATHS;

/** Places in {@linkcode known}. */
export const Path = Object.fromEntries(Object.keys(PATHS).map((name, place) => [name, place])) as Record<Name, number>;

/** Finds them all. */
export const known: Members = new Members(Object.values(PATHS).map((path) => path.split(".")));
