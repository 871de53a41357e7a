/**
 * What servers there are, who talks to whom, and how much.
 *
 * @module
 */
import type { ServerDetail } from "../feed/feed.ts";
import type { Reader } from "./reader.ts";
import { count, type Found, json, maybe, present } from "./row_values.ts";
import type { LinkRow, RateRow, ServerRow, ToolRow } from "./rows.ts";

/** Steps of one answer. */
const STEPS = 10_000;
/** Of one step so many durations are looked at. */
const SAMPLED = 200_000;

const SERVERS = `SELECT v.*, coalesce(sum(s.calls), 0) AS calls, coalesce(sum(s.errors), 0) AS errors,
  coalesce(sum(s.findings), 0) AS findings, max(coalesce(max(s.last), 0), v.last_seen) AS last
  FROM server_rows v LEFT JOIN session_rows s ON s.server = v.id`;
const OFFERS = `SELECT server, sum(kind = 'tool') AS tools, sum(kind IN ('resource', 'resource_template')) AS resources,
  sum(kind = 'prompt') AS prompts, sum(tokens) AS tokens FROM tool_rows`;

/** All servers by their row ids, or some of them. */
export function servers(reader: Reader, only?: Iterable<number>): ServerRow[] {
  const where = only === undefined ? "" : " WHERE v.id IN (SELECT value FROM json_each(?))";
  const values = only === undefined ? [] : [JSON.stringify([...only])];
  const found = reader.all(`${SERVERS}${where} GROUP BY v.id ORDER BY v.first_seen`, ...values);
  const offers = new Map(reader.all(`${OFFERS} GROUP BY server`).map((row) => [row["server"], row]));
  return found.map((row) => serverRow(reader, row, offers.get(row["id"] ?? null)));
}

/** One server with what it offers. */
export function server(reader: Reader, key: string): ServerDetail | undefined {
  const [found] = reader.all(`${SERVERS} WHERE v.key = ? GROUP BY v.id`, key);
  if (found === undefined || found["id"] === null) return undefined;
  const id = count(found["id"]);
  const [offers] = reader.all(`${OFFERS} WHERE server = ?`, id);
  return { server: serverRow(reader, found, offers), tools: toolsOf(reader, id, key) };
}

/** What all servers offer, with or without definitions. */
export function tools(reader: Reader, withDefinitions: boolean): ToolRow[] {
  const found = reader.all("SELECT id, key FROM server_rows ORDER BY first_seen");
  return found.flatMap(({ id, key }) => toolsOf(reader, count(id), String(key))).map((tool) => {
    if (withDefinitions) return tool;
    const { definition: _, ...rest } = tool;
    return rest;
  });
}

const CALLED: Readonly<Record<string, ToolRow["kind"]>> = {
  "tools/call": "tool",
  "prompts/get": "prompt",
  "resources/read": "resource",
};

function toolsOf(reader: Reader, id: number, key: string): ToolRow[] {
  const called = new Map(
    reader.all(
      `SELECT j.method, j.name, count(*) AS calls, sum(c.outcome IN ('error', 'tool_error')) AS errors
       FROM call_rows c JOIN subject_rows j ON j.id = c.subject
       WHERE j.session IN (SELECT s.id FROM session_rows s WHERE s.server = ?) AND j.name IS NOT NULL GROUP BY 1, 2`,
      id,
    ).map((row) => [`${CALLED[String(row["method"])]}\0${row["name"]}`, row]),
  );
  return reader.all("SELECT * FROM tool_rows WHERE server = ? ORDER BY kind, name", id).map((row) => {
    const of = called.get(`${row["kind"]}\0${row["name"]}`);
    return {
      server: key,
      ...present(row, ["kind", "name", "description", "hash", "tokens", "first_seen", "last_seen"]),
      calls: count(of?.["calls"]),
      errors: count(of?.["errors"]),
      ...maybe("definition", json(row["definition"])),
    } as unknown as ToolRow;
  });
}

function serverRow(reader: Reader, found: Found, offers: Found | undefined): ServerRow {
  return {
    ...present(found, ["key", "name", "version", "transport", "address"]),
    remote: found["remote"] === 1,
    ...maybe("process", reader.process(found["process"])),
    ...present(found, ["executable_hash", "package", "instructions"]),
    eras: json(found["eras"]) ?? [],
    first_seen: count(found["first_seen"]),
    last_seen: count(found["last"]),
    calls: count(found["calls"]),
    errors: count(found["errors"]),
    findings: count(found["findings"]),
    tools: count(offers?.["tools"]),
    resources: count(offers?.["resources"]),
    prompts: count(offers?.["prompts"]),
    ...(typeof offers?.["tokens"] === "number" ? { tokens: offers["tokens"] } : {}),
  } as unknown as ServerRow;
}

/** Who talks to whom. */
export function links(reader: Reader): LinkRow[] {
  const found = reader.all(
    `SELECT s.client_process, s.client_name, s.transport, v.id AS server, v.key, v.name, v.process, v.address, v.remote,
     sum(s.calls) AS calls, sum(s.errors) AS errors, sum(s.findings) AS findings
     FROM session_rows s JOIN server_rows v ON v.id = s.server GROUP BY s.client_process, s.client_name, v.id, s.transport`,
  );
  const merged = new Map<string, { -readonly [K in keyof LinkRow]: LinkRow[K] }>();
  for (const row of found) {
    const client = reader.process(row["client_process"]), process = reader.process(row["process"]);
    const name = String(row["client_name"] ?? client?.name ?? "client");
    const from = client === undefined ? `host:${name}` : `process:${client.pid}`;
    const address = row["address"];
    const to = process === undefined || row["remote"] === 1
      ? `host:${address ?? row["name"]}`
      : `process:${process.pid}`;
    const id = `${from}\0${to}\0${row["server"]}\0${row["transport"]}`;
    const link = merged.get(id);
    if (link !== undefined) {
      link.calls += count(row["calls"]);
      link.errors += count(row["errors"]);
      link.findings += count(row["findings"]);
      continue;
    }
    merged.set(id, {
      from,
      to,
      from_name: name,
      to_name: String(row["name"]),
      server: String(row["key"]),
      transport: String(row["transport"]) as LinkRow["transport"],
      calls: count(row["calls"]),
      errors: count(row["errors"]),
      findings: count(row["findings"]),
    });
  }
  return [...merged.values()];
}

/** Calls and findings by steps of time, oldest first, without those in which nothing was. */
export function rates(reader: Reader, from: number, to: number, stepMs: number): RateRow[] {
  const step = Math.max(stepMs, (to - from) / STEPS, 1);
  const steps = new Map<number, { calls: number; errors: number; findings: number; durations: number[] }>();
  const at = (index: number) => {
    let one = steps.get(index);
    if (one === undefined) steps.set(index, one = { calls: 0, errors: 0, findings: 0, durations: [] });
    return one;
  };
  const counted = reader.all(
    `SELECT CAST((time - ?1) / ?2 AS INTEGER) AS step, count(*) AS calls,
     sum(outcome IN ('error', 'tool_error')) AS errors FROM call_rows WHERE time >= ?1 AND time < ?3 GROUP BY 1`,
    from,
    step,
    to,
  );
  let all = 0;
  for (const row of counted) {
    const one = at(count(row["step"]));
    one.calls = count(row["calls"]);
    one.errors = count(row["errors"]);
    all += one.calls;
  }
  const every = Math.max(1, Math.ceil(all / SAMPLED));
  const durations = reader.all(
    `SELECT CAST((time - ?1) / ?2 AS INTEGER) AS step, duration_ms AS ms FROM call_rows
     WHERE time >= ?1 AND time < ?3 AND duration_ms IS NOT NULL AND id % ?4 = 0`,
    from,
    step,
    to,
    every,
  );
  for (const row of durations) at(count(row["step"])).durations.push(count(row["ms"]));
  const found = reader.all(
    "SELECT CAST((time - ?1) / ?2 AS INTEGER) AS step, count(*) AS n FROM finding_rows WHERE time >= ?1 AND time < ?3 GROUP BY 1",
    from,
    step,
    to,
  );
  for (const row of found) at(count(row["step"])).findings = count(row["n"]);
  return [...steps].sort(([a], [b]) => a - b).map(([index, { durations, ...rest }]) => ({
    time: from + index * step,
    ...rest,
    ...quantiles(durations),
  }));
}

function quantiles(durations: number[]): Pick<RateRow, "p50_ms" | "p95_ms" | "max_ms"> {
  if (durations.length === 0) return {};
  const sorted = Float64Array.from(durations).sort();
  const of = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50_ms: of(0.5), p95_ms: of(0.95), max_ms: sorted[sorted.length - 1]! };
}
