/**
 * Reads rows.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { SEVERITIES } from "../event.ts";
import type { Ask, CallDetail, Page } from "../feed/feed.ts";
import { fieldsOf, parseQuery } from "../query/mod.ts";
import { RecentMap } from "../recent_map.ts";
import { conditionOf, leastDuration, notBySubject } from "./filter.ts";
import type { RowKind } from "./filter_fields.ts";
import { count, type Found, json, maybe, present } from "./row_values.ts";
import type { CallRow, EventRow, FindingRow, HttpRow, MessageRow, ProcessRow } from "./rows.ts";
import { summaryOf } from "./summary.ts";
import { wordsOf } from "./words.ts";

/** Rows of a page if nothing is said, and at most. */
const PAGE = 100, LARGEST_PAGE = 10_000;
/** Calls that are looked at one by one. */
const NEWEST = 20_000;
/** Calls that are soon looked at through an index. */
const FEW = 20_000;
/** Rows that are read at once where all are asked for. */
const EACH = 500;
/** What of a request's text is read for its summary, in bytes. */
const SUMMARISED = 4096;

/** What is selected for each kind of rows. The first letter stands for its table in conditions. */
const SELECT: Readonly<Record<RowKind, string>> = {
  calls: `SELECT c.*, j.method, j.name, j.session, j.transport, j.era, j.client, j.server_process, v.key AS server_key,
    v.name AS server_name, s.client_name,
    substr((SELECT m.text FROM message_rows m WHERE m.id = c.request), 1, ${SUMMARISED}) AS request_text
    FROM call_rows c JOIN subject_rows j ON j.id = c.subject JOIN session_rows s ON s.id = j.session
    JOIN server_rows v ON v.id = s.server`,
  messages: `SELECT m.id, m.time, m.call, l.session, v.key AS server_key, l.type, m.rpc_id, l.method, l.sender,
    l.from_process, l.to_process, l.transport, m.status, m.latency_ms, m.warnings, m.malformed, m.http, m.sse_id, m.bytes,
    m.text_cut FROM message_rows m JOIN lane_rows l ON l.id = m.lane LEFT JOIN session_rows s ON s.id = l.session
    LEFT JOIN server_rows v ON v.id = s.server`,
  findings: `SELECT f.*, v.key AS server_key, v.name AS server_name FROM finding_rows f
    LEFT JOIN session_rows s ON s.id = f.session LEFT JOIN server_rows v ON v.id = s.server`,
  events: "SELECT e.* FROM event_rows e",
  http: "SELECT h.* FROM http_rows h",
};
const LETTER: Readonly<Record<RowKind, string>> = { calls: "c", messages: "m", findings: "f", events: "e", http: "h" };

function selectOf(kind: RowKind, withTexts: boolean): string {
  return kind === "messages" && withTexts ? SELECT.messages.replace("m.text_cut", "m.text_cut, m.text") : SELECT[kind];
}

/** Rows by their kinds. */
export interface RowTypes {
  readonly calls: CallRow;
  readonly messages: MessageRow;
  readonly findings: FindingRow;
  readonly events: EventRow;
  readonly http: HttpRow;
}

/** Reads rows of a database that {@linkcode addFunctions} was called for. */
export class Reader {
  readonly #db: DatabaseSync;
  readonly #statements = new RecentMap<string, StatementSync>(128);
  readonly #processes = new RecentMap<number, ProcessRow>(4096);

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Some rows, newest first; messages have their texts if they are asked for.
   *
   * @throws {QueryError} that names every mistake of the filter.
   */
  page<K extends RowKind>(kind: K, ask: Ask = {}, withTexts = false): Page<RowTypes[K]> {
    const { limit = PAGE } = ask;
    const most = Math.max(1, Math.min(limit, LARGEST_PAGE));
    const found = this.#newest(kind, ask, most + 1, withTexts);
    return { rows: found.slice(0, most).map((row) => this.#row(kind, row)), more: found.length > most };
  }

  /**
   * What most calls fit is found among the newest; through an index, all that fit would be sorted first. So these are looked
   * at one by one, and only what is still missing is looked up.
   */
  #newest(kind: RowKind, ask: Ask, most: number, withTexts: boolean): Found[] {
    const select = selectOf(kind, withTexts), letter = LETTER[kind];
    const read = (part: Ask, source: string, limit: number) => {
      const { where, values } = this.#where(kind, part);
      return this.all(`${source}${where} ORDER BY ${letter}.id DESC LIMIT ?`, ...values, limit);
    };
    if (kind !== "calls" || ask.filter === undefined || ask.after !== undefined) return read(ask, select, most);
    const end = ask.before ?? count(this.all("SELECT max(id) AS id FROM call_rows")[0]?.["id"]) + 1;
    const first = end - NEWEST;
    if (first <= 0) return read(ask, select, most);
    const found = read({ ...ask, after: first - 1 }, select.replace("call_rows c", "call_rows c NOT INDEXED"), most);
    if (found.length === most) return found;
    return [...found, ...read({ ...ask, before: first }, select, most - found.length)];
  }

  /**
   * All rows, oldest first; messages have their texts if they are asked for.
   *
   * @throws {QueryError} that names every mistake of the filter.
   */
  *each<K extends RowKind>(kind: K, ask: Ask = {}, withTexts = false): Generator<RowTypes[K]> {
    const letter = LETTER[kind];
    for (let after = ask.after ?? 0;;) {
      const { where, values } = this.#where(kind, { ...ask, after });
      const sql = `${selectOf(kind, withTexts)}${where} ORDER BY ${letter}.id LIMIT ${EACH}`;
      const found = this.all(sql, ...values);
      for (const row of found) yield this.#row(kind, row);
      if (found.length < EACH) return;
      after = count(found.at(-1)?.["id"]);
    }
  }

  /** Whether few calls took so many milliseconds: SQLite cannot know, and takes the index of subjects. */
  #areFew(least: number | undefined): boolean {
    if (least === undefined) return false;
    const sql =
      "SELECT count(*) AS n FROM (SELECT 1 FROM call_rows WHERE duration_ms >= 100 AND duration_ms >= ? LIMIT ?)";
    return count(this.all(sql, least, FEW + 1)[0]?.["n"]) <= FEW;
  }

  /** What the rows that are asked for have in common. */
  #where(kind: RowKind, { filter, before, after, from, to }: Ask): { where: string; values: SQLInputValue[] } {
    const letter = LETTER[kind];
    const conditions: string[] = [], values: SQLInputValue[] = [];
    const bound = (value: number | undefined, condition: string) => {
      if (value === undefined) return;
      conditions.push(`${letter}.${condition}`);
      values.push(value);
    };
    bound(before, "id < ?");
    bound(after, "id > ?");
    bound(from, "time >= ?");
    bound(to, "time < ?");
    if (filter !== undefined && filter.trim() !== "") {
      const query = parseQuery(filter);
      const made = conditionOf(query, kind, fieldsOf(query).has("text") ? wordsOf(this.#db) : undefined);
      const condition = kind === "calls" && this.#areFew(leastDuration(query)) ? notBySubject(made) : made;
      conditions.push(condition.sql);
      values.push(...condition.values);
    }
    return { where: conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`, values };
  }

  /** The rows of these ids that there are, oldest first. */
  byId<K extends RowKind>(kind: K, ids: Iterable<number>): RowTypes[K][] {
    const letter = LETTER[kind];
    const list = JSON.stringify([...ids]);
    const sql = `${SELECT[kind]} WHERE ${letter}.id IN (SELECT value FROM json_each(?)) ORDER BY ${letter}.id`;
    return this.all(sql, list).map((row) => this.#row(kind, row));
  }

  /** One call with all that belongs to it. */
  call(id: number): CallDetail | undefined {
    const [call] = this.byId("calls", [id]);
    if (call === undefined) return undefined;
    const messages = this.all(
      `${selectOf("messages", true)} WHERE m.call = ?1
       AND m.id BETWEEN (SELECT c.request FROM call_rows c WHERE c.id = ?1) AND (SELECT c.last FROM call_rows c WHERE c.id = ?1)
       ORDER BY m.time, m.id`,
      id,
    ).map((row) => this.#row("messages", row));
    const of = <K extends RowKind>(kind: K, where: string) => {
      const letter = LETTER[kind];
      const found = this.all(`${SELECT[kind]} WHERE ${where} ORDER BY ${letter}.time, ${letter}.id`, id);
      return found.map((row) => this.#row(kind, row));
    };
    return {
      call,
      messages,
      findings: of("findings", "f.call = ?"),
      events: of("events", "e.call = ?"),
      http: this.byId("http", messages.flatMap(({ http }) => http ?? [])),
    };
  }

  /** The messages that an exchange carried, with their texts, oldest first. */
  carriedBy(http: number): MessageRow[] {
    const sql = `${selectOf("messages", true)} WHERE m.http = ? ORDER BY m.id`;
    return this.all(sql, http).map((row) => this.#row("messages", row));
  }

  /** What SQL finds, one row after the other. */
  iterate(sql: string, ...values: SQLInputValue[]): Iterable<Found> {
    return this.#db.prepare(sql).iterate(...values) as Iterable<Found>;
  }

  /** All that SQL finds. */
  all(sql: string, ...values: SQLInputValue[]): Found[] {
    return this.#statements.recall(sql, (text) => this.#db.prepare(text)).all(...values) as Found[];
  }

  /** A process's row. */
  process(id: Found[string] | undefined): ProcessRow | undefined {
    if (typeof id !== "number") return undefined;
    const known = this.#processes.get(id);
    if (known !== undefined) return known;
    const [found] = this.all("SELECT * FROM process_rows WHERE id = ?", id);
    if (found === undefined) return undefined;
    const row = present(found, ["pid", "comm", "name", "exe", "container"]) as unknown as ProcessRow;
    this.#processes.set(id, row);
    return row;
  }

  #row<K extends RowKind>(kind: K, found: Found): RowTypes[K] {
    const makers: { readonly [Kind in RowKind]: (found: Found) => RowTypes[Kind] } = {
      calls: (row) => this.#call(row),
      messages: (row) => this.#message(row),
      findings: (row) => this.#finding(row),
      events: (row) => this.#event(row),
      http: (row) => this.#http(row),
    };
    return makers[kind](found);
  }

  #call(found: Found): CallRow {
    const { request_text: text, severity, duration_ms: duration, human_ms: human } = found;
    return {
      ...present(found, CALL_BEFORE),
      server: String(found["server_key"]),
      server_name: String(found["server_name"]),
      ...present(found, CALL_AFTER),
      ...(duration === null ? {} : { server_ms: count(duration) - count(human) }),
      ...maybe("client", this.process(found["client"])),
      ...maybe("server_process", this.process(found["server_process"])),
      findings: count(found["findings"]),
      ...maybe("severity", severityOf(severity)),
      ...maybe("summary", summaryOf(typeof text === "string" ? text : undefined)),
    } as unknown as CallRow;
  }

  #message(found: Found): MessageRow {
    const { type, rpc_id: id, status, text_cut: cut, server_key: server } = found;
    return {
      ...present(found, ["id", "time", "call", "session"]),
      ...(typeof server === "string" ? { server } : {}),
      type,
      ...(id !== null ? { rpc_id: id } : type === "response" ? { rpc_id: null } : {}),
      ...present(found, ["method", "sender"]),
      ...maybe("from", this.process(found["from_process"])),
      ...maybe("to", this.process(found["to_process"])),
      ...present(found, ["transport", "latency_ms"]),
      ...(status === "error" || status === "tool_error" ? { is_error: true } : {}),
      ...maybe("warnings", json(found["warnings"])),
      ...present(found, ["malformed", "http", "sse_id", "bytes", "text"]),
      ...(cut === 1 ? { text_cut: true } : {}),
    } as unknown as MessageRow;
  }

  #finding(found: Found): FindingRow {
    const { server_key: server } = found;
    return {
      ...present(found, ["id", "time", "rule"]),
      severity: severityOf(found["severity"]),
      ...present(found, ["message", "evidence", "detector", "category", "score", "target"]),
      ...maybe("references", json(found["refs"])),
      ...maybe("details", json(found["details"])),
      ...present(found, ["call", "message_id", "session"]),
      ...(typeof server === "string" ? { server } : {}),
      ...present(found, ["server_name"]),
      ...maybe("process", this.process(found["process"])),
    } as unknown as FindingRow;
  }

  #event(found: Found): EventRow {
    return {
      ...present(found, ["id", "time", "kind", "source", "sensor", "name", "message"]),
      ...maybe("process", this.process(found["process"])),
      ...present(found, ["call"]),
      ...maybe("sensor_call", json(found["sensor_call"])),
      ...maybe("data", json(found["data"])),
    } as unknown as EventRow;
  }

  #http(found: Found): HttpRow {
    return {
      ...present(found, ["id", "time", "version", "method", "target", "authority", "status", "duration_ms"]),
      request_headers: json(found["request_headers"]) ?? [],
      response_headers: json(found["response_headers"]) ?? [],
      ...present(found, ["request_bytes", "response_bytes"]),
      ...maybe("client", this.process(found["client"])),
      ...maybe("server_process", this.process(found["server_process"])),
      ...present(found, ["tls", "request_body", "response_body"]),
      mcp: found["mcp"] === 1,
      ...present(found, ["incomplete"]),
    } as unknown as HttpRow;
  }
}

const CALL_BEFORE = ["id", "time", "method", "name"];
const CALL_AFTER = [
  ...["client_name", "session", "transport", "era", "outcome", "error_code", "duration_ms", "human_ms"],
  ...["requests", "progress", "task_id", "bytes_in", "bytes_out", "tokens_in", "tokens_out", "trace_id", "span_id"],
];

function severityOf(rank: Found[string] | undefined): typeof SEVERITIES[number] | undefined {
  return typeof rank === "number" ? SEVERITIES[rank] : undefined;
}
