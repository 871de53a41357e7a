/**
 * The tables of a store's file.
 *
 * What repeats is kept once: a call refers to its `subject` (who calls what of whom), a message to its `lane` (which way it
 * went), both to processes, sessions and servers. So calls and messages are small, and one index over subjects answers for
 * method, name, server, client and processes at once. The views `calls`, `messages`, `http`, `events`, `findings`,
 * `servers`, `tools` are for people.
 *
 * @module
 */

/** Marks the file as one of ours (`PRAGMA application_id`): "mcps" in ASCII. */
export const APPLICATION_ID = 0x6d637073;
/** Version of the tables (`PRAGMA user_version`). A file of a later one is refused. */
export const SCHEMA_VERSION = 1;

/**
 * Column types are affinities. What a peer may choose freely (ids, error codes) has none: a whole number beyond 2^53 that
 * SQLite would make an integer of could not be read again. Columns that most rows have nothing in come late, texts last.
 */
export const TABLES = `
CREATE TABLE process_rows (
  id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, comm TEXT NOT NULL, name TEXT NOT NULL, exe TEXT, container TEXT
);
CREATE TABLE server_rows (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version TEXT, title TEXT,
  transport TEXT NOT NULL, address TEXT, remote INTEGER NOT NULL, process INTEGER, executable_hash TEXT, package TEXT,
  instructions TEXT, eras TEXT NOT NULL, first_seen REAL NOT NULL, last_seen REAL NOT NULL
);
CREATE TABLE tool_rows (
  server INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, description TEXT, hash TEXT NOT NULL, tokens INTEGER,
  first_seen REAL NOT NULL, last_seen REAL NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (server, kind, name)
) WITHOUT ROWID;
CREATE TABLE session_rows (
  id INTEGER PRIMARY KEY, server INTEGER NOT NULL, client_process INTEGER, client_name TEXT, client_title TEXT,
  session_id TEXT, era TEXT, transport TEXT NOT NULL, started REAL NOT NULL, last REAL NOT NULL,
  calls INTEGER NOT NULL, errors INTEGER NOT NULL, findings INTEGER NOT NULL
);
CREATE INDEX sessions_server ON session_rows (server);
CREATE TABLE subject_rows (
  id INTEGER PRIMARY KEY, session INTEGER NOT NULL, method TEXT NOT NULL COLLATE NOCASE, name TEXT COLLATE NOCASE,
  asker TEXT, client INTEGER, server_process INTEGER, transport TEXT NOT NULL, tls INTEGER, source TEXT NOT NULL, era TEXT
);
CREATE INDEX subjects_session ON subject_rows (session);
CREATE INDEX subjects_name ON subject_rows (name) WHERE name IS NOT NULL;
CREATE TABLE lane_rows (
  id INTEGER PRIMARY KEY, session INTEGER, type TEXT NOT NULL, method TEXT COLLATE NOCASE, sender TEXT,
  from_process INTEGER, to_process INTEGER, transport TEXT NOT NULL, tls INTEGER, source TEXT NOT NULL, era TEXT
);
CREATE TABLE call_rows (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, subject INTEGER NOT NULL, outcome TEXT, duration_ms REAL, human_ms REAL,
  requests INTEGER NOT NULL, progress INTEGER NOT NULL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL, rpc_id,
  request INTEGER, last INTEGER, http INTEGER, findings INTEGER NOT NULL, severity INTEGER, error_code, task_id TEXT,
  tokens_in INTEGER, tokens_out INTEGER, trace_id TEXT, span_id TEXT
);
CREATE INDEX calls_subject ON call_rows (subject);
CREATE INDEX calls_not_ok ON call_rows (outcome) WHERE outcome IS NOT 'ok';
CREATE INDEX calls_slow ON call_rows (duration_ms) WHERE duration_ms >= 100;
CREATE TABLE message_rows (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, lane INTEGER NOT NULL, call INTEGER, rpc_id, status TEXT, latency_ms REAL,
  bytes INTEGER NOT NULL, http INTEGER, error_code, sse_id TEXT, name TEXT COLLATE NOCASE, warnings TEXT, malformed TEXT,
  text_cut INTEGER, text TEXT NOT NULL
);
CREATE INDEX messages_http ON message_rows (http) WHERE http IS NOT NULL;
CREATE TABLE http_rows (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, version TEXT NOT NULL, method TEXT NOT NULL COLLATE NOCASE,
  target TEXT NOT NULL, authority TEXT, status INTEGER, duration_ms REAL, latency_ms REAL, request_headers TEXT NOT NULL,
  response_headers TEXT NOT NULL, request_bytes INTEGER NOT NULL, response_bytes INTEGER NOT NULL, client INTEGER,
  server_process INTEGER, tls TEXT, client_address TEXT, client_port INTEGER, server_address TEXT, server_port INTEGER,
  source TEXT NOT NULL, mcp INTEGER NOT NULL, incomplete TEXT, request_body TEXT, response_body TEXT
);
CREATE INDEX http_status ON http_rows (status) WHERE status >= 400;
CREATE TABLE event_rows (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, sensor TEXT, name TEXT NOT NULL,
  message TEXT, process INTEGER, call INTEGER, sensor_call TEXT, data TEXT
);
CREATE INDEX events_call ON event_rows (call) WHERE call IS NOT NULL;
CREATE TABLE finding_rows (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, source TEXT NOT NULL, rule TEXT NOT NULL COLLATE NOCASE,
  severity INTEGER NOT NULL, message TEXT NOT NULL, evidence TEXT, detector TEXT, category TEXT, score REAL, target TEXT,
  refs TEXT, details TEXT, call INTEGER, message_id INTEGER, session INTEGER, process INTEGER, peer INTEGER
);
CREATE INDEX findings_call ON finding_rows (call) WHERE call IS NOT NULL;
CREATE INDEX findings_rule ON finding_rows (rule);
CREATE TABLE marks (
  id INTEGER PRIMARY KEY, from_time REAL NOT NULL, to_time REAL NOT NULL, calls INTEGER NOT NULL, messages INTEGER NOT NULL,
  http INTEGER NOT NULL, events INTEGER NOT NULL, findings INTEGER NOT NULL
);
CREATE TABLE state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE VIRTUAL TABLE text_index USING fts5(text, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE long_texts (id INTEGER PRIMARY KEY);
`;

/** A time as text, for people. */
const ISO = (time: string) => `strftime('%Y-%m-%dT%H:%M:%fZ', ${time} / 1000.0, 'unixepoch')`;
const NAMED = (id: string) => `(SELECT p.name FROM process_rows p WHERE p.id = ${id})`;
const PID = (id: string) => `(SELECT p.pid FROM process_rows p WHERE p.id = ${id})`;
const SEVERITY = (rank: string) =>
  `CASE ${rank} WHEN 0 THEN 'info' WHEN 1 THEN 'low' WHEN 2 THEN 'medium' WHEN 3 THEN 'high' WHEN 4 THEN 'critical' END`;

/** For people who write SQL. */
export const VIEWS = `
CREATE VIEW calls AS SELECT c.id, ${
  ISO("c.time")
} AS at, c.time, j.method, j.name, v.name AS server, v.key AS server_key,
  s.client_name AS client, c.outcome, c.error_code, c.duration_ms, c.duration_ms - c.human_ms AS server_ms, c.human_ms,
  c.bytes_in, c.bytes_out, c.tokens_in, c.tokens_out, c.requests, c.progress, c.findings, ${
  SEVERITY("c.severity")
} AS severity,
  j.session, j.transport, j.tls, j.era, j.source, c.rpc_id, c.task_id, c.trace_id, c.span_id, ${
  PID("j.client")
} AS client_pid,
  ${PID("j.server_process")} AS server_pid, c.http, c.request
  FROM call_rows c JOIN subject_rows j ON j.id = c.subject JOIN session_rows s ON s.id = j.session
  JOIN server_rows v ON v.id = s.server;
CREATE VIEW messages AS SELECT m.id, ${ISO("m.time")} AS at, m.time, m.call, l.type, l.method, m.rpc_id, m.status,
  m.error_code, m.latency_ms, l.sender, ${NAMED("l.from_process")} AS "from", ${PID("l.from_process")} AS from_pid,
  ${NAMED("l.to_process")} AS "to", ${PID("l.to_process")} AS to_pid, l.session, l.transport, l.tls, l.era, l.source,
  m.warnings, m.malformed, m.http, m.sse_id, m.bytes, m.text_cut, m.text
  FROM message_rows m JOIN lane_rows l ON l.id = m.lane;
CREATE VIEW http AS SELECT h.id, ${
  ISO("h.time")
} AS at, h.time, h.method, h.target, h.authority, h.status, h.duration_ms,
  h.latency_ms, h.version, h.request_headers, h.response_headers, h.request_bytes, h.response_bytes,
  ${NAMED("h.client")} AS client, ${PID("h.client")} AS client_pid, ${NAMED("h.server_process")} AS server,
  ${PID("h.server_process")} AS server_pid, h.tls, h.client_address, h.client_port, h.server_address, h.server_port,
  h.source, h.mcp, h.incomplete, h.request_body, h.response_body FROM http_rows h;
CREATE VIEW events AS SELECT e.id, ${
  ISO("e.time")
} AS at, e.time, e.kind, e.source, e.sensor, e.name, e.message, e.call,
  ${NAMED("e.process")} AS process, ${PID("e.process")} AS pid, e.sensor_call, e.data FROM event_rows e;
CREATE VIEW findings AS SELECT f.id, ${ISO("f.time")} AS at, f.time, ${SEVERITY("f.severity")} AS severity, f.rule,
  f.message, f.evidence, v.name AS server, v.key AS server_key, f.detector, f.category, f.score, f.target, f.refs,
  f.details, f.call, f.message_id, f.session, ${NAMED("f.process")} AS process, ${PID("f.process")} AS pid, f.source
  FROM finding_rows f LEFT JOIN session_rows s ON s.id = f.session LEFT JOIN server_rows v ON v.id = s.server;
CREATE VIEW servers AS SELECT v.key, v.name, v.version, v.title, v.transport, v.address, v.remote,
  ${NAMED("v.process")} AS process, ${PID("v.process")} AS pid, v.package, v.executable_hash, v.instructions, v.eras,
  v.first_seen, max(coalesce(max(s.last), 0), v.last_seen) AS last_seen, coalesce(sum(s.calls), 0) AS calls,
  coalesce(sum(s.errors), 0) AS errors, coalesce(sum(s.findings), 0) AS findings
  FROM server_rows v LEFT JOIN session_rows s ON s.server = v.id GROUP BY v.id;
CREATE VIEW tools AS SELECT v.name AS server, v.key AS server_key, t.kind, t.name, t.description, t.tokens, t.hash,
  t.first_seen, t.last_seen, t.definition FROM tool_rows t JOIN server_rows v ON v.id = t.server;
`;
