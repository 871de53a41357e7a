/**
 * Columns of rows as comma-separated values, in a fixed order: the same for every file.
 *
 * @module
 */
import type { AnyKind } from "./columns.ts";

const process = (name: string) => ["pid", "comm", "name", "exe", "container"].map((part) => `${name}.${part}`);

/** By kind. */
export const CSV_COLUMNS: Readonly<Record<AnyKind, readonly string[]>> = {
  calls: [
    ...[
      "id",
      "time",
      "method",
      "name",
      "server",
      "server_name",
      "client_name",
      "session",
      "transport",
      "era",
      "outcome",
    ],
    ...[
      "error_code",
      "duration_ms",
      "server_ms",
      "human_ms",
      "requests",
      "progress",
      "task_id",
      "bytes_in",
      "bytes_out",
    ],
    ...["tokens_in", "tokens_out", "trace_id", "span_id", "findings", "severity", "summary"],
    ...process("client"),
    ...process("server_process"),
  ],
  messages: [
    ...["id", "time", "call", "session", "server", "type", "rpc_id", "method", "sender", "transport", "latency_ms"],
    ...["is_error", "warnings", "malformed", "http", "sse_id", "bytes", "text_cut", "text"],
    ...process("from"),
    ...process("to"),
  ],
  findings: [
    ...[
      "id",
      "time",
      "rule",
      "severity",
      "message",
      "evidence",
      "detector",
      "category",
      "score",
      "target",
      "references",
    ],
    ...["details", "call", "message_id", "session", "server", "server_name"],
    ...process("process"),
  ],
  events: [
    ...["id", "time", "kind", "source", "sensor", "name", "message", "call", "sensor_call", "data"],
    ...process("process"),
  ],
  http: [
    ...["id", "time", "version", "method", "target", "authority", "status", "duration_ms", "request_bytes"],
    ...["response_bytes", "tls", "mcp", "incomplete", "request_headers", "response_headers", "request_body"],
    ...["response_body"],
    ...process("client"),
    ...process("server_process"),
  ],
  servers: [
    ...["key", "name", "version", "transport", "address", "remote", "package", "executable_hash", "eras", "first_seen"],
    ...["last_seen", "calls", "errors", "findings", "tools", "resources", "prompts", "tokens", "instructions"],
    ...process("process"),
  ],
  tools: [
    ...["server", "kind", "name", "description", "hash", "tokens", "first_seen", "last_seen", "calls", "errors"],
    "definition",
  ],
};
