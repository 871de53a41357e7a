/** Events to a real NATS server and back: JetStream, its loss in the middle, repeats, plain subjects. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { source, transform } from "../../mod.ts";
import type { Event } from "../../pipeline/event.ts";
import type { Source, Transform } from "../../pipeline/stage.ts";
import { freePort } from "./_harness/clickhouse.ts";
import { REPOSITORY } from "./_harness/machine.ts";
import { type Nats, nats, noNats } from "./_harness/nats.ts";
import { type Ended, mcpsonde, run } from "./_harness/process.ts";

/** Each runs the program, some three times: on a busy machine a start takes seconds. In milliseconds. */
const SLOW = 90_000;
const CAPTURE = `${REPOSITORY}examples/hostile.capture`;

async function folder(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "mcpsonde-nats-" });
  onTestFinished(() => Deno.remove(path, { recursive: true }));
  return path;
}

/** Replays the recording into a `nats` sink. */
async function replay(sink: Record<string, unknown>, dir?: string): Promise<Ended> {
  const at = dir ?? await folder();
  const file = join(at, "mon.jsonc");
  const pipeline = {
    sources: { file: { type: "replay", path: CAPTURE } },
    transforms: ["http", "jsonrpc", "mcp", "detect", "redact"].map((type) => ({ type })),
    sinks: { bus: { type: "nats", buffer_dir: "./buffer", ...sink } },
  };
  await Deno.writeTextFile(file, JSON.stringify(pipeline));
  return await run(mcpsonde("--pipeline", file), { env: { NO_COLOR: "1" } });
}

/** What matters of a message, on one line. */
function shown(event: Event): string {
  if (event.kind !== "mcp") return event.kind;
  const { type, id, method, params, result, error, request } = event;
  const text = JSON.stringify([type, id, method ?? request?.method, params, result, error]);
  return text.replaceAll(/AKIA[A-Z0-9]{16}|<aws_key:hash:[0-9a-f]+>/g, "KEY"); // who sends has redacted it
}

/** The messages of a source behind transforms. */
async function messages(from: Source, transforms: readonly Transform[]): Promise<string[]> {
  const all: string[] = [];
  for await (const batch of transforms.reduce<Source>((stream, next) => next(stream), from)) {
    all.push(...batch.filter(({ kind }) => kind === "mcp").map(shown));
  }
  return all;
}

describe.skipIf(noNats)("nats", () => {
  let server: Nats;
  let store = "";
  beforeAll(async () => {
    store = await Deno.makeTempDir({ prefix: "mcpsonde-nats-" });
    server = await nats(store);
  }, 600_000);
  afterAll(async () => {
    await server.stop();
    await Deno.remove(store, { recursive: true });
  });

  it("stores each event once in a stream, by kind", async () => {
    await server.stream("ONE", "one.>");
    const { code, stderr } = await replay({ servers: server.url, subject: "one", batch_events: 40 });
    expect([code, stderr]).toEqual([0, ""]);
    const connection = await server.connect();
    onTestFinished(() => connection.close());
    const all = await server.count("ONE");
    expect(all).toBeGreaterThan(50);
    const last = await connection.request(
      "$JS.API.STREAM.MSG.GET.ONE",
      JSON.stringify({ last_by_subj: "one.finding" }),
    );
    const { message } = last.json<{ message: { data: string; hdrs: string } }>();
    expect(JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(message.data)))).toMatchObject({
      kind: "finding",
    });
    expect(atob(message.hdrs)).toMatch(/Nats-Msg-Id: [0-9a-f]{16}-\d+/);
  }, SLOW);

  it("waits for a stream, and for a server: the next run delivers, and what came twice is there once", async () => {
    const dir = await folder(), away = `nats://127.0.0.1:${freePort()}`;
    const sink = { subject: "two", shutdown_ms: 1500 };
    const first = await replay({ ...sink, servers: away }, dir);
    expect(first.stderr).toMatch(/sinks\.bus: nats:\/\/127\.0\.0\.1:\d+: .*Events wait in the buffer/);
    expect(first.stderr).toMatch(/records wait in the buffer for the next run/);
    const second = await replay({ ...sink, servers: server.url }, dir);
    expect(second.stderr).toMatch(/no stream takes two\.\w+: add it to one, or set `jetstream` to false/);
    await server.stream("TWO", "two.>");
    const third = await replay({ ...sink, servers: server.url, shutdown_ms: 20_000 }, dir);
    expect(third.code).toBe(0);
    expect(third.stderr).not.toMatch(/for the next run/);
    const [, records = ""] = /([\d,]+) records of an earlier run/.exec(third.stderr) ?? [];
    expect(await server.count("TWO")).toBe(Number(records) / 2 * 3);
  }, SLOW);

  it("sends to whoever listens, without a stream", async () => {
    const connection = await server.connect();
    onTestFinished(() => connection.close());
    const subjects: string[] = [];
    connection.subscribe("three.>", { callback: (_, { subject }) => void subjects.push(subject) });
    await connection.flush();
    const { code, stderr } = await replay({ servers: server.url, subject: "three", jetstream: false });
    expect([code, stderr]).toEqual([0, ""]);
    await connection.flush();
    expect(new Set(subjects)).toEqual(new Set(["three.mcp", "three.finding"]));
  }, SLOW);

  it("is read again where it was left, as the messages that were sent", async () => {
    const direct = await messages(
      source("replay", { path: CAPTURE }),
      ["http", "jsonrpc"].map((type) => transform(type)),
    );
    const stop = new AbortController();
    const options = { servers: server.url, subject: "one.mcp", stream: "ONE", batch_events: 7 };
    const read: string[] = [];
    for await (const batch of source("nats", options, { signal: stop.signal })) {
      read.push(...batch.map(shown));
      if (read.length === direct.length) stop.abort();
    }
    expect(read).toEqual(direct);
    const again = new AbortController();
    let empty = 0;
    for await (const batch of source("nats", options, { signal: again.signal })) {
      expect(batch).toEqual([]); // all was acknowledged
      if (++empty === 2) again.abort();
    }
  }, SLOW);

  it("is seen by who listens, and goes through the pipeline there", async () => {
    const stop = new AbortController();
    const options = { servers: server.url, subject: "four.mcp" };
    const outcomes: string[] = [];
    let sender: Promise<Ended> | undefined;
    for await (const batch of transform("mcp")(source("nats", options, { signal: stop.signal }))) {
      sender ??= replay({ servers: server.url, subject: "four", jetstream: false }).finally(() => stop.abort());
      for (const event of batch) {
        if (event.kind === "mcp" && event.context?.endsCall) outcomes.push(`${event.context.call?.outcome}`);
      }
    }
    expect((await sender)?.stderr).toBe("");
    expect(outcomes.filter((outcome) => outcome === "ok").length).toBeGreaterThan(10);
  }, SLOW);

  it("tells of messages that are no lines of ours, and goes on", async () => {
    const stop = new AbortController();
    const connection = await server.connect();
    onTestFinished(() => connection.close());
    const seen: string[] = [];
    let sent = false;
    for await (const batch of source("nats", { servers: server.url, subject: "five.>" }, { signal: stop.signal })) {
      for (const event of batch) {
        seen.push(event.kind === "gap" ? `${event.reason} ${event.lost?.records}` : event.kind);
      }
      if (seen.length > 1) stop.abort();
      if (sent) continue;
      sent = true;
      for (const text of ["", "no JSON", "[]", '{"kind":"mcp","timestamp":"x"}', "\u0000".repeat(1000)]) {
        connection.publish("five.mcp", text);
      }
      await connection.flush();
      const gap = {
        kind: "gap",
        timestamp: "2026-11-21T00:00:00.000000Z",
        source: "k",
        reason: "ring_full",
        message: "x",
      };
      setTimeout(() => connection.publish("five.gap", JSON.stringify(gap)), 300);
    }
    expect(seen.at(-1)).toBe("ring_full undefined");
    const lost = seen.slice(0, -1).map((text) => Number(/^unreadable_line (\d+)$/.exec(text)?.[1]));
    expect(lost.reduce((sum, count) => sum + count, 0)).toBe(5);
  }, SLOW);

  it("says what the server has against it", async () => {
    const dir = await folder();
    const closed = await nats(join(dir, "store"), freePort(), "--user", "writer", "--pass", "s3cret");
    onTestFinished(() => closed.stop());
    const { code, stderr } = await replay({ servers: closed.url, user: "writer", password: "no", shutdown_ms: 2000 });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(stderr).toMatch(/Authorization Violation.*Events wait in the buffer/i);
    expect(stderr).not.toMatch(/\n {4}at /);
  }, SLOW);
});
