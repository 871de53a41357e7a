/** Hand-made events for the console's tests. */
import type { Json, JsonRpcId, McpEvent, McpType, Member, Process, Stream } from "../../../pipeline/event.ts";

export const client: Process = { pid: 412, comm: "node", name: "claude" };
export const server: Process = { pid: 417, comm: "node", name: "server-everything" };

/** Local time, as the console shows it: 14:03:22.417. */
export const NOON: number = new Date(2026, 10, 21, 14, 3, 22, 417).getTime();

/** A pair of streams: what the client writes, and what the server writes. */
export function session(): { readonly up: Stream; readonly down: Stream } {
  const up: Stream = { id: 1, medium: "pipe", reverse: undefined };
  const down: Stream = { id: 2, medium: "pipe", reverse: up };
  up.reverse = down;
  return { up, down };
}

const shared = session();

/** What a made message may differ in. */
export interface Made {
  readonly id?: JsonRpcId;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: Json;
  readonly request?: McpEvent;
  readonly latency?: number;
  readonly malformed?: string;
  readonly warnings?: readonly string[];
  readonly raw?: string;
  readonly time?: number;
  readonly process?: Process;
  readonly peer?: Process;
  readonly stream?: Stream;
}

function make(type: McpType, made: Made, fromClient: boolean): McpEvent {
  const { id, method, params, result, error } = made;
  const raw = made.raw ?? JSON.stringify({ jsonrpc: "2.0", id, method, params, result, error });
  const buffer = new TextEncoder().encode(raw);
  return {
    kind: "mcp",
    time: made.time ?? NOON,
    source: "test",
    transport: "stdio",
    stream: made.stream ?? (fromClient ? shared.up : shared.down),
    process: made.process ?? (fromClient ? client : server),
    peer: made.peer ?? (fromClient ? server : client),
    type,
    id,
    method,
    params,
    result,
    error,
    isError: error !== undefined,
    request: made.request,
    latency: made.latency,
    malformed: made.malformed,
    warnings: made.warnings ?? [],
    buffer,
    start: 0,
    end: buffer.length,
    from: (_member: Member) => -1,
    to: (_member: Member) => -1,
    raw,
  };
}

/** A request of the client. */
export function request(method: string, params?: Json, made: Made = {}): McpEvent {
  return make("request", { id: 3, method, ...(params === undefined ? {} : { params }), ...made }, true);
}

/** The server's answer to a request, or the client's to the server's. */
export function response(to: McpEvent, result: Json, made: Made = {}): McpEvent {
  const fromClient = to.process !== client;
  return make("response", { id: to.id ?? null, result, request: to, latency: 1.8, ...made }, fromClient);
}

/** The server's refusal of a request. */
export function failure(to: McpEvent, error: Json, made: Made = {}): McpEvent {
  return make("response", { id: to.id ?? null, error, request: to, latency: 0.42, ...made }, false);
}

/** A notification of the server, or of the client. */
export function notification(
  method: string,
  params?: Json,
  made: Made & { readonly fromClient?: boolean } = {},
): McpEvent {
  return make(
    "notification",
    { method, ...(params === undefined ? {} : { params }), ...made },
    made.fromClient === true,
  );
}

/** A request of the server to its client. */
export function serverRequest(method: string, params: Json, made: Made = {}): McpEvent {
  return make("request", { id: 1, method, params, ...made }, false);
}

/** Something that is not JSON-RPC. */
export function malformed(raw: string, reason: string): McpEvent {
  return make("malformed", { raw, malformed: reason }, false);
}
