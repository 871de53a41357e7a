/** The http sink as its user has it: a pipeline file, the program, a real ClickHouse; and endpoints that are not there. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type ClickHouse, clickhouse, freePort, noClickHouse, PASSWORD, USER } from "./_harness/clickhouse.ts";
import { REPOSITORY } from "./_harness/machine.ts";
import { type Ended, mcpsonde, run } from "./_harness/process.ts";

/** Each runs the program, some three times: on a busy machine a start takes seconds. In milliseconds. */
const SLOW = 90_000;
const CAPTURE = `${REPOSITORY}examples/hostile.capture`;
const DDL = await Deno.readTextFile(`${REPOSITORY}docs/clickhouse.sql`);

async function folder(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "mcpsonde-http-" });
  onTestFinished(() => Deno.remove(path, { recursive: true }));
  return path;
}

/** Replays the recording into an `http` sink. */
async function replay(sink: Record<string, unknown>, env: Record<string, string> = {}, dir?: string): Promise<Ended> {
  const at = dir ?? await folder();
  const file = join(at, "mon.jsonc");
  const pipeline = {
    sources: { file: { type: "replay", path: CAPTURE } },
    transforms: ["http", "jsonrpc", "mcp", "detect", "redact"].map((type) => ({ type })),
    sinks: { siem: { type: "http", buffer_dir: "./buffer", ...sink } },
  };
  await Deno.writeTextFile(file, JSON.stringify(pipeline));
  return await run(mcpsonde("--pipeline", file), { env: { NO_COLOR: "1", ...env } });
}

/** docs/clickhouse.sql for Debian's ClickHouse 18.16, as its first lines say; or for another table. */
function statements(table = "mcpsonde.events"): string[] {
  return DDL.replaceAll(/--.*/g, "").replaceAll("mcpsonde.events", table).replaceAll("DateTime64(6, 'UTC')", "DateTime")
    .replaceAll("LowCardinality(String)", "String").replace(/SETTINGS[^;]*/, "").split(";")
    .map((statement) => statement.trim()).filter((statement) => statement !== "");
}

describe.skipIf(noClickHouse)("http, to a real ClickHouse", () => {
  let server: ClickHouse;
  beforeAll(async () => {
    server = await clickhouse();
  }, 600_000);
  afterAll(() => server.stop());

  const preset = { preset: "clickhouse", user: USER, password: "${CH_PASSWORD}" };
  const env = { CH_PASSWORD: PASSWORD };

  it("fills the table that is shipped, once for each event", async () => {
    for (const statement of statements()) await server.query(statement);
    const { code, stderr } = await replay({ ...preset, url: server.url, batch_events: 40 }, env);
    expect(stderr).toMatch(/this ClickHouse does not know insert_deduplication_token/);
    expect(code).toBe(0);
    const [[rows, ids] = []] = await server.query("SELECT count(), uniqExact(record_id) FROM mcpsonde.events");
    expect(Number(rows)).toBeGreaterThan(50);
    expect(ids).toBe(rows);
    const calls = await server.query(
      "SELECT method, tool, server, client, outcome, duration_ms > 0 FROM mcpsonde.events WHERE tool = 'search_notes' AND outcome = 'ok' LIMIT 1",
    );
    expect(calls).toEqual([["tools/call", "search_notes", "notes", "agent", "ok", "1"]]);
    const findings = await server.query("SELECT DISTINCT rule, severity FROM mcpsonde.events WHERE kind = 'finding'");
    expect(findings).toContainEqual(["mcp.tool.changed", "high"]);
    const [[whole] = []] = await server.query(
      "SELECT countIf(visitParamExtractString(event, 'kind') = kind) = count() FROM mcpsonde.events",
    );
    expect(whole).toBe("1");
  }, SLOW);

  it("waits for a table that is not there yet: the next run fills it", async () => {
    const dir = await folder();
    const sink = { ...preset, url: server.url, table: "later.events", shutdown_ms: 10_000 };
    const first = await replay(sink, env, dir);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(
      /there is no table later\.events; docs\/clickhouse\.sql makes it|docs\/clickhouse\.sql makes the table/,
    );
    expect(first.stderr).toMatch(/wait in the buffer for the next run/);
    for (const statement of ["CREATE DATABASE later", ...statements("later.events").slice(1)]) {
      await server.query(statement);
    }
    const second = await replay({ ...sink, shutdown_ms: 20_000 }, env, dir);
    expect(second.stderr).toMatch(/of an earlier run wait in the buffer/);
    const [[rows, ids] = []] = await server.query("SELECT count(), uniqExact(record_id) FROM later.events");
    expect(Number(rows)).toBeGreaterThan(100);
    expect(ids).toBe(rows);
  }, SLOW);

  it("tells rows that do not fit the table one by one, and takes all others", async () => {
    const ddl = statements("strict.events").slice(1).join("").replace("severity      String", "severity      Float64");
    await server.query("CREATE DATABASE strict");
    await server.query(ddl);
    const { stderr } = await replay({ ...preset, url: server.url, table: "strict.events" }, env);
    expect(stderr).toMatch(/rejected \d+ records?: status (?:400|500): Code: 2[67]/);
    const kinds = await server.query("SELECT kind, count() > 20 FROM strict.events GROUP BY kind");
    expect(kinds).toEqual([["mcp", "1"]]);
  }, SLOW);

  it("keeps all while the password is wrong, and says so once", async () => {
    const { code, stderr } = await replay({ ...preset, url: server.url, shutdown_ms: 2500 }, { CH_PASSWORD: "wrong" });
    expect(code).toBe(0);
    expect(stderr.match(/Wrong password/g)).toHaveLength(1);
    expect(stderr).toMatch(/check user and password\. Events wait in the buffer/);
    expect(stderr).toMatch(/records wait in the buffer for the next run/);
    expect(stderr).not.toContain("wrong\n");
  }, SLOW);
});

describe("http, to an endpoint that is not there", () => {
  it("says so at the start, goes on, and keeps all for the next run", async () => {
    const url = `http://127.0.0.1:${freePort()}`;
    const { code, stderr } = await replay({ url, shutdown_ms: 2000 });
    expect(code).toBe(0);
    expect(stderr.match(/Events wait in the buffer/g)).toHaveLength(1);
    expect(stderr).toMatch(/\d+ records wait in the buffer for the next run/);
    expect(stderr).not.toMatch(/\n {4}at /);
  }, SLOW);
});
