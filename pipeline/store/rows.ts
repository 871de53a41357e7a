/**
 * What is kept of events, as rows: what the store holds, `query` prints, the API of `serve` sends and `top` shows. They are
 * JSON as they are. All of it has been redacted before.
 *
 * Times are milliseconds since the Unix epoch with a fraction; durations are milliseconds. Ids grow in the order in which
 * things were first stored, one row of ids for each kind.
 *
 * @module
 */
import type { Outcome } from "../context.ts";
import type { Json, JsonRpcId, McpType, SensorCall, Severity, Transport } from "../event.ts";

/** A process, as far as it is worth keeping. */
export interface ProcessRow {
  readonly pid: number;
  readonly comm: string;
  readonly name: string;
  readonly exe?: string;
  readonly container?: string;
}

/** One logical call: a request and all that belongs to it. */
export interface CallRow {
  readonly id: number;
  /** Of its first request. */
  readonly time: number;
  /** `tools/call`. */
  readonly method: string;
  /** Tool or prompt name, or resource URI. */
  readonly name?: string;
  /** Key of the server: {@linkcode ServerRow.key}. */
  readonly server: string;
  /** What a person would call the server. */
  readonly server_name: string;
  /** What a person would call the client. */
  readonly client_name?: string;
  /** Number of the session, unique in one store. */
  readonly session: number;
  readonly transport: Transport;
  readonly era?: string;
  /** Absent while the call is open. */
  readonly outcome?: Outcome;
  readonly error_code?: number;
  /** From its first request to its end; absent while it is open. */
  readonly duration_ms?: number;
  readonly server_ms?: number;
  readonly human_ms?: number;
  /** Requests that carried it. */
  readonly requests: number;
  /** Progress notifications that came. */
  readonly progress: number;
  readonly task_id?: string;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly tokens_in?: number;
  readonly tokens_out?: number;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly client?: ProcessRow;
  readonly server_process?: ProcessRow;
  /** Findings about it. */
  readonly findings: number;
  /** The worst of them. */
  readonly severity?: Severity;
  /** Its arguments on one line, shortened, for lists. */
  readonly summary?: string;
}

/** One JSON-RPC message. */
export interface MessageRow {
  readonly id: number;
  readonly time: number;
  /** The call that it is part of. */
  readonly call?: number;
  readonly session?: number;
  readonly server?: string;
  readonly type: McpType;
  readonly rpc_id?: JsonRpcId;
  readonly method?: string;
  /** Which side sent it, where that is clear. */
  readonly sender?: "client" | "server";
  readonly from?: ProcessRow;
  readonly to?: ProcessRow;
  readonly transport: Transport;
  /** Of a paired response. */
  readonly latency_ms?: number;
  readonly is_error?: boolean;
  readonly warnings?: readonly string[];
  readonly malformed?: string;
  /** Row of the HTTP exchange that carried it. */
  readonly http?: number;
  readonly sse_id?: string;
  /** Bytes of the message. */
  readonly bytes: number;
  /** The message's own text; cut to the store's limit, and then `text_cut` is true. Absent in lists unless asked for. */
  readonly text?: string;
  readonly text_cut?: boolean;
}

/** One HTTP exchange. */
export interface HttpRow {
  readonly id: number;
  readonly time: number;
  readonly version: string;
  readonly method: string;
  readonly target: string;
  readonly authority?: string;
  readonly status?: number;
  readonly duration_ms?: number;
  readonly request_headers: readonly (readonly [string, string])[];
  readonly response_headers: readonly (readonly [string, string])[];
  readonly request_bytes: number;
  readonly response_bytes: number;
  readonly client?: ProcessRow;
  readonly server_process?: ProcessRow;
  readonly tls?: string;
  /** Bodies as text, of exchanges that do not carry MCP and are kept whole. */
  readonly request_body?: string;
  readonly response_body?: string;
  /** True if it carried messages. */
  readonly mcp: boolean;
  readonly incomplete?: string;
}

/** What a sensor told (`kind` "sensor"), or what was not seen (`kind` "gap"). */
export interface EventRow {
  readonly id: number;
  readonly time: number;
  readonly kind: "sensor" | "gap";
  readonly source: string;
  /** Which sensor told. */
  readonly sensor?: string;
  /** Of a sensor: the event's name; of a gap: its reason. */
  readonly name: string;
  /** Of a gap: the sentence. */
  readonly message?: string;
  readonly process?: ProcessRow;
  /** The stored call that it belongs to, where known. */
  readonly call?: number;
  /** The call as the sensor names it. */
  readonly sensor_call?: SensorCall;
  /** Of a sensor: its members. Of a gap: what was lost. */
  readonly data?: { readonly [name: string]: Json };
}

/** What a detector concluded. */
export interface FindingRow {
  readonly id: number;
  readonly time: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly evidence?: string;
  readonly detector?: string;
  readonly category?: string;
  readonly score?: number;
  readonly target?: string;
  readonly references?: readonly string[];
  readonly details?: { readonly [name: string]: Json };
  readonly call?: number;
  readonly message_id?: number;
  readonly session?: number;
  readonly server?: string;
  readonly server_name?: string;
  readonly process?: ProcessRow;
}

/** A server. Its figures are over all that is stored. */
export interface ServerRow {
  /** The same in the next run. */
  readonly key: string;
  readonly name: string;
  readonly version?: string;
  readonly transport: Transport;
  readonly address?: string;
  readonly remote: boolean;
  readonly process?: ProcessRow;
  readonly executable_hash?: string;
  readonly package?: string;
  readonly instructions?: string;
  readonly eras: readonly string[];
  readonly first_seen: number;
  readonly last_seen: number;
  readonly calls: number;
  /** Calls that ended in `error` or `tool_error`. */
  readonly errors: number;
  readonly findings: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
  /** Of all its definitions, in a model's context. */
  readonly tokens?: number;
}

/** An entry of a server's lists: a tool, a resource, a resource template or a prompt. */
export interface ToolRow {
  readonly server: string;
  readonly kind: "tool" | "resource" | "resource_template" | "prompt";
  readonly name: string;
  readonly description?: string;
  /** SHA-256 over the entry in canonical form, in hex. */
  readonly hash: string;
  readonly tokens?: number;
  readonly first_seen: number;
  readonly last_seen: number;
  /** Calls of it. */
  readonly calls: number;
  readonly errors: number;
  /** The definition as the server sent it. Absent in lists unless asked for. */
  readonly definition?: Json;
}

/** Who talks to whom: for the picture. */
export interface LinkRow {
  /** `process:PID` or `host:ADDRESS`. */
  readonly from: string;
  readonly to: string;
  /** Names for people, of both. */
  readonly from_name: string;
  readonly to_name: string;
  /** The server's key, where `to` is an MCP server. */
  readonly server?: string;
  readonly transport: Transport | "child";
  readonly calls: number;
  readonly errors: number;
  readonly findings: number;
}

/** Calls that began within one step of time. */
export interface RateRow {
  /** Start of the step. */
  readonly time: number;
  readonly calls: number;
  readonly errors: number;
  readonly findings: number;
  /** Of calls that have ended; absent if none has. */
  readonly p50_ms?: number;
  readonly p95_ms?: number;
  readonly max_ms?: number;
}
