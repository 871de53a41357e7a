/**
 * All that is ever written to a store, as prepared statements.
 *
 * @module
 */

/** What a column may hold. Bytes are UTF-8. */
export type Value = string | number | null | Uint8Array;

/** Rows of one table. */
interface Target {
  readonly table: string;
  /** In the order in which the recorder gives their values. */
  readonly columns: readonly string[];
  /** What a row that is there already is known by. */
  readonly key?: string;
  /** Columns that count: what is given is added to what is there. */
  readonly sums?: readonly string[];
  /** Columns whose values are bytes. */
  readonly bytes?: readonly string[];
}

/** Columns of any message: most messages need no more. */
const PLAIN = ["id", "time", "lane", "call", "rpc_id", "status", "latency_ms", "bytes", "text"];

const TARGETS = {
  process: { table: "process_rows", columns: ["id", "pid", "comm", "name", "exe", "container"] },
  server: {
    table: "server_rows",
    columns: [
      ...["id", "key", "name", "version", "title", "transport", "address", "remote", "process", "executable_hash"],
      ...["package", "instructions", "eras", "first_seen", "last_seen"],
    ],
    key: "id",
  },
  tool: {
    table: "tool_rows",
    columns: ["server", "kind", "name", "description", "hash", "tokens", "first_seen", "last_seen", "definition"],
    key: "server, kind, name",
  },
  session: {
    table: "session_rows",
    columns: [
      ...["id", "server", "client_process", "client_name", "client_title", "session_id", "era", "transport", "started"],
      ...["last", "calls", "errors", "findings"],
    ],
    key: "id",
    sums: ["calls", "errors", "findings"],
  },
  subject: {
    table: "subject_rows",
    columns: [
      ...["id", "session", "method", "name", "asker", "client", "server_process", "transport", "tls", "source", "era"],
    ],
  },
  lane: {
    table: "lane_rows",
    columns: [
      ...[
        "id",
        "session",
        "type",
        "method",
        "sender",
        "from_process",
        "to_process",
        "transport",
        "tls",
        "source",
        "era",
      ],
    ],
  },
  call: {
    table: "call_rows",
    columns: [
      ...[
        "id",
        "time",
        "subject",
        "outcome",
        "duration_ms",
        "human_ms",
        "requests",
        "progress",
        "bytes_in",
        "bytes_out",
      ],
      ...[
        "rpc_id",
        "request",
        "last",
        "http",
        "findings",
        "severity",
        "error_code",
        "task_id",
        "tokens_in",
        "tokens_out",
      ],
      ...["trace_id", "span_id"],
    ],
    key: "id",
  },
  message: { table: "message_rows", columns: PLAIN, bytes: ["text"] },
  fullMessage: {
    table: "message_rows",
    columns: [...PLAIN, "http", "error_code", "sse_id", "name", "warnings", "malformed", "text_cut"],
    bytes: ["text"],
  },
  http: {
    table: "http_rows",
    columns: [
      ...["id", "time", "version", "method", "target", "authority", "status", "duration_ms", "latency_ms"],
      ...["request_headers", "response_headers", "request_bytes", "response_bytes", "client", "server_process", "tls"],
      ...["client_address", "client_port", "server_address", "server_port", "source", "mcp", "incomplete"],
      ...["request_body", "response_body"],
    ],
    key: "id",
  },
  event: {
    table: "event_rows",
    columns: ["id", "time", "kind", "source", "sensor", "name", "message", "process", "call", "sensor_call", "data"],
  },
  finding: {
    table: "finding_rows",
    columns: [
      ...["id", "time", "source", "rule", "severity", "message", "evidence", "detector", "category", "score", "target"],
      ...["refs", "details", "call", "message_id", "session", "process", "peer"],
    ],
  },
  mark: {
    table: "marks",
    columns: ["from_time", "to_time", "calls", "messages", "http", "events", "findings"],
  },
} as const satisfies Readonly<Record<string, Target>>;

/** `INSERT` of so many rows, or `UPDATE` of those that are there. */
function insert({ table, columns, key, sums = [], bytes = [] }: Target, rows: number): string {
  const row = `(${columns.map((name) => bytes.includes(name) ? "CAST(? AS TEXT)" : "?").join(", ")})`;
  const plain = `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array(rows).fill(row).join(", ")}`;
  if (key === undefined) return plain;
  const keys = key.split(", ");
  const set = columns.filter((name) => !keys.includes(name)).map((name) =>
    sums.includes(name) ? `${name} = ${name} + excluded.${name}` : `${name} = excluded.${name}`
  );
  return `${plain} ON CONFLICT (${key}) DO UPDATE SET ${set.join(", ")}`;
}

/** What can be written. The order is that of {@linkcode STATEMENTS}. */
export type StatementName = keyof typeof TARGETS | "noTool";

/** One of them. */
export interface Statement {
  readonly name: StatementName;
  /** Values of a row. */
  readonly width: number;
  /** For so many rows at once. */
  readonly sql: (rows: number) => string;
}

const NO_TOOL: Statement = {
  name: "noTool",
  width: 3,
  sql: () => "DELETE FROM tool_rows WHERE server = ? AND kind = ? AND name = ?",
};

/** All. */
export const STATEMENTS: readonly Statement[] = [
  ...Object.entries<Target>(TARGETS).map(([name, target]): Statement => ({
    name: name as StatementName,
    width: target.columns.length,
    sql: (rows) => insert(target, rows),
  })),
  NO_TOOL,
];

/** Takes rows. */
export interface RowWriter {
  write(name: StatementName, values: Value[]): void;
}

/** Tables whose rows are numbered. */
export type NumberedTable =
  | "process_rows"
  | "server_rows"
  | "session_rows"
  | "subject_rows"
  | "lane_rows"
  | "call_rows"
  | "message_rows"
  | "http_rows"
  | "event_rows"
  | "finding_rows";

/** Finds what earlier runs have in the file. */
export interface Lookup {
  /** The largest id of a table; 0 if it is empty. */
  lastId(table: NumberedTable): number;
  /** The row of a server. */
  server(key: string): { readonly id: number; readonly firstSeen: number } | undefined;
  /** The names of what a server offers, by kind. */
  tools(server: number): readonly (readonly [kind: string, name: string])[];
}
