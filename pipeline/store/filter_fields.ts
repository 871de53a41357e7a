/**
 * Where the fields of the filter language are in the tables.
 *
 * @module
 */
import { SEVERITIES } from "../event.ts";

/** Puts conditions that were made over other tables into one over the rows that are asked for. */
export type Within = (condition: () => string) => string;

/** How to ask for a field. A condition that is NULL does not hold. */
export type Place =
  /** Text or numbers: the row has the field if one of the expressions fits. */
  | { readonly any: readonly string[]; readonly within?: Within }
  /** One of some names: a condition for each, or none where no row has it. */
  | { readonly named: (name: string) => string; readonly within?: Within }
  /** Ordered names, by their ranks. */
  | { readonly ranked: string; readonly names: readonly string[]; readonly within?: Within }
  /** Texts that are searched, as SQL text or NULL. */
  | { readonly search: readonly string[]; readonly within?: Within };

/** What can be asked for. */
export type RowKind = "calls" | "messages" | "findings" | "events" | "http";

const NEVER = "0", ALWAYS = "1";

const of = (...any: string[]): Place => ({ any });
const inside = (place: Place, within: Within): Place => {
  const inner = place.within;
  return { ...place, within: inner === undefined ? within : (condition) => within(() => inner(condition)) };
};
const select = (key: string, from: string): Within => (condition) => `${key} IN (SELECT ${from} WHERE ${condition()})`;
const kind = (...kinds: string[]): Place => ({ named: (name) => kinds.includes(name) ? ALWAYS : NEVER });
const named = (names: Readonly<Record<string, string>>): Place => ({ named: (name) => names[name] ?? NEVER });

const SEVERITY = (column: string): Place => ({ ranked: column, names: SEVERITIES });
const ADDRESSES = [
  "h.client_address",
  "h.server_address",
  "with_port(h.client_address, h.client_port)",
  "with_port(h.server_address, h.server_port)",
];

/** Of an exchange `h`. */
const OF_HTTP: Readonly<Record<string, Place>> = {
  host: of("h.authority", "without_port(h.authority)"),
  path: of("path_of(h.target)"),
  http: of("h.status"),
  address: of(...ADDRESSES),
};

/** Of a session `s`, server `v` and process `p`. */
const session = (key: string): Place =>
  inside(of("CAST(s.id AS TEXT)", "s.session_id"), select(key, "s.id FROM sessions s"));
const server = (key: string): Place =>
  inside(
    of("v.name", "v.title", "p.name", "p.comm", "v.address"),
    select(key, "v.id FROM servers v LEFT JOIN processes p ON p.id = v.process"),
  );
const client = (key: string): Place =>
  inside(
    of("s.client_name", "s.client_title", "p.name", "p.comm"),
    select(key, "s.id FROM sessions s LEFT JOIN processes p ON p.id = s.client_process"),
  );

function processes(...keys: string[]): Record<string, Place> {
  const within: Within = (condition) =>
    `(${keys.map((key) => select(key, "p.id FROM processes p")(condition)).join(" OR ")})`;
  return {
    pid: inside(of("p.pid"), within),
    comm: inside(of("p.comm", "p.name"), within),
    exe: inside(of("p.exe"), within),
    container: inside(of("p.container"), within),
  };
}

function all(places: Readonly<Record<string, Place>>, within: Within): Record<string, Place> {
  return Object.fromEntries(Object.entries(places).map(([name, place]) => [name, inside(place, within)]));
}

const transport = (of: string): Place =>
  named({
    stdio: `${of}.transport = 'stdio'`,
    http: `${of}.transport = 'http'`,
    sse: `${of}.transport = 'sse'`,
    tls: `${of}.tls = 1`,
  });

/** What findings say, of what they are about. */
const JUDGED: Readonly<Record<string, Place>> = {
  severity: SEVERITY("f.severity"),
  rule: of("f.rule"),
  detector: of("f.detector"),
  category: of("f.category"),
  score: of("f.score"),
};

const WARNING: Place = inside(
  of("w.value"),
  (condition) => `EXISTS (SELECT 1 FROM json_each(m.warnings) w WHERE ${condition()})`,
);

/** Of a call `c`. */
const CALLS: Readonly<Record<string, Place>> = {
  text: inside({ search: ["m.text"] }, select("c.id", "m.call FROM messages m")),
  kind: kind("mcp"),
  time: of("c.time"),
  source: of("c.source"),
  type: named({ request: ALWAYS, response: "c.outcome IS NOT NULL", notification: "c.progress > 0" }),
  method: of("c.method"),
  tool: inside(of("c.name"), (condition) => `(c.method = 'tools/call' AND ${condition()})`),
  name: of("c.name"),
  id: of("id_text(c.rpc_id)"),
  dir: named({
    request: ALWAYS,
    response: "c.outcome IS NOT NULL",
    notification: "c.progress > 0",
    to_server: "c.asker = 'client'",
    to_client: "c.asker = 'server'",
  }),
  status: named({
    ok: "c.outcome = 'ok'",
    error: "(c.outcome <> 'ok' AND c.outcome IN ('error', 'tool_error'))",
    tool_error: "(c.outcome <> 'ok' AND c.outcome = 'tool_error')",
    cancelled: "(c.outcome <> 'ok' AND c.outcome = 'cancelled')",
    hung: "(c.outcome <> 'ok' AND c.outcome = 'hung')",
    pending: "c.outcome IS NULL",
  }),
  error: of("c.error_code"),
  latency: of("c.duration_ms"),
  duration: of("c.duration_ms"),
  size: of("c.bytes_in", "c.bytes_out"),
  tokens: of("(c.tokens_in + c.tokens_out)"),
  era: of("c.era"),
  session: session("c.session"),
  warning: inside(WARNING, select("c.id", "m.call FROM messages m")),
  server: server("c.server"),
  client: client("c.session"),
  ...processes("c.client", "c.server_process"),
  transport: transport("c"),
  ...all(OF_HTTP, select("c.http", "h.id FROM http h")),
  ...all(JUDGED, select("c.id", "f.call FROM findings f")),
};

/** Of a request: what became of its call. */
const STATUS =
  `CASE m.type WHEN 'request' THEN coalesce((SELECT c.outcome FROM calls c WHERE c.id = m.call), 'pending') ` +
  "ELSE m.status END";

/** Of a message `m`. */
const MESSAGES: Readonly<Record<string, Place>> = {
  text: { search: ["m.text"] },
  kind: kind("mcp"),
  time: of("m.time"),
  source: of("m.source"),
  type: { named: (name) => `m.type = '${name}'` },
  method: of("m.method"),
  tool: inside(CALLS["tool"]!, select("m.call", "c.id FROM calls c")),
  name: {
    any: ["n.name"],
    within: (condition) =>
      `EXISTS (SELECT 1 FROM (SELECT coalesce(m.name, (SELECT c.name FROM calls c WHERE c.id = m.call)) AS name) n ` +
      `WHERE ${condition()})`,
  },
  id: of("id_text(m.rpc_id)"),
  dir: named({
    request: "m.type = 'request'",
    response: "m.type = 'response'",
    notification: "m.type = 'notification'",
    to_server: "m.sender = 'client'",
    to_client: "m.sender = 'server'",
  }),
  status: {
    named: (name) => `${STATUS} ${name === "error" ? "IN ('error', 'tool_error')" : `= '${name}'`}`,
  },
  error: of("m.error_code"),
  latency: of("m.latency_ms"),
  duration: inside(
    CALLS["duration"]!,
    (condition) => `(m.type = 'response' AND m.call IN (SELECT c.id FROM calls c WHERE ${condition()}))`,
  ),
  size: of("m.bytes"),
  tokens: inside(
    CALLS["tokens"]!,
    (condition) => `(m.type = 'response' AND m.call IN (SELECT c.id FROM calls c WHERE ${condition()}))`,
  ),
  era: of("m.era"),
  session: session("m.session"),
  warning: WARNING,
  server: server("m.server"),
  client: client("m.session"),
  ...processes("m.from_process", "m.to_process"),
  transport: transport("m"),
  ...all(OF_HTTP, select("m.http", "h.id FROM http h")),
  ...all(JUDGED, select("m.id", "f.message_id FROM findings f")),
  reason: of("m.malformed"),
};

const ofMessage = (place: Place): Place => inside(place, select("f.message_id", "m.id FROM messages m"));
const ofCall = (place: Place): Place => inside(place, select("f.call", "c.id FROM calls c"));

/** Of a finding `f`. */
const FINDINGS: Readonly<Record<string, Place>> = {
  ...Object.fromEntries(
    ["type", "dir", "status", "error", "latency", "size", "warning", "reason", "host", "path", "http", "address"].map((
      name,
    ) => [name, ofMessage(MESSAGES[name]!)]),
  ),
  ...Object.fromEntries(
    ["method", "tool", "name", "id", "duration", "tokens", "transport", "era"].map((
      name,
    ) => [name, ofCall(CALLS[name]!)]),
  ),
  text: { search: ["f.message", "f.evidence"] },
  kind: kind("finding"),
  time: of("f.time"),
  source: of("f.source"),
  session: session("f.session"),
  server: server("f.server"),
  client: client("f.session"),
  ...processes("f.process", "f.peer"),
  ...JUDGED,
};

/** Of a sensor's event or a gap `e`. */
const EVENTS: Readonly<Record<string, Place>> = {
  ...Object.fromEntries(
    ["method", "tool", "name", "id", "status", "error", "era", "session", "server", "client", "transport"].map((
      name,
    ) => [
      name,
      inside(CALLS[name]!, select("e.call", "c.id FROM calls c")),
    ]),
  ),
  text: { search: ["e.name", "e.message", "e.data"] },
  kind: { named: (name) => `e.kind = '${name}'` },
  time: of("e.time"),
  source: of("e.source"),
  reason: inside(of("e.name"), (condition) => `(e.kind = 'gap' AND ${condition()})`),
  ...processes("e.process"),
};

/** Of an exchange `h`. */
const HTTP: Readonly<Record<string, Place>> = {
  ...OF_HTTP,
  text: {
    search: [
      "h.method",
      "h.target",
      "h.authority",
      "h.request_headers",
      "h.response_headers",
      "h.request_body",
      "h.response_body",
    ],
  },
  kind: kind("http"),
  time: of("h.time"),
  source: of("h.source"),
  type: named({ request: ALWAYS, response: "h.status IS NOT NULL" }),
  dir: named({
    request: ALWAYS,
    response: "h.status IS NOT NULL",
    to_server: ALWAYS,
    to_client: "h.status IS NOT NULL",
  }),
  method: of("h.method"),
  status: named({ ok: "h.status < 400", error: "h.status >= 400", pending: "h.status IS NULL" }),
  latency: of("h.latency_ms"),
  duration: of("h.duration_ms"),
  size: of("h.request_bytes", "h.response_bytes"),
  reason: of("h.incomplete"),
  era: of("header_of(h.request_headers, 'mcp-protocol-version')"),
  session: of(
    "header_of(h.request_headers, 'mcp-session-id')",
    "header_of(h.response_headers, 'mcp-session-id')",
  ),
  server: {
    any: ["v.text"],
    within: (condition) =>
      `EXISTS (SELECT 1 FROM (SELECT h.authority AS text UNION ALL SELECT p.name FROM processes p ` +
      `WHERE p.id = h.server_process UNION ALL SELECT p.comm FROM processes p WHERE p.id = h.server_process) v ` +
      `WHERE ${condition()})`,
  },
  client: inside(of("p.name", "p.comm"), select("h.client", "p.id FROM processes p")),
  ...processes("h.client", "h.server_process"),
  transport: named({ http: ALWAYS, tls: "h.tls IS NOT NULL" }),
};

/** By what is asked for. A field that is missing is one that no such row has. */
export const PLACES: Readonly<Record<RowKind, Readonly<Record<string, Place>>>> = {
  calls: CALLS,
  messages: MESSAGES,
  findings: FINDINGS,
  events: EVENTS,
  http: HTTP,
};
