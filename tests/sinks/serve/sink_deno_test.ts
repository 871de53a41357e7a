import { describe, expect, it } from "vitest";
import type { Batch } from "../../../pipeline/event.ts";
import { NodeMetrics } from "../../../pipeline/metrics.ts";
import { options as schema } from "../../../sinks/serve/options.ts";
import { serveSink } from "../../../sinks/serve/sink.ts";
import { Conversation, decoded } from "./_conversation.ts";
import { ask, TOKEN, until } from "./_page.ts";

interface Made {
  readonly port: number;
  readonly logged: string[];
  readonly metrics: NodeMetrics;
  readonly stop: AbortController;
  /** Gives events to the sink. */
  give(batch: Batch): Promise<void>;
  /** No more come. */
  end(): Promise<void>;
}

async function made(options: Record<string, unknown> = {}): Promise<Made> {
  const logged: string[] = [], stop = new AbortController();
  const note = (message: string) => void logged.push(message);
  const metrics = new NodeMetrics("sinks.page", "serve");
  const context = { name: "page", signal: stop.signal, log: { info: note, warn: note, error: note }, metrics };
  const sink = await serveSink(schema.parse({ listen: "127.0.0.1:0", token: TOKEN, ...options }), context);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(logged.join("\n"))?.[1]);
  const channel = new TransformStream<Batch, Batch>();
  const writer = channel.writable.getWriter();
  const ended = sink(channel.readable);
  return {
    port,
    logged,
    metrics,
    stop,
    give: (batch) => writer.write(batch),
    async end() {
      await writer.close();
      await ended;
    },
  };
}

async function calls(from: number, count: number): Promise<Batch> {
  const talk = new Conversation();
  const chunks = [...talk.hello()];
  for (let id = from; id < from + count; id++) chunks.push(...talk.call(id, `tool${id % 7}`, { n: id }));
  return (await decoded(chunks)).flat();
}

describe("the serve sink", { timeout: 60_000 }, () => {
  it("shows what it gets until there is no more, and listens no longer then", async () => {
    const sink = await made();
    await sink.give(await calls(10, 3));
    await until(async () => (await ask(sink.port, "/api/v1/calls")).json.rows.length === 5);
    await sink.end();
    await expect(ask(sink.port, "/healthz")).rejects.toThrow(/refused/i);
    expect(sink.logged).toEqual([`the page is at http://127.0.0.1:${sink.port}/`]);
  });

  it("prints a token that it made, once, and none that it was given", async () => {
    const sink = await made({ token: undefined });
    const [line = "", ...rest] = sink.logged;
    expect(rest).toEqual([]);
    const token = /#token=([\w-]{32})$/.exec(line)?.[1] ?? "";
    expect((await ask(sink.port, "/api/v1/calls", { authorization: `Bearer ${token}` })).status).toBe(200);
    await sink.end();
  });

  it("lets go if the pipeline cannot start for another reason", async () => {
    const logged: string[] = [], stop = new AbortController();
    const note = (message: string) => void logged.push(message);
    const context = {
      name: "page",
      signal: stop.signal,
      log: { info: note, warn: note, error: note },
      metrics: new NodeMetrics("sinks.page", "serve"),
    };
    await serveSink(schema.parse({ listen: "127.0.0.1:0", token: TOKEN }), context);
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(logged[0] ?? "")?.[1]);
    expect((await ask(port, "/healthz")).status).toBe(200);
    stop.abort();
    await until(() => ask(port, "/healthz").then(() => false, () => true));
  });

  it("forgets the oldest calls, with all that belongs to them", async () => {
    const sink = await made({ max_calls: 100 });
    const all = await calls(10, 6000);
    for (let k = 0; k < all.length; k += 1000) {
      await sink.give(all.slice(k, k + 1000));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await until(async () => {
      await sink.give([{ kind: "gap", time: Date.now(), source: "test", reason: "fault", message: "x" }]);
      return (await ask(sink.port, "/api/v1/calls/1")).status === 404;
    });
    expect((await ask(sink.port, "/api/v1/messages?before=10")).json.rows).toEqual([]);
    expect((await ask(sink.port, "/api/v1/calls?limit=1000")).json.rows.length).toBeGreaterThanOrEqual(100);
    await sink.end();
  });

  it("goes on where the store cannot be written, counts what is not there, and says so once", async () => {
    const dir = await Deno.makeTempDir();
    try {
      const path = `${dir}/store.sqlite`;
      const sink = await made({ store: path });
      await sink.give(await calls(10, 1));
      await until(async () => (await ask(sink.port, "/api/v1/calls")).json.rows.length === 3);
      const { DatabaseSync } = await import("node:sqlite");
      const other = new DatabaseSync(path);
      other.exec("DROP TABLE call_rows"); // nothing kinder stays broken
      other.close();
      const batch = await calls(20, 1);
      await sink.give(batch);
      await sink.give(batch);
      await sink.give([]);
      expect(sink.metrics.snapshot().dropped).toEqual({ store_failed: 2 * batch.length });
      expect(sink.logged.filter((line) => line.includes("what comes is not shown")).length).toBe(1);
      expect((await ask(sink.port, "/healthz")).status).toBe(200);
      await sink.end();
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });

  it("keeps what it saw in a file, for its owner only, and shows it the next time", async () => {
    const dir = await Deno.makeTempDir();
    try {
      const path = `${dir}/new/store.sqlite`;
      const first = await made({ store: path });
      await first.give(await calls(10, 2));
      await first.end();
      expect((await Deno.stat(path)).mode! & 0o777).toBe(0o600);
      const second = await made({ store: path });
      await second.give(await calls(10, 2));
      await until(async () => (await ask(second.port, "/api/v1/calls")).json.rows.length === 8);
      await second.end();
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
});
