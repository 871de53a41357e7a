import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Context } from "../../../pipeline/component.ts";
import type { Event, FindingEvent, GapEvent, SensorEvent } from "../../../pipeline/event.ts";
import pipe from "../../../sources/pipe/mod.ts";
import { defaultPath } from "../../../sources/pipe/socket.ts";
import { line } from "../../protocols/sensor/_lines.ts";

const PATIENCE_MS = 10_000;
const encoder = new TextEncoder();

/** A pipe source that is read. */
class Listening {
  readonly events: Event[] = [];
  readonly #stop = new AbortController();
  #done = Promise.resolve();
  /** While false the reader does not ask for more. */
  isReading = true;

  async start(more: Record<string, unknown>): Promise<this> {
    const nothing = () => {};
    const context: Context = {
      name: "pipe",
      signal: this.#stop.signal,
      log: { info: nothing, warn: nothing, error: nothing },
      metrics: { dropped: nothing, error: nothing, set: nothing },
    };
    const source = await pipe.create(pipe.options.parse(more), context);
    this.#done = (async () => {
      for await (const batch of source) {
        this.events.push(...batch);
        while (!this.isReading) await sleep(10);
      }
    })();
    return this;
  }

  async until(isDone: (listening: this) => boolean): Promise<this> {
    for (const end = Date.now() + PATIENCE_MS; !isDone(this); await sleep(5)) {
      if (Date.now() > end) throw new Error(`It did not come: ${JSON.stringify(this.events.slice(-5))}`);
    }
    return this;
  }

  async stop(): Promise<this> {
    this.#stop.abort();
    await this.#done;
    return this;
  }

  get told(): SensorEvent[] {
    return this.events.filter((event) => event.kind === "sensor");
  }

  get gaps(): GapEvent[] {
    return this.events.filter((event) => event.kind === "gap");
  }

  get findings(): FindingEvent[] {
    return this.events.filter((event) => event.kind === "finding");
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function inFolder(run: (dir: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const dir = mkdtempSync(join(tmpdir(), "pipe-"));
    try {
      await run(dir);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  };
}

async function connect(path: string): Promise<Deno.UnixConn> {
  return await Deno.connect({ transport: "unix", path });
}

async function send(connection: Deno.UnixConn, text: string): Promise<void> {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

const lines = (names: readonly string[], more: Parameters<typeof line>[3] = {}, first = 0) =>
  names.map((name, k) => `${line(name, first + k, {}, { pid: Deno.pid, ...more })}\n`).join("");

describe("a socket for sensors", () => {
  it(
    "takes lines from many writers, each with its process as the kernel says",
    inFolder(async (dir) => {
      const path = join(dir, "run", "events.sock");
      const source = await new Listening().start({ path });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(join(dir, "run")).mode & 0o777).toBe(0o700);
      const own = await connect(path);
      await send(own, lines(["a", "b"]));
      const script = `const c = await Deno.connect({ transport: "unix", path: ${JSON.stringify(path)} });
        await c.write(new TextEncoder().encode(${
        JSON.stringify(lines(["child"], { component: "2" }))
      }.replaceAll('"pid":${Deno.pid}', '"pid":' + Deno.pid)));
        console.log(Deno.pid); c.close();`;
      const child = await new Deno.Command(Deno.execPath(), { args: ["eval", script], stdout: "piped" }).output();
      const pid = Number(new TextDecoder().decode(child.stdout));
      await source.until(({ told }) => told.length === 3);
      own.close();
      await source.stop();
      const by = Object.fromEntries(source.told.map(({ name, process }) => [name, process?.pid]));
      expect(by).toEqual({ a: Deno.pid, b: Deno.pid, child: pid });
      expect(source.findings).toEqual([]);
      expect(existsSync(path)).toBe(false);
    }),
  );

  it(
    "does not believe who says that he is another",
    inFolder(async (dir) => {
      const path = join(dir, "s");
      const source = await new Listening().start({ path });
      const connection = await connect(path);
      await send(connection, lines(["a", "b"], { pid: 1 }));
      await source.until(({ told }) => told.length === 2);
      connection.close();
      await source.stop();
      expect(source.told.map(({ process }) => process?.pid)).toEqual([Deno.pid, Deno.pid]);
      expect(source.findings).toMatchObject([{ rule: "sensor.pid_mismatch", process: { pid: Deno.pid } }]);
      expect(source.findings[0]?.message).toContain("sends events as if it were process 1: they are shown as its own");
    }),
  );

  it(
    "is made anew where a dead monitor has left one, and refused where one lives",
    inFolder(async (dir) => {
      const path = join(dir, "s");
      const dead = new Deno.Command(Deno.execPath(), {
        args: [
          "eval",
          `Deno.listen({ transport: "unix", path: ${JSON.stringify(path)} }); Deno.kill(Deno.pid, "SIGKILL");`,
        ],
      });
      await dead.output();
      expect(existsSync(path)).toBe(true);
      const source = await new Listening().start({ path });
      await expect(new Listening().start({ path })).rejects.toThrow(`Another monitor listens on ${path} already`);
      await source.stop();
    }),
  );

  it(
    "is not made where it would be of no use",
    inFolder(async (dir) => {
      const file = join(dir, "file"), open = join(dir, "open");
      writeFileSync(file, "");
      mkdirSync(open);
      Deno.chmodSync(open, 0o777);
      await expect(new Listening().start({ path: file })).rejects.toThrow("exists and is no socket");
      await expect(new Listening().start({ path: join(open, "s") })).rejects.toThrow(`Run: chmod 0700 ${open}`);
      await expect(new Listening().start({ path: join(dir, "x".repeat(120)) })).rejects.toThrow(
        "longer than 107 bytes",
      );
      await expect(new Listening().start({ fifo: file })).rejects.toThrow("exists and is no named pipe");
    }),
  );

  it(
    "tells of what is no line of a sensor, of lines without end, and of those over the limit",
    inFolder(async (dir) => {
      const path = join(dir, "s");
      const source = await new Listening().start({ path, max_line: 1024 });
      const one = await connect(path);
      await send(one, `no\n\n[]\n${"x".repeat(5000)}\n${lines(["good"])}{"torn`);
      await source.until(({ told }) => told.length === 1);
      one.close();
      await source.until(({ gaps }) => gaps.some(({ reason }) => reason === "torn"));
      await source.stop();
      const lost = Object.fromEntries(source.gaps.map(({ reason, lost }) => [reason, lost]));
      expect(lost).toEqual({
        unreadable_line: { records: 2, bytes: 4 },
        too_large: { records: 1, bytes: 5000 },
        torn: { records: 1, bytes: 6 },
      });
    }),
  );

  it(
    "takes lines that come byte by byte, and again after the writer has reconnected",
    inFolder(async (dir) => {
      const path = join(dir, "s");
      const source = await new Listening().start({ path });
      for (let round = 0; round < 3; round++) {
        const connection = await connect(path);
        const text = lines([`r${round}`], {}, round);
        for (let at = 0; at < text.length; at += 9) await send(connection, text.slice(at, at + 9));
        connection.close();
        await source.until(({ told }) => told.length === round + 1);
      }
      await source.stop();
      expect(source.gaps).toEqual([]);
    }),
  );

  it(
    "has bounds for connections and for what they leave unfinished",
    inFolder(async (dir) => {
      const path = join(dir, "s");
      const source = await new Listening().start({
        path,
        max_connections: 4,
        max_unfinished: 300_000,
        max_line: 1_000_000,
      });
      const connections = [];
      for (let k = 0; k < 6; k++) connections.push(await connect(path));
      await source.until(({ gaps }) => gaps.length > 0);
      expect(source.gaps[0]).toMatchObject({ reason: "too_many_connections" });
      const part = "x".repeat(100_000);
      for (const connection of connections) await send(connection, part).catch(() => {});
      await source.until(({ gaps }) => gaps.some(({ reason }) => reason === "unfinished_line"));
      for (const connection of connections) connection.close();
      await source.stop();
    }),
  );

  it(
    "puts what several write in the order of time, and keeps that of one where there is none",
    inFolder(async (dir) => {
      const path = join(dir, "s");
      const source = await new Listening().start({ path, window_ms: 300 });
      const [one, other] = [await connect(path), await connect(path)];
      await send(one, lines(["2", "4"], { component: "1", ms: 0 }));
      await send(other, `{"name":"x","n":1}\n{"name":"y","n":2}\n{"name":"z","n":3}\n`);
      await send(other, lines(["1"], { component: "2", ms: -10 }));
      await source.until(({ told }) => told.length === 6);
      one.close();
      other.close();
      await source.stop();
      const names = source.told.map(({ name }) => name);
      expect(names.filter((name) => /\d/.test(name))).toEqual(["1", "2", "4"]);
      expect(names.filter((name) => /[xyz]/.test(name))).toEqual(["x", "y", "z"]);
    }),
  );

  it(
    "makes writers wait while nobody takes what is there, and loses nothing",
    inFolder(async (dir) => {
      const path = join(dir, "s"), count = 20_000;
      const source = await new Listening().start({ path, batch_events: 64 });
      source.isReading = false;
      const connection = await connect(path);
      let isSent = false;
      const sending = send(connection, lines(Array.from({ length: count }, () => "n"))).then(() => isSent = true);
      await sleep(500);
      expect(isSent).toBe(false);
      source.isReading = true;
      await sending;
      await source.until(({ told }) => told.length === count);
      connection.close();
      expect((await source.stop()).gaps).toEqual([]);
    }),
  );

  it("is where sensors look for it", () => {
    const where = (env: Record<string, string>) => defaultPath((name) => env[name]);
    expect(where({ MCPSONDE_SOCKET: "/a", XDG_RUNTIME_DIR: "/b" })).toBe("/a");
    expect(where({ XDG_RUNTIME_DIR: "/b" })).toBe("/b/mcpsonde/events.sock");
    expect(where({})).toMatch(/\/\.mcpsonde\/events\.sock$/);
  });
});

describe("a named pipe for sensors", () => {
  it(
    "is made, read from many writers one after the other, and ends when asked to",
    inFolder(async (dir) => {
      const fifo = join(dir, "f");
      const source = await new Listening().start({ fifo });
      expect(statSync(fifo).mode & 0o777).toBe(0o600);
      for (const name of ["a", "b"]) {
        const file = await Deno.open(fifo, { write: true });
        await file.write(encoder.encode(lines([name], { component: name })));
        file.close();
        await source.until(({ told }) => told.some((event) => event.name === name));
      }
      await source.stop();
      expect(source.gaps).toEqual([]);
    }),
  );
});
