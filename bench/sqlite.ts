/**
 * How fast the `sqlite` sink writes calls, against a loop that inserts one row for each message by a prepared statement, all
 * in one transaction. A call is a request, its response and, of every second, a notification. Runs alternate, the best of
 * each counts. `deno run -A bench/sqlite.ts [--json]`
 *
 * What it leaves out: the words of texts are indexed behind the rows, when the writer has nothing else to do; how long that
 * takes for all of them is told beside it.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Batch } from "../pipeline/event.ts";
import { pipe, sink, source, transform } from "../pipeline/mod.ts";
import { openDatabase } from "../pipeline/store/database.ts";
import { TextIndexer } from "../pipeline/store/text_index.ts";
import { report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 300_000, ROUNDS = 3;

const folder = await Deno.makeTempDir({ prefix: "mcpsonde-bench-" });
try {
  const capture = join(folder, "bench.capture"), path = join(folder, "bench.sqlite");
  writeCapture(capture, MESSAGES);
  const batches: Batch[] = [];
  await pipe(
    source("replay", { path: capture }),
    transform("jsonrpc"),
    transform("mcp", { check_arguments: false }),
    async (input) => {
      for await (const batch of input) batches.push(batch);
    },
  );
  const clear = () => {
    for (const end of ["", "-wal", "-shm"]) Deno.removeSync(path + end, { recursive: true });
  };
  const quietly = (work: () => void) => {
    try {
      work();
    } catch {
      // nothing to clear
    }
  };
  let best = Infinity, plain = Infinity, calls = 0, indexed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    quietly(clear);
    let from = performance.now();
    await sink("sqlite", { path, text_index: false })(async function* () {
      yield* batches;
    }());
    best = Math.min(best, performance.now() - from);
    const db = await openDatabase(path, false);
    calls = Number(db.prepare("SELECT count(*) AS n FROM call_rows").get()?.["n"]);
    if (round === ROUNDS - 1) {
      const indexer = new TextIndexer(db);
      from = performance.now();
      while (indexer.more());
      indexed = performance.now() - from;
    }
    db.close();
    const bare = new DatabaseSync(":memory:");
    bare.exec("CREATE TABLE m (id INTEGER PRIMARY KEY, time REAL, type TEXT, method TEXT, latency REAL, text TEXT)");
    const insert = bare.prepare("INSERT INTO m VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT))");
    from = performance.now();
    bare.exec("BEGIN");
    let id = 0;
    for (const batch of batches) {
      for (const event of batch) {
        if (event.kind !== "mcp") continue;
        const { time, type, method, latency, buffer, start, end } = event;
        insert.run(++id, time, type, method ?? null, latency ?? null, buffer.subarray(start, end));
      }
    }
    bare.exec("COMMIT");
    plain = Math.min(plain, performance.now() - from);
    bare.close();
  }
  const rate = (ms: number) => `${Math.round(calls / ms).toLocaleString("en")},000 calls/s`;
  report("sqlite", [{
    what: "SQLite sink: calls of 2.5 messages of 325 B, written",
    measured: rate(best),
    baseline: `${rate(plain)}, messages only, by a plain insert loop in memory`,
    target: "≥ 50,000 calls/s",
    ok: calls / best >= 50,
  }, { what: "… the index of their words, made behind them", measured: rate(indexed) }]);
} finally {
  await Deno.remove(folder, { recursive: true });
}
