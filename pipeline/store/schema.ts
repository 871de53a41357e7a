/**
 * The tables of a store's file.
 *
 * @module
 */

/** Marks the file as one of ours (`PRAGMA application_id`): "mcps" in ASCII. */
export const APPLICATION_ID = 0x6d637073;
/** Version of the tables (`PRAGMA user_version`). A file of a later one is refused. */
export const SCHEMA_VERSION = 1;

/**
 * Column types are affinities. What a peer may choose freely (ids, error codes) has none: a whole number beyond 2^53 that
 * SQLite would make an integer of could not be read again.
 */
export const TABLES = `
CREATE TABLE processes (
  id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, comm TEXT NOT NULL, name TEXT NOT NULL, exe TEXT, container TEXT
);
CREATE TABLE servers (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version TEXT, title TEXT,
  transport TEXT NOT NULL, address TEXT, remote INTEGER NOT NULL, process INTEGER, executable_hash TEXT, package TEXT,
  instructions TEXT, eras TEXT NOT NULL, first_seen REAL NOT NULL, last_seen REAL NOT NULL
);
CREATE TABLE tools (
  server INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, description TEXT, hash TEXT NOT NULL, tokens INTEGER,
  first_seen REAL NOT NULL, last_seen REAL NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (server, kind, name)
) WITHOUT ROWID;
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY, server INTEGER NOT NULL, client_process INTEGER, client_name TEXT, client_title TEXT,
  session_id TEXT, era TEXT, transport TEXT NOT NULL, started REAL NOT NULL, last REAL NOT NULL,
  calls INTEGER NOT NULL, errors INTEGER NOT NULL, findings INTEGER NOT NULL
);
CREATE TABLE calls (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, session INTEGER NOT NULL, server INTEGER NOT NULL,
  method TEXT NOT NULL COLLATE NOCASE, name TEXT COLLATE NOCASE, transport TEXT NOT NULL, tls INTEGER, source TEXT NOT NULL,
  rpc_id, asker TEXT, era TEXT, outcome TEXT, error_code, duration_ms REAL, server_ms REAL, human_ms REAL,
  requests INTEGER NOT NULL, progress INTEGER NOT NULL, task_id TEXT, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL,
  tokens_in INTEGER, tokens_out INTEGER, trace_id TEXT, span_id TEXT, client INTEGER, server_process INTEGER,
  findings INTEGER NOT NULL, severity INTEGER, http INTEGER, request INTEGER, number INTEGER NOT NULL
);
CREATE TABLE messages (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, call INTEGER, session INTEGER, server INTEGER, type TEXT NOT NULL,
  rpc_id, method TEXT COLLATE NOCASE, name TEXT COLLATE NOCASE, sender TEXT, from_process INTEGER, to_process INTEGER,
  transport TEXT NOT NULL, tls INTEGER, source TEXT NOT NULL, status TEXT, error_code, latency_ms REAL, warnings TEXT,
  malformed TEXT, era TEXT, http INTEGER, sse_id TEXT, bytes INTEGER NOT NULL, text_cut INTEGER, text TEXT
);
CREATE TABLE http (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, version TEXT NOT NULL, method TEXT NOT NULL, target TEXT NOT NULL,
  authority TEXT, status INTEGER, duration_ms REAL, latency_ms REAL, request_headers TEXT NOT NULL,
  response_headers TEXT NOT NULL, request_bytes INTEGER NOT NULL, response_bytes INTEGER NOT NULL, client INTEGER,
  server_process INTEGER, tls TEXT, client_address TEXT, client_port INTEGER, server_address TEXT, server_port INTEGER,
  source TEXT NOT NULL, request_body TEXT, response_body TEXT, mcp INTEGER NOT NULL, incomplete TEXT
);
CREATE TABLE events (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL, message TEXT,
  process INTEGER, call INTEGER, sensor_call TEXT, data TEXT
);
CREATE TABLE findings (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, source TEXT NOT NULL, rule TEXT NOT NULL COLLATE NOCASE,
  severity INTEGER NOT NULL, message TEXT NOT NULL, evidence TEXT, detector TEXT, category TEXT, score REAL, target TEXT,
  refs TEXT, details TEXT, call INTEGER, message_id INTEGER, session INTEGER, server INTEGER, process INTEGER, peer INTEGER
);
CREATE INDEX calls_time ON calls (time);
CREATE INDEX calls_name ON calls (name);
CREATE INDEX calls_method ON calls (method);
CREATE INDEX calls_session ON calls (session);
CREATE INDEX calls_bad ON calls (outcome) WHERE outcome <> 'ok';
CREATE INDEX calls_duration ON calls (duration_ms);
CREATE INDEX messages_call ON messages (call);
CREATE INDEX messages_time ON messages (time);
CREATE INDEX events_call ON events (call) WHERE call IS NOT NULL;
CREATE INDEX events_time ON events (time);
CREATE INDEX findings_call ON findings (call) WHERE call IS NOT NULL;
CREATE INDEX findings_rule ON findings (rule);
CREATE INDEX findings_time ON findings (time);
CREATE INDEX http_time ON http (time);
`;
