import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run, until } from "../e2e/_harness/process.ts";
import { HERE, NodePlace, peers, start } from "./_node/run.ts";
import type { Client } from "./_python/client.ts";
import { assertWhole, files, named, parse, read } from "./_python/events.ts";
import { Reader } from "./_python/reader.ts";

const LONG = 120_000;
const SERVER = join(await peers("typescript1"), "typescript1", "hook_server.cjs");
const small = { spool: { max_file_bytes: 65_536, max_total_bytes: 262_144 } };

/** The server answers, says nothing that it should not, and ends as it would without the sensor. */
async function assertAlive(client: Client, calls = 5): Promise<void> {
  for (let k = 0; k < calls; k++) {
    expect(await client.call("echo", { text: `still here ${k}` })).toBe(`still here ${k}`);
  }
  expect([await client.end(), client.strange]).toEqual([{ code: 0, stderr: "" }, []]);
}

/** Fails on a line that is torn, or no event. */
function assertNoneTorn(spool: string): void {
  for (const file of files(spool)) {
    const lines = Deno.readTextFileSync(join(spool, file)).split("\n");
    expect(lines.pop()).toBe("");
    lines.forEach((line) => parse(line));
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a server with the Node sensor in it", () => {
  const mounts: string[] = [];
  afterAll(async () => {
    for (const folder of mounts) await run(["umount", "-l", folder]);
  });

  it("goes on when the disk is full, and the sensor tells how much was lost once there is room", async () => {
    using place = new NodePlace({ imports: false });
    Deno.mkdirSync(place.spool, { recursive: true });
    const mounting = await run(["mount", "-t", "tmpfs", "-o", "size=98304", "tmpfs", place.spool]);
    if (mounting.code !== 0) throw new Error("this test mounts a tmpfs: it needs root");
    mounts.push(place.spool);
    await using client = await start(place, SERVER);
    const text = "x".repeat(4000);
    for (let k = 0; k < 60; k++) expect(await client.call("echo", { text })).toBe(text);
    await run(["mount", "-o", "remount,size=10m", place.spool]);
    await wait(1200);
    await assertAlive(client);
    assertNoneTorn(place.spool);
    const told = read(place.spool);
    expect(named(told, "sensor_drops").at(-1)?.event.reasons).toMatchObject({ disk_full: expect.any(Number) });
    expect(JSON.stringify(told)).toContain("still here 4");
    await run(["umount", place.spool]);
  }, LONG);

  it.each([
    ["a file", (place: NodePlace) => Deno.writeTextFileSync(place.spool, "")],
    ["in a file", (place: NodePlace) => place.env.MCPSONDE_SPOOL = join(place.file("file", ""), "spool")],
    ["/proc", (place: NodePlace) => place.env.MCPSONDE_SPOOL = "/proc/mcpsonde"],
    ["a path of 10,000 characters", (place: NodePlace) => place.env.MCPSONDE_SPOOL = "/tmp/" + "x".repeat(10_000)],
  ])("goes on when the spool is %s", async (_, arrange) => {
    using place = new NodePlace();
    arrange(place);
    await using client = await start(place, SERVER);
    await assertAlive(client);
  }, LONG);

  it("goes on when the folder is removed, and writes to a new one", async () => {
    using place = new NodePlace();
    await using client = await start(place, SERVER);
    await until("events", () => files(place.spool).length > 0);
    for (let k = 0; k < 3; k++) {
      Deno.removeSync(place.spool, { recursive: true });
      await wait(1100); // it is looked for once a second
      await client.call("echo", { text: "after" });
      await until("a new folder", () => files(place.spool).length > 0);
    }
    expect(Deno.statSync(place.spool).mode! & 0o777).toBe(0o700);
    for (const file of files(place.spool)) expect(Deno.statSync(join(place.spool, file)).mode! & 0o777).toBe(0o600);
    await assertAlive(client);
  }, LONG);

  it("writes to a reader, to files when it has gone, and to the reader when it is there again", async () => {
    using place = new NodePlace({ imports: false });
    const path = place.env.MCPSONDE_SOCKET!;
    let reader = new Reader(path);
    await using client = await start(place, SERVER);
    await client.call("echo", { text: "one" });
    await until("events", () => named(reader.told, "mcp_event").length >= 4);
    expect(files(place.spool)).toEqual([]);

    await reader.close();
    await client.call("echo", { text: "two" });
    await until("files", () => files(place.spool).length > 0);
    reader = new Reader(path);
    await wait(5200); // it is looked for every five seconds
    await client.call("echo", { text: "wakes it" });
    await client.call("echo", { text: "three" });
    await until("the reader again", () => JSON.stringify(reader.told).includes("three"));
    await assertAlive(client);
    await reader.close();
    expect(JSON.stringify(read(place.spool))).toContain("two");
  }, LONG);

  it("goes on when the reader stands still, and ends in time; what does not fit is dropped and counted", async () => {
    using place = new NodePlace({ queue: { max_events: 64, max_bytes: 65_536 }, imports: false });
    const reader = new Reader(place.env.MCPSONDE_SOCKET!, true);
    await using client = await start(place, SERVER);
    const text = "x".repeat(20_000);
    for (let k = 0; k < 100; k++) expect(await client.call("echo", { text })).toBe(text);
    const began = performance.now();
    await assertAlive(client);
    expect(performance.now() - began).toBeLessThan(5000);
    reader.resume();
    // The end found no reader that takes it: it stands in the spool.
    const [shutdown] = named(read(place.spool), "sensor_shutdown");
    expect(Number(shutdown?.event.dropped)).toBeGreaterThan(0);
    await reader.close();
  }, LONG);

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    [
      "wrong in every member",
      '{"mcp":7,"imports":{"hash":"x"},"audit":[],"spool":3,"queue":{"max_events":-1},"foo":1}',
    ],
    ["a folder", undefined],
  ])("goes on with the defaults when its configuration is %s, and tells so", async (_, text) => {
    using place = new NodePlace();
    place.env.MCPSONDE_CONFIG = text === undefined ? place.folder : place.file("broken.json", text);
    await using client = await start(place, SERVER);
    await assertAlive(client);
    const told = read(place.spool);
    expect(named(told, "internal_exception").length).toBeGreaterThan(0);
    expect(named(told, "mcp_event").length).toBeGreaterThan(10);
  }, LONG);

  it("leaves no torn line behind when it is killed", async () => {
    using place = new NodePlace();
    for (let round = 0; round < 5; round++) {
      await using client = await start(place, SERVER);
      const calls = Array.from(
        { length: 40 },
        (_, k) => client.call("echo", { text: "x".repeat(k * 200) }).catch(() => ""),
      );
      await wait(20 + round * 30);
      client.child.kill("SIGKILL");
      await client.child.status;
      void calls;
    }
    assertNoneTorn(place.spool);
  }, LONG);

  it("has told its last events when a SIGTERM ends it, which it does as it would without the sensor", async () => {
    using place = new NodePlace({ imports: false });
    await using client = await start(place, SERVER);
    await client.call("echo", { text: "last words" });
    await wait(300); // this machine may be busy
    client.child.kill("SIGTERM");
    expect((await client.child.status).signal).toBe("SIGTERM");
    expect(named(read(place.spool), "span_end")).toHaveLength(2);
    expect(JSON.stringify(read(place.spool))).toContain("last words");
  }, LONG);

  it("deletes its own oldest files, and nobody else's, when there are too many", async () => {
    using place = new NodePlace({ ...small, imports: false });
    Deno.mkdirSync(place.spool, { recursive: true, mode: 0o700 });
    const others = ["python-1-1.0.ndjson", "notes.txt", "mcpsonde.ndjson"].map((name) => join(place.spool, name));
    for (const path of others) Deno.writeTextFileSync(path, "x".repeat(100_000));
    await using client = await start(place, SERVER);
    const text = "x".repeat(20_000);
    for (let k = 0; k < 60; k++) await client.call("echo", { text });
    await assertAlive(client);
    for (const path of others) expect(Deno.statSync(path).size).toBe(100_000);
    const own = files(place.spool).filter((name) => name.startsWith("mcpsonde-"));
    const sizes = own.map((name) => Deno.statSync(join(place.spool, name)).size);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(262_144 + 65_536);
    for (const name of own) {
      for (const line of Deno.readTextFileSync(join(place.spool, name)).trim().split("\n")) parse(line);
    }
  }, LONG);

  it("goes on when the clock jumps", async () => {
    using place = new NodePlace({ imports: false });
    // The clock that the process sees: nobody else's is touched.
    const jump = place.file(
      "jump.cjs",
      "const now = Date.now; let k = 0; Date.now = () => now() + (k++ % 7 - 3) * 3.6e6;",
    );
    place.env.NODE_OPTIONS = `--require=${jump} ${place.env.NODE_OPTIONS}`;
    await using client = await start(place, SERVER);
    await assertAlive(client);
    const told = read(place.spool);
    assertWhole(told);
    for (const { event } of named(told, "mcp_event")) expect(Number(event.duration_ms ?? 0)).toBeLessThan(60_000);
  }, LONG);

  it("tells of a message that is too long for a line without its content", async () => {
    using place = new NodePlace({ imports: false });
    await using client = await start(place, SERVER);
    expect(await client.call("big", { size: 3_000_000 })).toHaveLength(3_000_000);
    await assertAlive(client);
    const told = read(place.spool);
    assertWhole(told);
    const cut = named(told, "mcp_event").filter(({ event }) => event.truncated);
    expect(cut.map(({ event }) => event)).toMatchObject([{ id: 1, message: { jsonrpc: "2.0", id: 1 } }]);
    expect(Number(cut[0]?.event.message_bytes)).toBeGreaterThan(3_000_000);
  }, LONG);

  it("tells of 100 processes at once, each in a file of its own", async () => {
    using place = new NodePlace({ imports: false });
    const script = place.file(
      "many.cjs",
      `
      const { spawn } = require("node:child_process");
      for (let k = 0; k < 100; k++) spawn(process.execPath, ["-e", "0"]).on("exit", (code) => process.exitCode ||= code);
    `,
    );
    await place.run(["node", script]);
    const told = read(place.spool);
    assertWhole(told);
    expect(files(place.spool)).toHaveLength(101);
    expect(named(told, "sensor_shutdown")).toHaveLength(101);
  }, LONG);

  it("does nothing at all when it is told to", async () => {
    using place = new NodePlace();
    place.env.MCPSONDE_OFF = "1";
    await place.run(["node", `${HERE}bare_client.mjs`, `${HERE}bare_server.mjs`]);
    expect(files(place.spool)).toEqual([]);
  }, LONG);
});
