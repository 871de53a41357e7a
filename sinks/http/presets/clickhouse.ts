/**
 * ClickHouse's HTTP interface (https://clickhouse.com/docs/interfaces/http): an INSERT of rows in JSONEachRow
 * (https://clickhouse.com/docs/interfaces/formats/JSONEachRow) into the table of docs/clickhouse.sql.
 *
 * A batch has an `insert_deduplication_token` made of its records' ids
 * (https://clickhouse.com/docs/guides/developer/deduplicating-inserts-on-retries); rows that come again in other company
 * are merged by the table's engine, as they have the same `record_id`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Context } from "../../../pipeline/component.ts";
import {
  type Answer,
  type BufferedRecord,
  type Courier,
  type HealthRequest,
  judgeByStatus,
  reasonOf,
  type Verdict,
} from "../../../pipeline/delivery/mod.ts";
import type { ChunkEvent, Event } from "../../../pipeline/event.ts";
import { EventLines } from "../../../pipeline/lines/event_lines.ts";
import { timestamp, toMicros } from "../../../pipeline/lines/timestamp.ts";
import { Body, sizeOf } from "../body.ts";
import { Chosen } from "../chosen.ts";
import { indexes, request } from "../courier.ts";
import { factsOf } from "../facts.ts";
import type { HttpOptions } from "../options.ts";
import { target } from "../target.ts";
import { judge, mend } from "../verdicts.ts";

const PLAIN = { raw: false, compat: undefined, details: false, tokens: false } as const;
const TABLE = "mcpsonde.events";
/** So that columns may be left out of the table, and times are read in ISO 8601. */
const SETTINGS = { input_format_skip_unknown_fields: "1", date_time_input_format: "best_effort" };
const TOKEN = "insert_deduplication_token";
/** Codes of its errors (src/Common/ErrorCodes.cpp): what the user has to mend. */
const TO_MEND: Readonly<Record<number, string>> = {
  16: "docs/clickhouse.sql makes the table",
  60: "docs/clickhouse.sql makes the table",
  81: "docs/clickhouse.sql makes the table",
  164: "let this user write",
  192: "check user and password",
  193: "check user and password",
  194: "check user and password",
  497: "let this user write",
  516: "check user and password",
};
const UNKNOWN_SETTING = 115;
/** Rows that cannot be read: CANNOT_PARSE_…, CANNOT_READ_…, TYPE_MISMATCH, INCORRECT_DATA, TOO_LARGE_STRING_SIZE and the like. */
const BAD_ROWS: ReadonlySet<number> = new Set([
  6,
  26,
  27,
  33,
  38,
  41,
  53,
  69,
  70,
  72,
  117,
  131,
  321,
  349,
  395,
  436,
  467,
]);
const decoder = new TextDecoder();

/** A record is a row without its id. */
export function clickhouseCourier(options: HttpOptions, context: Context): Courier {
  const { method, table = TABLE, user, password, token } = options;
  const insert = target(options.url, "/", { query: `INSERT INTO ${table} FORMAT JSONEachRow`, ...SETTINGS });
  const headers = {
    "content-type": "application/x-ndjson",
    ...(user === undefined ? {} : { "x-clickhouse-user": user }),
    ...(password === undefined ? {} : { "x-clickhouse-key": password }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const scratch = new Body();
  const chosen = new Chosen(context.metrics), lines = new EventLines(PLAIN);
  let isTokenKnown = true;
  const judgeInsert = (answer: Answer, records: readonly number[]): Verdict => {
    if (codeOf(answer) !== UNKNOWN_SETTING || !textOf(answer).includes(TOKEN)) return judgeClickHouse(answer, records);
    if (isTokenKnown) context.log.info(`this ClickHouse does not know ${TOKEN}: it is left out`);
    isTokenKnown = false;
    return { outcome: "retry", reason: reasonOf(answer) };
  };
  return {
    format: "http-ch/1",
    endpoint: new URL("/", options.url).href,
    *encode(batch) {
      for (const event of chosen.of(batch)) {
        yield scratch.clear().text(rowOf(event, decoder.decode(lines.line(event)))).done();
      }
      lines.forget();
    },
    requests(records) {
      const body = new Body(sizeOf(records, 48));
      for (const { id, bytes } of records) body.object(bytes, "record_id", id).text("\n");
      const carried = indexes(records);
      const url = isTokenKnown ? target(insert, "/", { [TOKEN]: tokenOf(records) }) : insert;
      return [request({ url, method, headers }, carried, body.done(), (answer) => judgeInsert(answer, carried))];
    },
    health: (): HealthRequest => ({
      url: target(options.url, "/", { query: `EXISTS TABLE ${table}` }),
      method: "GET",
      headers,
      body: new Uint8Array(),
      judge: (answer) => judgeHealth(answer, table),
    }),
  };
}

/** The columns of docs/clickhouse.sql. */
function rowOf(event: Exclude<Event, ChunkEvent>, line: string): string {
  const { error_code: code, ...facts } = factsOf(event);
  return JSON.stringify({
    timestamp: timestamp(toMicros(event.time)),
    kind: event.kind,
    source: event.source,
    ...facts,
    ...(Number.isSafeInteger(code) ? { error_code: code } : {}),
    ...(event.kind === "finding" || event.kind === "gap" ? { message: event.message.toWellFormed() } : {}),
    event: line,
  });
}

function tokenOf(records: readonly BufferedRecord[]): string {
  const hash = createHash("sha256");
  for (const { id } of records) hash.update(id).update("\n");
  return hash.digest("hex").slice(0, 32);
}

function judgeHealth(answer: Answer, table: string): Verdict {
  if (answer.status !== 200) return judgeClickHouse(answer, []);
  if (textOf(answer).trim() !== "0") return { outcome: "done" };
  return { outcome: "retry", reason: `there is no table ${table}; docs/clickhouse.sql makes it` };
}

/** Old servers answer most errors with 500: the code tells more (`X-ClickHouse-Exception-Code`, or `Code: 60` in the text). */
export function judgeClickHouse(answer: Answer, records: readonly number[]): Verdict {
  const code = codeOf(answer);
  if (answer.status === 200 && code === undefined) return { outcome: "done" };
  const hint = code === undefined ? undefined : TO_MEND[code];
  if (hint !== undefined) return mend(answer, hint);
  if (code !== undefined && BAD_ROWS.has(code)) {
    return { outcome: "rejected", apart: records.length > 1, reason: reasonOf(answer) };
  }
  return answer.status >= 500 ? judgeByStatus(answer) : judge(answer, records);
}

function codeOf(answer: Answer): number | undefined {
  const code = answer.headers["x-clickhouse-exception-code"] ?? /^Code: (\d{1,6})[.,]/.exec(textOf(answer))?.[1];
  return code === undefined ? undefined : Number(code);
}

function textOf({ body }: Answer): string {
  return decoder.decode(body.subarray(0, 4096));
}
