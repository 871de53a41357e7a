import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { install } from "../e2e/_harness/peers.ts";
import { run, until } from "../e2e/_harness/process.ts";
import { Client } from "./_python/client.ts";
import { assertWhole, files, named, parse, read } from "./_python/events.ts";
import { Place } from "./_python/run.ts";
import { Reader } from "./_python/reader.ts";

const LONG = 120_000;
const python = join(await install("python1"), "python1", "venv", "bin", "python");
const SERVER = new URL("./_python/server.py", import.meta.url).pathname;
const small = { spool: { max_file_bytes: 65_536, max_total_bytes: 262_144 } };

const start = (place: Place, env: Record<string, string> = {}) =>
  Client.start([python, SERVER], { ...place.env, ...env });

/** The server answers, says nothing that it should not, and ends as it would without the sensor. */
async function assertAlive(client: Client, calls = 5): Promise<void> {
  for (let k = 0; k < calls; k++) {
    expect(await client.call("echo", { text: `still here ${k}` })).toBe(`still here ${k}`);
  }
  const { code, stderr } = await client.end();
  expect([code, client.strange]).toEqual([0, []]);
  expect(stderr.split("\n").filter((line) => line !== "" && !/Processing request of type/.test(line))).toEqual([]);
}

/** Mounts a file system of so many bytes, if that can be done here. */
async function mounted(folder: string, bytes: number): Promise<boolean> {
  Deno.mkdirSync(folder, { recursive: true });
  return (await run(["mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder])).code === 0;
}

describe("a server with the Python sensor in it", () => {
  it.skipIf(Deno.uid() !== 0)(
    "goes on when the disk is full, and the sensor tells how much was lost once there is room",
    async () => {
      using place = new Place({ imports: false });
      if (!await mounted(place.spool, 96 * 1024)) throw new Error("no tmpfs can be mounted here");
      try {
        await using client = await start(place);
        await until("a file", () => files(place.spool).length > 0);
        const text = "x".repeat(4000);
        for (let k = 0; k < 60; k++) expect(await client.call("echo", { text })).toBe(text);
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await client.call("echo", { text });
        // No line is torn, though the disk was filled to its last byte.
        for (const file of files(place.spool)) {
          const lines = Deno.readTextFileSync(join(place.spool, file)).split("\n");
          expect(lines.pop()).toBe("");
          lines.forEach((line) => parse(line));
        }
        await run(["mount", "-o", "remount,size=10m", place.spool]);
        await new Promise((resolve) => setTimeout(resolve, 1200));
        await assertAlive(client);
        const drops = named(read(place.spool), "sensor_drops").at(-1);
        expect(drops?.event).toMatchObject({ reasons: { spool_ENOSPC: expect.any(Number) } });
      } finally {
        await run(["umount", "-l", place.spool]);
      }
    },
    LONG,
  );

  it.each([
    ["a file", (place: Place) => Deno.writeTextFileSync(place.spool, "")],
    ["in a file", (place: Place) => place.env.MCPSONDE_SPOOL = join(place.file("file", ""), "spool")],
    ["/proc", (place: Place) => place.env.MCPSONDE_SPOOL = "/proc/mcpsonde"],
    ["a path of 10,000 characters", (place: Place) => place.env.MCPSONDE_SPOOL = "/tmp/" + "x".repeat(10_000)],
  ])("goes on when the spool is %s", async (_, arrange) => {
    using place = new Place();
    arrange(place);
    await using client = await start(place);
    await assertAlive(client);
  }, LONG);

  it("goes on when the folder is removed, and writes to a new one", async () => {
    using place = new Place();
    await using client = await start(place);
    await until("events", () => files(place.spool).length > 0);
    for (let k = 0; k < 3; k++) {
      Deno.removeSync(place.spool, { recursive: true });
      await client.call("echo", { text: "after" });
      await until("a new folder", () => files(place.spool).length > 0);
    }
    expect(Deno.statSync(place.spool).mode! & 0o777).toBe(0o700);
    for (const file of files(place.spool)) expect(Deno.statSync(join(place.spool, file)).mode! & 0o777).toBe(0o600);
    await assertAlive(client);
  }, LONG);

  it("writes to a reader, to files when it has gone, and to the reader when it is there again", async () => {
    using place = new Place({ imports: false });
    const path = place.env.MCPSONDE_SOCKET!;
    let reader = new Reader(path);
    await using client = await start(place);
    await client.call("echo", { text: "one" });
    await until("events", () => named(reader.told, "mcp_event").length >= 4);
    expect(files(place.spool)).toEqual([]);

    await reader.close();
    await client.call("echo", { text: "two" });
    await until("files", () => files(place.spool).length > 0);
    reader = new Reader(path);
    await new Promise((resolve) => setTimeout(resolve, 2200));
    await client.call("echo", { text: "three" });
    await until("the reader again", () => JSON.stringify(reader.told).includes("three"));
    await assertAlive(client);
    await reader.close();
    expect(JSON.stringify(read(place.spool))).toContain("two");
  }, LONG);

  it("goes on when the reader stands still; what does not fit is dropped and counted", async () => {
    using place = new Place({ queue: { max_events: 64, max_bytes: 65_536 }, imports: false });
    const reader = new Reader(place.env.MCPSONDE_SOCKET!, true);
    await using client = await start(place);
    const text = "x".repeat(20_000);
    for (let k = 0; k < 100; k++) expect(await client.call("echo", { text })).toBe(text);
    reader.resume();
    await until("what was dropped", () => named(reader.told, "sensor_drops").length > 0);
    await assertAlive(client);
    await until("the end", () => named(reader.told, "sensor_shutdown").length > 0);
    const shutdown = named(reader.told, "sensor_shutdown")[0], dropped = Number(shutdown?.event.dropped);
    expect(dropped).toBeGreaterThan(0);
    expect(reader.told.length + dropped).toBe(shutdown?.event.events);
    await reader.close();
  }, LONG);

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    [
      "wrong in every member",
      '{"mcp":7,"imports":{"hash":"x"},"audit":[],"spool":3,"queue":{"max_events":-1},"foo":1}',
    ],
  ])("goes on with the defaults when its configuration is %s, and tells so", async (_, text) => {
    using place = new Place();
    place.env.MCPSONDE_CONFIG = place.file("broken.json", text);
    await using client = await start(place);
    await assertAlive(client);
    const told = read(place.spool);
    expect(named(told, "internal_exception").length).toBeGreaterThan(0);
    expect(named(told, "mcp_event").length).toBeGreaterThan(10);
  }, LONG);

  it("leaves no torn line behind when it is killed", async () => {
    using place = new Place();
    for (let round = 0; round < 5; round++) {
      await using client = await start(place);
      const calls = Array.from(
        { length: 40 },
        (_, k) => client.call("echo", { text: "x".repeat(k * 200) }).catch(() => ""),
      );
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 30));
      client.child.kill("SIGKILL");
      await client.child.status;
      void calls;
    }
    for (const file of files(place.spool)) {
      const lines = Deno.readTextFileSync(join(place.spool, file)).split("\n");
      expect(lines.pop()).toBe("");
      lines.forEach((line) => parse(line));
    }
  }, LONG);

  it("tells its last events before a SIGTERM ends it, which it does as it would without the sensor", async () => {
    using place = new Place();
    await using client = await start(place);
    await client.call("echo", { text: "last words" });
    client.child.kill("SIGTERM");
    expect((await client.child.status).signal).toBe("SIGTERM");
    const told = read(place.spool);
    expect(JSON.stringify(told)).toContain("last words");
    expect(named(told, "sensor_shutdown")).toHaveLength(1);
    assertWhole(told);
  }, LONG);

  it("deletes its own oldest files, and nobody else's, when there are too many", async () => {
    using place = new Place({ ...small, imports: false });
    Deno.mkdirSync(place.spool, { recursive: true, mode: 0o700 });
    const others = ["python-1-1.0.ndjson", "notes.txt", "mcpsonde.ndjson"].map((name) => join(place.spool, name));
    for (const path of others) Deno.writeTextFileSync(path, "x".repeat(100_000));
    await using client = await start(place);
    const text = "x".repeat(20_000);
    for (let k = 0; k < 60; k++) await client.call("echo", { text });
    await assertAlive(client);
    for (const path of others) expect(Deno.statSync(path).size).toBe(100_000);
    const sizes = files(place.spool).filter((name) => name.startsWith("mcpsonde-")).map((name) =>
      Deno.statSync(join(place.spool, name)).size
    );
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(262_144 + 65_536);
    read(place.spool);
  }, LONG);

  it("goes on when the clock jumps", async () => {
    using place = new Place({ imports: false });
    await using client = await start(place);
    // The clock that the process sees: nobody else's is touched.
    const jump = (by: string) =>
      `import time; t = time.time_ns; time.time_ns = lambda: t() ${by} * 10**9; time.time = lambda: t() / 1e9 ${by}`;
    await client.call("do", { code: jump("- 3600") });
    await client.call("echo", { text: "in the past" });
    await client.call("do", { code: jump("+ 999999") });
    await assertAlive(client);
    assertWhole(read(place.spool));
  }, LONG);
});
