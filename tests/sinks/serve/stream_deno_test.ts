import { request } from "node:http";
import { connect } from "node:net";
import { createParser } from "eventsource-parser";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../pipeline/feed/feed.ts";
import type { Batch } from "../../../pipeline/event.ts";
import { Conversation, decoded } from "./_conversation.ts";
import { type Page, TOKEN, until, withPage } from "./_page.ts";

/** Reads the stream of changes until it is left. */
function reading(port: number, path = "/api/v1/changes", lastEventId?: string) {
  const got: { id: string | undefined; change: Change }[] = [];
  const state = { status: 0, text: "", id: undefined as string | undefined, ended: false };
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      const change = JSON.parse(data) as Change;
      expect(event).toBe(change.type);
      got.push({ id, change });
    },
  });
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
  };
  const asked = request({ host: "127.0.0.1", port, path, headers, agent: false }, (answer) => {
    state.status = answer.statusCode ?? 0;
    answer.setEncoding("utf8").on("data", (text: string) => {
      state.text += text.slice(0, 10_000);
      state.id ??= /^id: (.*)$/m.exec(text)?.[1];
      parser.feed(text);
    }).on("error", () => {}).on("close", () => state.ended = true);
  });
  asked.on("error", () => {}).end();
  return { got, state, leave: () => asked.destroy() };
}

const batches = async (talk: Conversation, calls: number): Promise<Batch[]> => {
  const chunks = [...talk.hello()];
  for (let id = 3; id < calls + 3; id++) chunks.push(...talk.call(id, "echo", { n: id }));
  return await decoded(chunks);
};

interface Row {
  readonly id: number;
  readonly method?: string;
  readonly name?: string;
}

const rowsOf = (changes: readonly { change: Change }[], type: "calls" | "messages"): Row[] =>
  changes.flatMap(({ change }): readonly Row[] => change.type === type ? change.rows : []);
const countOf = (changes: readonly { change: Change }[], type: "calls" | "messages") =>
  changes.reduce((sum, { change }) => change.type === type ? sum + change.rows.length + (change.omitted ?? 0) : sum, 0);

async function open(page: Page, path?: string, id?: string) {
  const reader = reading(page.port, path, id);
  await until(() => reader.state.id !== undefined);
  return reader;
}

describe("the stream of changes", { timeout: 60_000 }, () => {
  it("tells of calls as they come, and again as they end", async () => {
    const all = await batches(new Conversation(), 2);
    await withPage([], async (page) => {
      const reader = await open(page);
      await settled(page);
      for (const batch of all) {
        page.store.add(batch);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await until(() => rowsOf(reader.got, "calls").filter(({ method }) => method === "tools/call").length >= 2);
      await until(() => rowsOf(reader.got, "messages").length === 9);
      const last = rowsOf(reader.got, "calls").at(-1);
      expect(last).toMatchObject({ method: "tools/call", name: "echo", outcome: "ok", server_name: "server" });
      reader.leave();
    });
  });

  it("goes on where a reader was that lost its connection", async () => {
    const all = await batches(new Conversation(), 20);
    await withPage([], async (page) => {
      const first = await open(page);
      await settled(page);
      page.store.add(all.slice(0, 10).flat());
      await until(() => first.got.length >= 2);
      first.leave();
      const cursor = first.got[0]?.id;
      page.store.add(all.slice(10).flat());
      const second = await open(page, undefined, cursor);
      await until(() => countOf(second.got, "messages") + countOf(first.got.slice(0, 1), "messages") === 45);
      expect(second.got.some(({ change }) => change.type === "lost")).toBe(false);
      second.leave();
    });
  });

  it("tells a reader that comes back to another process that it has lost something", async () => {
    await withPage([], async (page) => {
      const reader = await open(page, undefined, "0123456789ab-5");
      await until(() => reader.got.length > 0);
      expect(reader.got[0]?.change).toEqual({ type: "lost", changes: 0 });
      reader.leave();
    });
  });

  it("sends the newest rows and exact counts at 5,000 messages a second, some ten times a second", async () => {
    const all = await batches(new Conversation(), 3000);
    await withPage([], async (page) => {
      const reader = await open(page);
      await settled(page);
      const began = performance.now();
      for (let k = 0; k < all.length;) {
        const due = Math.min(all.length, (performance.now() - began) * 5);
        page.store.add(all.slice(k, due).flat());
        k = Math.floor(due);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const messages = 5 + 2 * 3000;
      await until(() => countOf(reader.got, "messages") === messages);
      const took = (performance.now() - began) / 1000;
      const changes = reader.got.filter(({ change }) => change.type === "messages");
      expect(changes.length).toBeLessThan(took * 12 + 2);
      for (const { change } of changes) expect(change.type === "messages" ? change.rows.length : 0).toBeLessThan(101);
      expect(Math.max(...rowsOf(reader.got, "messages").map(({ id }) => id))).toBe(messages);
      reader.leave();
    });
  });

  it("holds nothing for a reader that does not read, and tells it so when it does", async () => {
    const long = "x".repeat(20_000);
    const calls = async (from: number) => {
      const talk = new Conversation();
      const chunks = [...talk.hello()];
      for (let id = from; id < from + 100; id++) chunks.push(...talk.call(id, `${id} ${long}`));
      return (await decoded(chunks)).flat();
    };
    const batch = await calls(10);
    await withPage(
      [],
      async (page) => {
        const socket = connect(page.port, "127.0.0.1");
        let text = "";
        socket.setEncoding("utf8").on("data", (data: string) => text += data);
        socket.write(`GET /api/v1/changes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
        await until(() => text.includes("id: "));
        socket.pause();
        const quick = await open(page);
        await settled(page);
        let sent = 0;
        while (sent < 14_000_000) { // more than the system's buffers and the ring
          page.store.newRun();
          page.store.add(batch);
          await until(() => quick.got.length > 0);
          sent += JSON.stringify(quick.got.splice(0).map(({ change }) => change)).length;
        }
        quick.leave();
        socket.resume();
        await until(() => text.includes("event: lost"));
        expect(Number(/"type":"lost","changes":(\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
        expect(text.length).toBeLessThan(sent);
        socket.destroy();
      },
      {},
      {},
      { changes: 1000, length: 1_000_000 },
    );
  });

  it("sends only what is wanted", async () => {
    const talk = new Conversation();
    const all = await decoded([
      ...talk.hello(),
      ...talk.call(3, "echo"),
      ...talk.call(4, "other"),
      ...talk.call(5, "echo"),
    ]);
    await withPage([], async (page) => {
      const reader = await open(page, "/api/v1/changes?types=calls&filter=tool:echo");
      await settled(page);
      page.store.add(all.flat());
      await until(() => reader.got.length > 0);
      expect(reader.got.map(({ change }) => change.type)).toEqual(["calls"]);
      expect(rowsOf(reader.got, "calls").map(({ name }) => name)).toEqual(["echo", "echo"]);
      reader.leave();
      const wrong = await page.ask("/api/v1/changes?types=calls,cals");
      expect([wrong.status, wrong.json.message]).toEqual([400, expect.stringContaining('not "cals"')]);
      const bad = await page.ask("/api/v1/changes?filter=tool:");
      expect([bad.status, bad.json.error, bad.json.problems.length]).toEqual([400, "bad_filter", 1]);
    });
  });

  it("is read by a bounded number of readers", async () => {
    await withPage([], async (page) => {
      const readers = [await open(page), await open(page)];
      const { status, headers, json } = await page.ask("/api/v1/changes");
      expect([status, headers["retry-after"], json.error]).toEqual([429, "5", "too_many_requests"]);
      readers[0]?.leave();
      await until(async () => {
        const reader = reading(page.port);
        await until(() => reader.state.status !== 0);
        reader.leave();
        return reader.state.status === 200;
      });
      readers[1]?.leave();
    }, { max_streams: 2 });
  });

  it("ends with the server", async () => {
    let reader: ReturnType<typeof reading> | undefined;
    await withPage([], async (page) => {
      reader = await open(page);
    });
    await until(() => reader?.state.ended === true);
    expect(reader?.state.status).toBe(200);
  });
});

/** The store is watched a moment after the first reader came. */
async function settled({ ask }: Page): Promise<void> {
  await until(async () => /^mcpsonde_streams [1-9]/m.test((await ask("/metrics")).text));
}
