/**
 * How long `mcpsonde query` takes over 1,000,000 calls for filters that have an index, with the start of the process and
 * without it, against SQLite's own scan of the table. `deno run -A bench/query.ts [--json]`
 */
import { join } from "node:path";
import { openDatabase, optimize } from "../pipeline/store/database.ts";
import { Store } from "../pipeline/store/store.ts";
import { DatabaseWriter } from "../pipeline/store/writer.ts";
import { output, report, spread } from "./_bench.ts";

const CALLS = 1_000_000, LOT = 10_000, ROUNDS = 7, SERVERS = 50, TOOLS = 20;
const TARGET = 200;
/** One for each index: who and what, how it ended, how long it took; and some of them together. */
const FILTERS = [
  "tool:tool_7",
  "server:server-13 tool:tool_3*",
  "status:error",
  "latency>2s",
  "status:hung server:server-1*",
  "method:tools/call tool:*_19 duration>1s",
  "pid:2040 status:tool_error",
  "-status:ok latency>500ms",
];

const folder = await Deno.makeTempDir({ prefix: "mcpsonde-bench-" });
try {
  const path = join(folder, "bench.sqlite");
  await fill(path);
  const store = await Store.open(path, { readonly: true });
  const times: number[] = [], worst = { filter: "", ms: 0 };
  for (const filter of FILTERS) {
    const each: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const from = performance.now();
      store.calls({ filter });
      each.push(performance.now() - from);
    }
    const { median } = spread(each);
    times.push(median);
    if (median > worst.ms) Object.assign(worst, { filter, ms: median });
  }
  let from = performance.now();
  store.reader.all("SELECT count(*) AS n FROM call_rows c WHERE c.bytes_in + c.bytes_out < 0");
  const scan = performance.now() - from;
  store.close();
  const cli = new URL("../cli.ts", import.meta.url).pathname;
  const whole: number[] = [];
  for (let round = 0; round < 3; round++) {
    from = performance.now();
    await output(Deno.execPath(), "run", "-A", "--no-lock", cli, "query", path, worst.filter, "--format", "json");
    whole.push(performance.now() - from);
  }
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  report("query", [{
    what: `query over 1,000,000 calls, ${FILTERS.length} filters with an index: the slowest`,
    measured: `${ms(worst.ms)} (${worst.filter}); median ${ms(spread(times).median)}`,
    baseline: `${ms(scan)}, to look at every call`,
    target: "< 200 ms",
    ok: worst.ms < TARGET,
  }, { what: "… with the start of the process", measured: ms(spread(whole).min) }]);
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Writes calls as the sink does, but for their messages. */
async function fill(path: string): Promise<void> {
  const db = await openDatabase(path, false);
  const out = new DatabaseWriter(db);
  out.begin();
  let subject = 0;
  for (let server = 1; server <= SERVERS; server++) {
    out.write("process", [server, 2000 + server, "node", `server-${server}`, "/usr/bin/node", null]);
    const rest = [null, null, null, "[]", 0, 0];
    out.write("server", [
      server,
      `stdio:${server}`,
      `server-${server}`,
      "1.0",
      null,
      "stdio",
      null,
      0,
      server,
      ...rest,
    ]);
    out.write("session", [server, server, null, "agent", null, null, "2025-11-25", "stdio", 0, 0, 0, 0, 0]);
    for (let tool = 0; tool < TOOLS; tool++) {
      const how = ["stdio", null, "kernel", "2025-11-25"];
      out.write("subject", [++subject, server, "tools/call", `tool_${tool}`, "client", null, server, ...how]);
    }
  }
  let time = Date.UTC(2026, 10, 21);
  for (let id = 1; id <= CALLS; id++) {
    if (id % LOT === 0) {
      out.commit();
      out.begin();
    }
    time += 10;
    const dice = (id * 2654435761) % 2 ** 32 / 2 ** 32;
    const outcome = dice < 0.005 ? "error" : dice < 0.01 ? "tool_error" : dice < 0.0105 ? "hung" : "ok";
    const took = dice > 0.995 ? 500 + 3000 * (dice - 0.995) * 200 : 5 + 50 * dice;
    const of = 1 + (id * 7919) % subject;
    const none = [null, null, null, null, null, null];
    out.write("call", [id, time, of, outcome, took, 0, 1, 0, 130, 400, id, null, null, null, 0, null, ...none]);
  }
  out.commit();
  optimize(db);
  db.close();
}
