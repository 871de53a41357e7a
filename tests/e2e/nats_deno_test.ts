/** Events to a real NATS server and back: JetStream, its loss in the middle, repeats, plain subjects. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "./_harness/clickhouse.ts";
import { REPOSITORY } from "./_harness/machine.ts";
import { type Nats, nats, noNats } from "./_harness/nats.ts";
import { type Ended, mcpsonde, run } from "./_harness/process.ts";

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
  });

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
  });

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
  });

  it("says what the server has against it", async () => {
    const dir = await folder();
    const closed = await nats(join(dir, "store"), freePort(), "--user", "writer", "--pass", "s3cret");
    onTestFinished(() => closed.stop());
    const { code, stderr } = await replay({ servers: closed.url, user: "writer", password: "no", shutdown_ms: 2000 });
    expect(code).toBe(0);
    expect(stderr).toMatch(/Authorization Violation.*Events wait in the buffer/i);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
