/**
 * The names that the JSON line of an event may have (docs/jsonl.md), so that a misspelt one is told.
 *
 * @module
 */
import { nearest } from "../../pipeline/config/nearest.ts";

/** Names by name; `ANY`: whatever peers put there. */
interface Tree {
  readonly [name: string]: Tree | typeof ANY | typeof LEAF;
}
const ANY = "any", LEAF = "leaf";

/** Members without members. */
function leaves(names: string): Tree {
  return Object.fromEntries(names.split(" ").map((name) => [name, LEAF]));
}

const CALL = leaves(
  "id method name tool outcome error_code task_id duration_ms server_ms human_ms requests progress bytes_in bytes_out " +
    "tokens_in tokens_out session",
);
const PROCESS = leaves("pid comm name container");
const ENDS = leaves(
  "from_pid from_comm from_name from_container to_pid to_comm to_name to_container",
);

/** All of them. */
const FIELDS: Tree = {
  ...leaves(
    "kind timestamp source stream type transport_type method latency_ms era server session trace_id span_id malformed raw " +
      "raw_bytes rule severity message evidence detector category score target reason cpu sequence span name exchange " +
      "host status version http2_stream client_address server_address tls session_id protocol_version body body_bytes " +
      "wire_bytes incomplete record_id",
  ),
  id: ANY,
  params: ANY,
  result: ANY,
  error: ANY,
  data: ANY,
  details: ANY,
  sensor: ANY, // a name in its own events, an object in those of messages
  views: ANY,
  warnings: ANY,
  references: ANY,
  headers: ANY,
  trailers: ANY,
  auth: ANY,
  stdio_transport: ENDS,
  http_transport: {
    ...ENDS,
    ...leaves(
      "pid comm host is_request method target status version client_address server_address tls session_id " +
        "protocol_version exchange sse_id location http2_stream",
    ),
    auth: ANY,
  },
  request: { ...leaves("type method"), id: ANY, params: ANY },
  call: CALL,
  process: PROCESS,
  peer: PROCESS,
  lost: leaves("records bytes messages"),
  event: { ...leaves("timestamp stream type method"), id: ANY },
  times_ms: leaves("request_end response_start response_end"),
  sse: leaves("event id data"),
};

/** What is wrong with a path; undefined if an event may have it. */
export function wrongPath(path: readonly string[]): string | undefined {
  let at: Tree = FIELDS;
  for (const [k, name] of path.entries()) {
    const next: Tree[string] | undefined = Object.hasOwn(at, name) ? at[name] : undefined;
    if (next === ANY) return undefined;
    const before = path.slice(0, k).join(".");
    if (next === undefined) {
      const near = suggestion(name, at, before);
      const where = before === "" ? "no event has" : `${before} has no`;
      return `${where} "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`;
    }
    if (next === LEAF) {
      const [rest] = path.slice(k + 1);
      return rest === undefined ? undefined : `${path.slice(0, k + 1).join(".")} is no object: it has no "${rest}"`;
    }
    at = next;
  }
  return undefined;
}

/** The whole path of the name that was likely meant. */
function suggestion(name: string, at: Tree, before: string): string | undefined {
  const inside = Object.entries(FIELDS).find(([, tree]) => typeof tree === "object" && Object.hasOwn(tree, name));
  if (before === "" && inside !== undefined) return `${inside[0]}.${name}`;
  const near = nearest(name, Object.keys(at));
  return near === undefined || before === "" ? near : `${before}.${near}`;
}
