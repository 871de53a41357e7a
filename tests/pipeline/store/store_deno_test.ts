import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { compileQuery, parseQuery } from "../../../pipeline/query/mod.ts";
import { SCHEMA_VERSION } from "../../../pipeline/store/schema.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { batchesOf, eventsOf, inFolder, storeOf } from "./_store.ts";

const DEMO = "examples/demo.capture";
const HOSTILE = "examples/hostile.capture";

async function refusal(path: string, readonly = false): Promise<string> {
  try {
    (await Store.open(path, { readonly })).close();
    return "";
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message.replace(path, "FILE")}` : "";
  }
}

describe("Store", () => {
  it("has a row for each call, message, finding and exchange of a capture", async () => {
    for (const capture of [DEMO, HOSTILE]) {
      const batches = await batchesOf(capture);
      const events = eventsOf(batches);
      const store = await storeOf(batches);
      const calls = new Map(events.flatMap((event) => {
        const call = event.kind === "mcp" ? event.context?.call : undefined;
        return call === undefined ? [] : [[call.id, call]];
      }));
      const rows = store.calls({ limit: 1000 }).rows.toReversed();
      expect(rows.map(({ method, name, outcome }) => [method, name, outcome])).toEqual(
        [...calls.values()].map(({ method, name, outcome }) => [method, name, outcome]),
      );
      for (const kind of ["mcp", "finding"] as const) {
        const of = kind === "mcp" ? "messages" : "findings";
        expect(store[of]({ limit: 1000 }).rows.length).toBe(events.filter((event) => event.kind === kind).length);
      }
      const errors = rows.filter(({ outcome }) => outcome === "error" || outcome === "tool_error");
      const servers = store.servers();
      expect(servers.reduce((sum, server) => sum + server.calls, 0)).toBe(rows.length);
      expect(servers.reduce((sum, server) => sum + server.errors, 0)).toBe(errors.length);
      store.close();
    }
  });

  it("hides nothing behind a NUL", async () => {
    const store = await Store.open(":memory:");
    const finding = { kind: "finding", time: 1, source: "test", rule: "test.rule", severity: "low" } as const;
    store.add([{ ...finding, message: "seen\0 unseen", evidence: "a\0b" }]);
    const [row] = store.findings().rows;
    expect([row?.message, row?.evidence]).toEqual(["seen\u2400 unseen", "a\u2400b"]);
    store.close();
  });

  it("shows a call with its messages, findings and exchanges", async () => {
    const store = await storeOf(await batchesOf(DEMO));
    const call = store.calls({ filter: "tool:forecast http:200", limit: 1 }).rows[0]!;
    const detail = store.call(call.id)!;
    expect(detail.messages.map(({ type, text }) => [type, typeof text])).toEqual([
      ["request", "string"],
      ["response", "string"],
    ]);
    expect(detail.http[0]?.status).toBe(200);
    expect(detail.http[0]?.tls).toBe("openssl");
    expect(store.call(9999)).toBe(undefined);
    store.close();
  });

  it("gives pages, newest first, that do not overlap", async () => {
    const store = await storeOf(await batchesOf(DEMO));
    const ids: number[] = [];
    for (let more = true; more;) {
      const page = store.messages({ limit: 7, before: ids.at(-1) });
      ids.push(...page.rows.map(({ id }) => id));
      more = page.more;
    }
    expect(ids).toEqual(Array.from({ length: 26 }, (_, k) => 26 - k));
    expect([...store.reader.each("messages")].map(({ id }) => id)).toEqual(ids.toReversed());
    store.close();
  });

  it("tells who watches what is new, each row once, and how much when it is too much", async () => {
    const batches = await batchesOf(HOSTILE);
    const store = await Store.open(":memory:");
    const watch = store.watch();
    expect(watch.isDue).toBe(false);
    for (const batch of batches) store.add(batch);
    const changes = watch.take();
    const calls = changes.flatMap((change) => change.type === "calls" ? change.rows : []);
    expect(calls).toEqual(store.calls({ limit: 1000 }).rows.toReversed());
    expect(watch.take()).toEqual([]);
    watch.close();
    store.close();
  });

  it("goes on where it was when a file is opened again", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/deep/store.sqlite`;
      const batches = await batchesOf(DEMO);
      (await storeOf(batches, path)).close();
      expect(Deno.statSync(path).mode! & 0o777).toBe(0o600);
      expect(Deno.statSync(`${folder}/deep`).mode! & 0o777).toBe(0o700);
      const store = await storeOf(batches, path);
      expect(store.calls({ limit: 1000 }).rows.length).toBe(20);
      expect(store.servers().length).toBe(3);
      expect(store.servers()[0]?.calls).toBe(8);
      expect(new Set(store.calls({ limit: 1000 }).rows.map(({ session }) => session)).size).toBe(8);
      store.close();
    });
  });

  it("cuts what is too long, at a whole character", async () => {
    const store = await Store.open(":memory:", { limits: { text: 60 } });
    for (const batch of await batchesOf(DEMO)) store.add(batch);
    const messages = [...store.reader.each("messages", {}, true)];
    expect(messages.filter(({ text_cut }) => text_cut === true).length).toBeGreaterThan(10);
    for (const { text = "" } of messages) expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(60);
    store.close();
  });

  it("deletes the oldest rows and counts what is left", async () => {
    const store = await Store.open(":memory:");
    const batches = await batchesOf(HOSTILE);
    const rows = eventsOf(batches).length;
    for (let k = 0; k < Math.ceil(9000 / rows); k++) {
      store.newRun();
      for (const batch of batches) store.add(batch);
    }
    const count = () => Number(store.reader.all("SELECT count(*) AS n FROM call_rows")[0]?.["n"]);
    const before = count();
    expect(store.prune({ before: 0 })).toBe(false);
    expect(store.prune({ maxBytes: 1 })).toBe(true);
    expect(count()).toBeLessThan(before);
    expect(store.servers().reduce((sum, { calls }) => sum + calls, 0)).toBe(count());
    const findings = Number(store.reader.all("SELECT count(*) AS n FROM finding_rows")[0]?.["n"]);
    expect(store.servers().reduce((sum, server) => sum + server.findings, 0)).toBe(findings);
    store.vacuum();
    for (const batch of batches) store.add(batch);
    expect(store.calls({ limit: 1 }).rows.length).toBe(1);
    store.close();
  });

  it("answers SQL, and lets nothing be changed by it", async () => {
    const store = await storeOf(await batchesOf(DEMO));
    const { columns, rows } = store.question("SELECT server, count(*) AS n FROM calls GROUP BY 1 ORDER BY 1", 10);
    expect(columns).toEqual(["server", "n"]);
    expect(rows).toEqual([["mcp-servers/everything", 4n], ["weather", 6n]]);
    for (const view of ["calls", "messages", "http", "events", "findings", "servers", "tools"]) {
      expect(store.question(`SELECT * FROM ${view}`, 3).columns.length).toBeGreaterThan(5);
    }
    expect(store.question("SELECT id FROM messages", 3)).toMatchObject({ more: true });
    expect(() => store.question("DELETE FROM call_rows", 10)).toThrow(/syntax error/);
    expect(() => store.question("DELETE FROM call_rows RETURNING id", 10)).toThrow(/syntax error/);
    expect(() => store.question("SELECT abs(-9223372036854775807 - 1)", 10)).toThrow(/overflow/);
    store.close();
  });

  it("gives rates by steps of time", async () => {
    const store = await storeOf(await batchesOf(DEMO));
    const times = store.calls({ limit: 100 }).rows.map(({ time }) => time);
    const rates = store.rates(Math.min(...times), Math.max(...times) + 1, 1000);
    expect(rates.reduce((sum, { calls }) => sum + calls, 0)).toBe(10);
    for (const { p50_ms = 0, p95_ms = 0, max_ms = 0 } of rates) {
      expect(p50_ms <= p95_ms && p95_ms <= max_ms).toBe(true);
    }
    store.close();
  });

  it("agrees with the filter of live events on calls that ended", async () => {
    const batches = await batchesOf(HOSTILE);
    const store = await storeOf(batches);
    const ends = eventsOf(batches).filter((event) => event.kind === "mcp" && event.context?.endsCall === true);
    for (
      const expression of ["tool:search*", "duration>10ms", "status:ok", "server:notes", "-server:notes", "size<0"]
    ) {
      const test = compileQuery(parseQuery(`${expression} status:(ok|error|tool_error|cancelled)`));
      const found = store.calls({ filter: `${expression} status:(ok|error|tool_error|cancelled)`, limit: 1000 });
      expect([expression, found.rows.length]).toEqual([expression, ends.filter(test).length]);
    }
    store.close();
  });

  it("refuses what it cannot read, and says why", async () => {
    await inFolder(async (folder) => {
      const text = `${folder}/text`;
      await Deno.writeTextFile(text, "not a database, by no means");
      expect(await refusal(text)).toBe("StoreError: FILE is no SQLite database");
      const other = `${folder}/other`;
      const db = new DatabaseSync(other);
      db.exec("CREATE TABLE t (a)");
      db.close();
      expect(await refusal(other)).toBe("StoreError: FILE is a database of another program");
      const later = `${folder}/later`;
      (await Store.open(later)).close();
      const changed = new DatabaseSync(later);
      changed.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
      changed.close();
      expect(await refusal(later)).toContain("was written by a later mcpsonde");
      expect(await refusal(`${folder}/none`, true)).toBe("StoreError: FILE does not exist");
      expect(await refusal(folder)).toBe("StoreError: FILE is no file");
      const damaged = `${folder}/damaged`;
      await Deno.writeFile(damaged, new TextEncoder().encode(`SQLite format 3\0${"x".repeat(5000)}`));
      expect(await refusal(damaged)).toMatch(/^StoreError: FILE: it is/);
    });
  });
});
