import { describe, expect, it } from "vitest";
import { Baseline } from "../../../pipeline/baseline/mod.ts";
import type { Change } from "../../../pipeline/feed/feed.ts";
import { LocalFeed } from "../../../pipeline/feed/local.ts";
import { transform } from "../../../pipeline/mod.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { Conversation, decoded } from "../../sinks/serve/_conversation.ts";
import { batchesOf, DEMO } from "../../sinks/serve/_page.ts";

async function withFeed(act: (feed: LocalFeed, store: Store) => Promise<void>, baseline?: string): Promise<void> {
  const store = await Store.open(":memory:");
  const feed = new LocalFeed(store, { title: "a test", baseline });
  try {
    await act(feed, store);
  } finally {
    await feed.close();
    store.close();
  }
}

/** Changes until `enough`; the store is filled once it is watched. */
async function changesOf(
  feed: LocalFeed,
  fill: () => void,
  enough: (changes: readonly Change[]) => boolean,
  following = {},
): Promise<Change[]> {
  const stop = new AbortController();
  const changes: Change[] = [];
  const iterator = feed.changes(stop.signal, following)[Symbol.asyncIterator]();
  let next = iterator.next();
  await new Promise((resolve) => setTimeout(resolve, 20)); // a filter is tried first
  fill();
  while (!enough(changes)) {
    const { done, value } = await next;
    if (done) break;
    changes.push(value);
    next = iterator.next();
  }
  stop.abort();
  await next;
  return changes;
}

describe("LocalFeed", { timeout: 60_000 }, () => {
  it("shows what the store has", async () => {
    await withFeed(async (feed, store) => {
      for (const batch of await batchesOf(DEMO)) store.add(batch);
      const { rows, more } = await feed.calls({ limit: 3 });
      expect([rows.length, more]).toEqual([3, true]);
      const older = await feed.calls({ before: rows.at(-1)?.id });
      expect(older.rows.every(({ id }) => id < (rows.at(-1)?.id ?? 0))).toBe(true);
      expect((await feed.call(rows[0]?.id ?? 0))?.messages.length).toBeGreaterThan(0);
      expect(await feed.call(9999)).toBe(undefined);
      expect((await feed.servers()).length).toBeGreaterThan(1);
      expect(await feed.server("none")).toBe(undefined);
      expect(await feed.health()).toBe(undefined);
      expect(feed.accept).toBe(undefined);
    });
  });

  it("rejects a filter that cannot be read, and does not throw", async () => {
    await withFeed(async (feed) => {
      const name = (promise: Promise<unknown>) => promise.then(() => "", (error) => error.name);
      for (const kind of ["calls", "messages", "findings", "events", "http"] as const) {
        expect(await name(feed[kind]({ filter: "tool:" }))).toBe("QueryError");
      }
      const changes = feed.changes(new AbortController().signal, { filter: "tool:" });
      expect(await name(changes[Symbol.asyncIterator]().next())).toBe("QueryError");
    });
  });

  it("tells of the newest rows, and how many there were", async () => {
    const talk = new Conversation();
    const chunks = [...talk.hello()];
    for (let id = 3; id < 503; id++) chunks.push(...talk.call(id, `t${id}`));
    const batches = await decoded(chunks);
    await withFeed(async (feed, store) => {
      const fill = () => store.add(batches.flat());
      const changes = await changesOf(feed, fill, (changes) => changes.length >= 3);
      const calls = changes.find(({ type }) => type === "calls");
      if (calls?.type !== "calls") throw new Error("no calls");
      expect([calls.rows.length, calls.omitted]).toEqual([100, 402]);
      expect(calls.rows.at(-1)).toMatchObject({ name: "t502", outcome: "ok" });
      expect(calls.rows.map(({ id }) => id)).toEqual(calls.rows.map(({ id }) => id).sort((a, b) => a - b));
    });
  });

  it("tells of what matches only, and of what types are wanted", async () => {
    const talk = new Conversation();
    const batches = await decoded([...talk.hello(), ...talk.call(3, "one"), ...talk.call(4, "two")]);
    await withFeed(async (feed, store) => {
      const fill = () => store.add(batches.flat());
      const following = { filter: "tool:two", types: ["calls"] };
      const changes = await changesOf(feed, fill, (changes) => changes.length >= 1, following);
      expect(changes.map(({ type }) => type)).toEqual(["calls"]);
      expect(changes.flatMap((change) => change.type === "calls" ? change.rows : []).map(({ name }) => name)).toEqual([
        "two",
      ]);
    });
  });

  it("ends its changes when it is closed", async () => {
    await withFeed(async (feed) => {
      const next = feed.changes(new AbortController().signal)[Symbol.asyncIterator]().next();
      await feed.close();
      expect((await next).done).toBe(true);
    });
  });

  it("shows what differs from the baseline, and accepts it: one tool, then all", async () => {
    const dir = await Deno.makeTempDir();
    try {
      const path = `${dir}/baseline.json`;
      const detect = [
        transform("jsonrpc"),
        transform("mcp"),
        transform("detect", { detectors: { tool_drift: { baseline: path } } }),
      ];
      const listed = async (tools: Record<string, unknown>[], store: Store) => {
        const chunks = [...new Conversation().hello(tools)];
        const input = (async function* () {
          yield* chunks;
        })();
        const stream = detect.reduce<AsyncIterable<typeof chunks[number]>>((stream, stage) => stage(stream), input);
        for await (const batch of stream) store.add(batch);
      };
      const tool = (name: string, description: string) => ({ name, description, inputSchema: { type: "object" } });
      await withFeed(async (feed, store) => {
        await listed([tool("a", "adds"), tool("b", "reads")], store);
        const [server] = await feed.servers();
        const key = server?.key ?? "";
        expect((await feed.server(key))?.drift).toEqual([]);
        store.newRun();
        await listed([tool("a", "adds, and sends"), tool("c", "new here, and not the same at all")], store);
        const drift = (await feed.server(key))?.drift;
        expect(drift?.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["changed a", "added c", "removed b"]);
        expect((await feed.accept?.(key, ["a"]))?.map(({ name }) => name)).toEqual(["c", "b"]);
        expect(await feed.accept?.(key, ["c", "b"])).toEqual([]);
        expect(new Baseline(path).servers.get(key)?.accepted.tools?.get("a")?.value?.["description"]).toBe(
          "adds, and sends",
        );
        store.newRun();
        await listed([tool("z", "the only one that is left")], store);
        expect(await feed.accept?.(key)).toEqual([]);
        expect([...new Baseline(path).servers.get(key)?.accepted.tools?.keys() ?? []]).toEqual(["z"]);
        expect(await feed.accept?.("none")).toBe(undefined);
      }, path);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
});
