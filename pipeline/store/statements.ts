/**
 * All that is ever written to a store, as prepared statements.
 *
 * @module
 */

/** What a column may hold. Bytes are UTF-8. */
export type Value = string | number | null | Uint8Array;

/** `INSERT` of so many values. */
function insert(table: string, columns: readonly string[], values: Readonly<Record<string, string>> = {}): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${
    columns.map((name) => values[name] ?? "?").join(", ")
  })`;
}

/** `INSERT`, or `UPDATE` of the row that is there. */
function upsert(table: string, key: string, columns: readonly string[]): string {
  const set = columns.filter((name) => !key.split(", ").includes(name)).map((name) => `${name} = excluded.${name}`);
  return `${insert(table, columns)} ON CONFLICT (${key}) DO UPDATE SET ${set.join(", ")}`;
}

/** Columns in the order in which the recorder gives their values. */
export const COLUMNS = {
  process: ["id", "pid", "comm", "name", "exe", "container"],
  server: [
    ...["id", "key", "name", "version", "title", "transport", "address", "remote", "process", "executable_hash"],
    ...["package", "instructions", "eras", "first_seen", "last_seen"],
  ],
  tool: ["server", "kind", "name", "description", "hash", "tokens", "first_seen", "last_seen", "definition"],
  session: [
    ...["id", "server", "client_process", "client_name", "client_title", "session_id", "era", "transport", "started"],
    ...["last", "calls", "errors", "findings"],
  ],
  call: [
    ...["id", "time", "session", "server", "method", "name", "transport", "tls", "source", "rpc_id", "asker", "era"],
    ...["outcome", "error_code", "duration_ms", "server_ms", "human_ms", "requests", "progress", "task_id", "bytes_in"],
    ...["bytes_out", "tokens_in", "tokens_out", "trace_id", "span_id", "client", "server_process", "findings"],
    ...["severity", "http", "request", "number"],
  ],
  message: [
    ...["id", "time", "call", "session", "server", "type", "rpc_id", "method", "name", "sender", "from_process"],
    ...[
      "to_process",
      "transport",
      "tls",
      "source",
      "status",
      "error_code",
      "latency_ms",
      "warnings",
      "malformed",
      "era",
    ],
    ...["http", "sse_id", "bytes", "text_cut", "text"],
  ],
  http: [
    ...["id", "time", "version", "method", "target", "authority", "status", "duration_ms", "latency_ms"],
    ...["request_headers", "response_headers", "request_bytes", "response_bytes", "client", "server_process", "tls"],
    ...["client_address", "client_port", "server_address", "server_port", "source", "request_body", "response_body"],
    ...["mcp", "incomplete"],
  ],
  event: ["id", "time", "kind", "source", "name", "message", "process", "call", "sensor_call", "data"],
  finding: [
    ...["id", "time", "source", "rule", "severity", "message", "evidence", "detector", "category", "score", "target"],
    ...["refs", "details", "call", "message_id", "session", "server", "process", "peer"],
  ],
} as const;

/** The statements by name. */
export const STATEMENTS = {
  process: insert("processes", COLUMNS.process),
  server: upsert("servers", "id", COLUMNS.server),
  tool: upsert("tools", "server, kind, name", COLUMNS.tool),
  /** A tool that is not offered any more. */
  noTool: "DELETE FROM tools WHERE server = ? AND kind = ? AND name = ?",
  session: upsert("sessions", "id", COLUMNS.session),
  /** A session turned out to be with another server. */
  moved: "UPDATE calls SET server = ? WHERE session = ?",
  call: upsert("calls", "id", COLUMNS.call),
  message: insert("messages", COLUMNS.message, { text: "CAST(? AS TEXT)" }),
  http: upsert("http", "id", COLUMNS.http),
  event: insert("events", COLUMNS.event),
  finding: insert("findings", COLUMNS.finding),
} as const;

/** What can be written. */
export type StatementName = keyof typeof STATEMENTS;

/** Takes rows. */
export interface RowWriter {
  write(name: StatementName, values: Value[]): void;
}

/** Finds what earlier runs, or rows that are forgotten, have in the file. */
export interface Lookup {
  /** The largest id of each table. */
  lastId(table: "processes" | "servers" | "sessions" | "calls" | "messages" | "http" | "events" | "findings"): number;
  /** The row of a server. */
  server(key: string): { readonly id: number; readonly firstSeen: number } | undefined;
  /** The names of what a server offers, by kind. */
  tools(server: number): readonly (readonly [kind: string, name: string])[];
}
