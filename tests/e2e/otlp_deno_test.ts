/** The `otlp` sink and a real OpenTelemetry Collector: encodings, signals, a Collector that is killed, one that is away. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../pipeline/component.ts";
import type { Batch, Event } from "../../pipeline/event.ts";
import otlp from "../../sinks/otlp/mod.ts";
import { replayed } from "../captures/replayed.ts";
import { courierFor, send, shifted } from "../sinks/otlp/_sent.ts";
import { follow, Talk, text, use } from "../transforms/mcp/_talk.ts";
import { Collector } from "./_harness/collector.ts";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { hold, install } from "./_harness/peers.ts";
import { mcpsonde, run, until } from "./_harness/process.ts";

const INSTALL = 900_000, TEST = 120_000;
const CAPTURES = ["2025-11-25-stdio", "2025-11-25-http", "2026-07-28-http"];
/** Five minutes that nobody listens, and the waits between attempts, a hundred times as fast. */
const AWAY_MS = 3000, RETRY = { initial_ms: 5, max_ms: 300 };

let peers = "", folder = "";

/** The ids of the spans of a conversation, as they have to be. */
async function expectedIds(name: string): Promise<Set<string>> {
  const events: Event[] = [];
  for await (const event of replayed(name)) events.push(event);
  return new Set(send(courierFor(), [events]).spans.map(({ spanId }) => spanId));
}

/** Runs mcpsonde on a conversation. */
async function replay(name: string, sink: Record<string, unknown>) {
  const file = join(folder, `${crypto.randomUUID()}.json`);
  const pipeline = {
    sources: { file: { type: "replay", path: join(REPOSITORY, "tests/captures", `${name}.capture`) } },
    transforms: [{ type: "http" }, { type: "jsonrpc" }, { type: "mcp" }],
    sinks: { out: { type: "otlp", ...sink } },
  };
  await Deno.writeTextFile(file, JSON.stringify(pipeline));
  return await run(mcpsonde("--pipeline", file), { env: { NO_COLOR: "1" } });
}

/** Calls, so many a batch. */
async function callBatches(count: number, perBatch: number): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let k = 0; k < count; k += perBatch) {
    const talk = new Talk();
    talk.after(k * 10);
    for (let n = k + 1; n <= k + perBatch; n++) talk.client(use(n, "a")).server(text(n, "b"));
    batches.push((await follow([shifted(talk.events)])).events);
  }
  return batches;
}

function contextOf(dropped: Map<string, number>): Context {
  return {
    name: "out",
    signal: new AbortController().signal,
    log: { info() {}, warn() {}, error() {} },
    metrics: {
      dropped: (reason, events = 1) => void dropped.set(reason, (dropped.get(reason) ?? 0) + events),
      error() {},
      set() {},
    },
  };
}

describe("a Collector", () => {
  beforeAll(async () => {
    peers = await install("collector");
    folder = await Deno.makeTempDir({ prefix: "mcpsonde-otlp-" });
  }, INSTALL);
  afterAll(async () => {
    await Deno.remove(folder, { recursive: true });
  });

  it.each(["json", "protobuf"])("gets every call, and what is told of it, as %s", async (encoding) => {
    await using collector = await Collector.make(peers, folder);
    await collector.start();
    const expected = new Set<string>();
    for (const name of CAPTURES) {
      const { code, stderr } = await replay(name, {
        endpoint: collector.endpoint,
        encoding,
        content: true,
        buffer_dir: join(folder, `buffer-${encoding}`),
      });
      expect([code, stderr.split("\n").filter((line) => !/no `?redact|secret/.test(line))]).toEqual([0, [""]]);
      for (const id of await expectedIds(name)) expected.add(id);
    }
    const { spans, metrics } = collector;
    expect(spans.map(({ id }) => id).sort()).toEqual([...expected].sort());
    const byId = new Map(spans.map((span) => [span.id, span]));
    for (const span of spans.filter(({ kind }) => kind === "Server")) {
      const parent = byId.get(span.parent);
      if (span.parent !== "") expect(parent ?? span).toMatchObject({ trace: span.trace });
    }
    expect(metrics).toEqual(expect.arrayContaining([
      "mcp.client.operation.duration",
      "mcp.server.operation.duration",
      "mcp.client.session.duration",
      "gen_ai.execute_tool.duration",
      "mcpsonde.node.received",
    ]));
    expect(collector.text).toContain("EventName: gen_ai.guardrail.security.finding");
    expect(collector.values("gen_ai.tool.call.arguments").length).toBeGreaterThan(3);
    expect(collector.values("mcp.protocol.version")).toEqual(expect.arrayContaining(["2025-11-25", "2026-07-28"]));
    expect(collector.text).toContain("mcpsonde.progress");
    expect(collector.text).not.toMatch(/error.*(decode|unmarshal|invalid)/i);
  }, TEST);

  it.skipIf(noCapture)("gets each call of a client and a server that run now", async () => {
    await using collector = await Collector.make(peers, folder);
    await collector.start();
    await install("typescript1");
    await using _monitor = await Monitor.start({
      transforms: [{ type: "http" }, { type: "jsonrpc" }, { type: "mcp" }],
      sinks: {
        out: { type: "otlp", endpoint: collector.endpoint, buffer_dir: join(folder, "buffer-live"), batch_ms: 10 },
      },
    });
    const truth = await hold(["node", join(peers, "typescript1/client.mjs")]);
    const asked = truth.map(({ raw }) => JSON.parse(raw)).filter(({ id, method }) =>
      method !== undefined && id !== undefined
    );
    expect(asked.length).toBeGreaterThan(3);
    const methods = asked.map(({ method }) => method).sort();
    const pids = truth.flatMap(({ client, server }) => [client, server]);
    const ours = () => collector.spans.filter(({ pid }) => pids.includes(pid)); // others may talk on this machine
    await until(
      () => `two spans of each of ${asked.length} calls; there are ${ours().length}`,
      () => ours().length >= 2 * asked.length,
      60_000,
    );
    for (const side of ["Client", "Server"]) {
      const told = ours().filter(({ kind }) => kind === side).map(({ name }) => name.split(" ")[0]);
      expect(told.sort()).toEqual(methods);
    }
  }, TEST);

  it("that is killed in the middle and comes back loses nothing, and can tell what comes twice", async () => {
    await using collector = await Collector.make(peers, folder);
    await collector.start();
    const batches = await callBatches(600, 10);
    const dropped = new Map<string, number>();
    const options = otlp.options.parse({
      endpoint: collector.endpoint,
      signals: ["traces"],
      buffer_dir: join(folder, "buffer-restart"),
      batch_ms: 10,
      batch_events: 50,
      retry: RETRY,
      shutdown_ms: 60_000,
    });
    const sink = await otlp.create(options, contextOf(dropped));
    await sink((async function* () {
      for (const [k, batch] of batches.entries()) {
        if (k === 15) {
          await until("some spans", () => collector.spans.length > 20, 30_000);
          await collector.kill();
        }
        if (k === 45) await collector.start();
        yield batch;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })());
    expect(dropped).toEqual(new Map());
    const ids = collector.spans.map(({ id }) => id);
    expect(new Set(ids).size).toBe(1200);
    const byId = new Map(collector.spans.map((span) => [span.id, span]));
    for (const span of collector.spans) expect(span).toEqual(byId.get(span.id));
  }, TEST);

  it("that is away for five minutes, a hundred times as fast, gets all when it comes", async () => {
    await using collector = await Collector.make(peers, folder);
    const dropped = new Map<string, number>();
    const batches = await callBatches(300, 10);
    const options = otlp.options.parse({
      endpoint: collector.endpoint,
      encoding: "protobuf",
      signals: ["traces"],
      buffer_dir: join(folder, "buffer-away"),
      batch_ms: 10,
      retry: RETRY,
      shutdown_ms: 60_000,
    });
    const sink = await otlp.create(options, contextOf(dropped));
    const done = sink((async function* () {
      yield* batches;
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      await collector.start();
    })());
    await done;
    expect(dropped).toEqual(new Map());
    expect(new Set(collector.spans.map(({ id }) => id)).size).toBe(600);
  }, TEST);

  it("gets what an earlier run could not deliver", async () => {
    await using collector = await Collector.make(peers, folder);
    const sink = {
      endpoint: collector.endpoint,
      signals: ["traces"],
      buffer_dir: join(folder, "buffer-earlier"),
      retry: RETRY,
      shutdown_ms: 200,
    };
    const first = await replay("2025-11-25-stdio", sink);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/\d+ records wait in the buffer for the next run/);
    await collector.start();
    await replay("2026-07-28-stdio", sink);
    const expected = [...await expectedIds("2025-11-25-stdio"), ...await expectedIds("2026-07-28-stdio")];
    expect([...new Set(collector.spans.map(({ id }) => id))].sort()).toEqual(expected.sort());
  }, TEST);
});
