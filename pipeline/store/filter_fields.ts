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
  /**
   * Text or numbers: the row has the field if one of the expressions fits. `indexedFrom`: an index has those that are at
   * least so large.
   */
  | { readonly any: readonly string[]; readonly within?: Within; readonly indexedFrom?: number }
  /** One of some names: a condition for each, or none where no row has it. */
  | { readonly named: (name: string) => string; readonly within?: Within }
  /** Ordered names, by their ranks. */
  | { readonly ranked: string; readonly names: readonly string[]; readonly within?: Within }
  /** Texts that are searched; `indexed`: the id by which they stand in the index of words. */
  | { readonly search: readonly string[]; readonly within?: Within; readonly indexed?: string };

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

const SESSIONS = "s.id FROM session_rows s";
const SERVERS = "v.id FROM server_rows v LEFT JOIN process_rows p ON p.id = v.process";

/** Of a session, its server `v` and its client. */
const ofSession = (key: string): Record<"session" | "server" | "client", Place> => ({
  session: inside(of("CAST(s.id AS TEXT)", "s.session_id"), select(key, SESSIONS)),
  server: inside(
    inside(of("v.name", "v.title", "p.name", "p.comm", "v.address"), select("s.server", SERVERS)),
    select(key, SESSIONS),
  ),
  client: inside(
    of("s.client_name", "s.client_title", "p.name", "p.comm"),
    select(key, `${SESSIONS} LEFT JOIN process_rows p ON p.id = s.client_process`),
  ),
});

function processes(...keys: string[]): Record<"pid" | "comm" | "exe" | "container", Place> {
  const within: Within = (condition) =>
    `(${keys.map((key) => select(key, "p.id FROM process_rows p")(condition)).join(" OR ")})`;
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

const NOT_OK = "c.outcome IS NOT 'ok'"; // as the index has it
const SLOW = 100; // likewise

/** Numbers of which large ones have an index. */
const DURATION: Place = { any: ["c.duration_ms"], indexedFrom: SLOW };

/** Of a subject `j`. */
const SUBJECT: Readonly<Record<string, Place>> = {
  source: of("j.source"),
  method: of("j.method"),
  tool: inside(of("j.name"), (condition) => `(j.method = 'tools/call' AND ${condition()})`),
  name: of("j.name"),
  era: of("j.era"),
  ...ofSession("j.session"),
  ...processes("j.client", "j.server_process"),
  transport: transport("j"),
};

const ASKER = (side: string) => `c.subject IN (SELECT j.id FROM subject_rows j WHERE j.asker = '${side}')`;

/** Of a call `c`. */
const CALLS: Readonly<Record<string, Place>> = {
  ...all(SUBJECT, select("c.subject", "j.id FROM subject_rows j")),
  text: inside({ search: ["m.text"], indexed: "m.id" }, select("c.id", "m.call FROM message_rows m")),
  kind: kind("mcp"),
  time: of("c.time"),
  type: named({ request: ALWAYS, response: "c.outcome IS NOT NULL", notification: "c.progress > 0" }),
  id: of("id_text(c.rpc_id)"),
  dir: named({
    request: ALWAYS,
    response: "c.outcome IS NOT NULL",
    notification: "c.progress > 0",
    to_server: ASKER("client"),
    to_client: ASKER("server"),
  }),
  status: named({
    ok: "c.outcome = 'ok'",
    error: `(${NOT_OK} AND c.outcome IN ('error', 'tool_error'))`,
    tool_error: `(${NOT_OK} AND c.outcome = 'tool_error')`,
    cancelled: `(${NOT_OK} AND c.outcome = 'cancelled')`,
    hung: `(${NOT_OK} AND c.outcome = 'hung')`,
    pending: `(${NOT_OK} AND c.outcome IS NULL)`,
  }),
  error: inside(of("c.error_code"), (condition) => `(${NOT_OK} AND c.outcome = 'error' AND ${condition()})`),
  latency: DURATION,
  duration: DURATION,
  size: of("c.bytes_in", "c.bytes_out"),
  tokens: of("(c.tokens_in + c.tokens_out)"),
  warning: inside(WARNING, select("c.id", "m.call FROM message_rows m")),
  ...all(OF_HTTP, select("c.http", "h.id FROM http_rows h")),
  ...all(JUDGED, select("c.id", "f.call FROM finding_rows f")),
  reason: inside(of("m.malformed"), select("c.id", "m.call FROM message_rows m")),
};

const KIND = "l.type FROM lane_rows l WHERE l.id = m.lane";
/** Of a request: what became of its call. */
const STATUS =
  `CASE (SELECT ${KIND}) WHEN 'request' THEN coalesce((SELECT c.outcome FROM call_rows c WHERE c.id = m.call), 'pending') ` +
  "ELSE m.status END";

const LANE = (condition: string) => `m.lane IN (SELECT l.id FROM lane_rows l WHERE ${condition})`;
/** Of the message that ends a call: where its duration is told of. */
const ENDING: Within = (condition) =>
  `m.id IN (SELECT c.last FROM call_rows c WHERE c.outcome <> 'hung' AND c.last <> c.request AND ${condition()})`;

/** Of a message `m`. */
const MESSAGES: Readonly<Record<string, Place>> = {
  ...all(
    {
      source: of("l.source"),
      method: of("l.method"),
      type: { named: (name) => `l.type = '${name}'` },
      era: of("l.era"),
      ...ofSession("l.session"),
      ...processes("l.from_process", "l.to_process"),
      transport: transport("l"),
    },
    select("m.lane", "l.id FROM lane_rows l"),
  ),
  text: { search: ["m.text"], indexed: "m.id" },
  kind: kind("mcp"),
  time: of("m.time"),
  tool: inside(CALLS["tool"]!, select("m.call", "c.id FROM call_rows c")),
  name: {
    any: ["n.name"],
    within: (condition) =>
      "EXISTS (SELECT 1 FROM (SELECT coalesce(m.name, (SELECT j.name FROM call_rows c JOIN subject_rows j ON j.id = c.subject " +
      `WHERE c.id = m.call)) AS name) n WHERE ${condition()})`,
  },
  id: of("id_text(m.rpc_id)"),
  dir: named({
    request: LANE("l.type = 'request'"),
    response: LANE("l.type = 'response'"),
    notification: LANE("l.type = 'notification'"),
    to_server: LANE("l.sender = 'client'"),
    to_client: LANE("l.sender = 'server'"),
  }),
  status: {
    named: (name) => `${STATUS} ${name === "error" ? "IN ('error', 'tool_error')" : `= '${name}'`}`,
  },
  error: of("m.error_code"),
  latency: of("m.latency_ms"),
  duration: inside(of("c.duration_ms"), ENDING),
  size: of("m.bytes"),
  tokens: inside(CALLS["tokens"]!, ENDING),
  warning: WARNING,
  ...all(OF_HTTP, select("m.http", "h.id FROM http_rows h")),
  ...all(JUDGED, select("m.id", "f.message_id FROM finding_rows f")),
  reason: of("m.malformed"),
};

const ofMessage = (place: Place): Place => inside(place, select("f.message_id", "m.id FROM message_rows m"));
const ofCall = (place: Place): Place => inside(place, select("f.call", "c.id FROM call_rows c"));

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
  ...ofSession("f.session"),
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
      inside(CALLS[name]!, select("e.call", "c.id FROM call_rows c")),
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
      `EXISTS (SELECT 1 FROM (SELECT h.authority AS text UNION ALL SELECT p.name FROM process_rows p ` +
      `WHERE p.id = h.server_process UNION ALL SELECT p.comm FROM process_rows p WHERE p.id = h.server_process) v ` +
      `WHERE ${condition()})`,
  },
  client: inside(of("p.name", "p.comm"), select("h.client", "p.id FROM process_rows p")),
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
