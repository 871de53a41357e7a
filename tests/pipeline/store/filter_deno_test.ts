import { describe, expect, it } from "vitest";
import type { McpEvent } from "../../../pipeline/event.ts";
import { compileQuery, FIELD_NAMES, FIELDS, parseQuery } from "../../../pipeline/query/mod.ts";
import { PLACES } from "../../../pipeline/store/filter_fields.ts";
import { openDatabase } from "../../../pipeline/store/database.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { TextIndexer } from "../../../pipeline/store/text_index.ts";
import { batchesOf, eventsOf, inFolder, storeOf } from "./_store.ts";

const CAPTURES = [
  "examples/demo.capture",
  "examples/hostile.capture",
  "tests/captures/2025-11-25-stdio.capture",
  "tests/captures/2025-06-18-http.capture",
];

/** What a message's row answers as its event does. */
const EXPRESSIONS = [
  ...["type:request", "type:(response|notification)", "method:tools/*", "-method:tools/call", "method:*list", "tool:*"],
  ...["tool:f*", "name:*o*", "name:note://one", "id:1", "id:(2|3)", "dir:request", "dir:to_client", "-dir:response"],
  ...["status:ok", "status:error", "status:tool_error", "-status:ok", "error:-32601", "error<0", "latency>1ms"],
  ...["latency<=5ms", "duration>1ms", "size>200", "size:100..300", "era:2025-11-25", "era>=2025-06-18", "session:1"],
  ...["warning:*", "server:w*", "server:(notes|files)", "client:*", "pid>0", "comm:node", "comm:*o*", "exe:/usr/*"],
  ...["container:*", "transport:http", "transport:tls", "-transport:stdio", "host:localhost", "host:*:*", "path:/mcp"],
  ...["http:200", "http>=400", "address:127.0.0.1", "address:127.0.0.1:*", "kind:mcp", "kind:http", "source:*"],
  ...["text:jsonrpc", "text:Zürich", 'text:"foo bar"', "text:o*e", "search_notes", "text:\\u001b", "reason:*"],
  ...["time>2020-01-01", "time<2020-01-01", "time:00:00..23:59:59", "-time>=2026-11-21", "tokens>1", "severity>=low"],
  ...["(method:tools/call or type:notification) -status:error", "not (tool:forecast latency>1ms)"],
];

describe("conditionOf", () => {
  for (const capture of CAPTURES) {
    it(`finds the messages of ${capture} that the filter transform lets pass`, async () => {
      const batches = await batchesOf(capture);
      const store = await storeOf(batches);
      const messages = eventsOf(batches).filter((event): event is McpEvent => event.kind === "mcp");
      const wrong: string[] = [];
      for (const expression of EXPRESSIONS) {
        if (/severity/.test(expression)) continue; // a message's row knows of findings, its event does not
        const test = compileQuery(parseQuery(expression));
        const expected = messages.flatMap((event, k) => test(event) ? [k + 1] : []);
        const found = store.messages({ filter: expression, limit: 10_000 }).rows.map(({ id }) => id).reverse();
        if (JSON.stringify(found) !== JSON.stringify(expected)) {
          wrong.push(`${expression}: expected ${expected}; found ${found}`);
        }
      }
      store.close();
      expect(wrong).toEqual([]);
    });
  }

  it("takes every field of the language for every kind of rows", async () => {
    const store = await storeOf(await batchesOf(CAPTURES[0]!));
    for (const { example } of FIELDS) {
      for (const kind of ["calls", "messages", "findings", "events", "http"] as const) {
        const { rows } = store[kind]({ filter: example, limit: 1000 });
        const { rows: others } = store[kind]({ filter: `not (${example})`, limit: 1000 });
        expect([example, kind, rows.length + others.length]).toEqual([
          example,
          kind,
          store[kind]({ limit: 1000 }).rows.length,
        ]);
      }
    }
    store.close();
    for (const places of Object.values(PLACES)) {
      for (const name of Object.keys(places)) expect(FIELD_NAMES).toContain(name);
    }
  });

  it("finds the same texts with the index of words and without", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/store.sqlite`;
      const plain = await storeOf((await Promise.all(CAPTURES.map(batchesOf))).flat(), path);
      const search = [
        "jsonrpc",
        "notes",
        "earch_not",
        "Zürich",
        '"read_file"',
        "o*e",
        '"private text"',
        "ssh/id",
        "xyzzy",
      ];
      const ask = (store: Store) =>
        search.map((text) =>
          (["calls", "messages"] as const).map((kind) =>
            store[kind]({ filter: `text:${text}`, limit: 10_000 }).rows.map(({ id }) => id)
          )
        );
      const before = ask(plain);
      expect(before.flat(2).length).toBeGreaterThan(50);
      plain.close();
      const db = await openDatabase(path, false);
      const indexer = new TextIndexer(db);
      while (indexer.more());
      db.close();
      const indexed = await Store.open(path, { readonly: true });
      expect(ask(indexed)).toEqual(before);
      indexed.close();
    });
  });
});
