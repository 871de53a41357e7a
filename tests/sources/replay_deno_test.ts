import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../pipeline/component.ts";
import type { ChunkEvent, Event, Stream } from "../../pipeline/event.ts";
import record from "../../sinks/record/mod.ts";
import replay from "../../sources/replay/mod.ts";

let folder: string, logged: string[];
beforeEach(() => {
  folder = Deno.makeTempDirSync();
  logged = [];
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

function context(signal = new AbortController().signal): Context {
  const log = (message: string) => void logged.push(message);
  return {
    name: "file",
    signal,
    log: { info: log, warn: log, error: log },
    metrics: { dropped() {}, error() {}, set() {} },
  };
}

const stream: Stream = { id: 1, medium: "pipe", reverse: undefined };
const chunk = (text: string, time = 0): ChunkEvent => {
  const buffer = new TextEncoder().encode(text);
  return { kind: "chunk", time, source: "kernel", stream, buffer, start: 0, end: buffer.length, lost: 0, eof: false };
};
const textOf = (event: Event) =>
  event.kind === "chunk" ? new TextDecoder().decode(event.buffer.subarray(event.start, event.end)) : event.kind;

async function write(path: string, events: Event[]): Promise<void> {
  async function* input() {
    yield events;
  }
  await (await record.create(record.options.parse({ path }), context()))(input());
}

async function read(path: string, speed: "max" | "real" = "max", signal?: AbortSignal): Promise<Event[]> {
  const all: Event[] = [];
  for await (const batch of await replay.create(replay.options.parse({ path, speed }), context(signal))) {
    all.push(...batch);
  }
  return all;
}

describe("record and replay", () => {
  it("give back what was recorded, also across blocks and messages larger than one", async () => {
    const texts = Array.from({ length: 3000 }, (_, i) => `${i}:${"x".repeat(i % 1500)}`);
    texts.push("y".repeat(5 << 20), "end");
    await write(`${folder}/a.capture`, texts.map((text) => chunk(text)));
    expect((await read(`${folder}/a.capture`)).map(textOf)).toEqual(texts);
  });

  it("keep the file to its owner", async () => {
    Deno.writeTextFileSync(`${folder}/a.capture`, "old", { mode: 0o644 });
    await write(`${folder}/a.capture`, [chunk("one")]);
    expect(Deno.statSync(`${folder}/a.capture`).mode! & 0o777).toBe(0o600);
  });

  it("tell of a torn tail", async () => {
    await write(`${folder}/a.capture`, [chunk("one"), chunk("two")]);
    const bytes = Deno.readFileSync(`${folder}/a.capture`);
    Deno.writeFileSync(`${folder}/a.capture`, bytes.subarray(0, bytes.length - 1));
    const events = await read(`${folder}/a.capture`);
    expect(events.map(textOf)).toEqual(["one", "gap"]);
    expect(events[1]).toMatchObject({ reason: "truncated", message: expect.stringContaining("middle of a record") });
  });

  it("tell of damage", async () => {
    await write(`${folder}/a.capture`, [chunk("one")]);
    Deno.writeFileSync(`${folder}/a.capture`, new Uint8Array(64).fill(255), { append: true });
    expect((await read(`${folder}/a.capture`)).at(-1)).toMatchObject({ kind: "gap", reason: "damaged" });
  });

  it.each([["a text file", "hello, this is text"], ["an empty file", ""]])(
    "refuse %s in a sentence",
    async (_, text) => {
      Deno.writeTextFileSync(`${folder}/b`, text);
      await expect(read(`${folder}/b`)).rejects.toThrow(/Cannot replay .*\/b: it is not a mcpsonde capture\./);
    },
  );

  it("refuse a file that is not there, a folder, and a place that cannot be written", async () => {
    await expect(read(`${folder}/none`)).rejects.toThrow(/Cannot read the capture/);
    await expect(read(folder)).rejects.toThrow(/Cannot (read|replay)/);
    await expect(write(`${folder}/none/x`, [])).rejects.toThrow(/Cannot write the capture/);
  });

  it("keep the pace when asked to, and stop in the middle when told to", async () => {
    await write(`${folder}/a.capture`, [chunk("one", 1000), chunk("two", 1080)]);
    const began = performance.now();
    expect((await read(`${folder}/a.capture`, "real")).map(textOf)).toEqual(["one", "two"]);
    expect(performance.now() - began).toBeGreaterThan(70);
    await write(`${folder}/b.capture`, [chunk("one", 0), chunk("two", 3_600_000)]);
    await read(`${folder}/b.capture`, "real", AbortSignal.timeout(50));
  });

  it("say when the disk is full, and go on", async () => {
    await write("/dev/full", [chunk("one")]);
    expect(logged[0]).toMatch(/space/);
    expect(logged.at(-1)).toMatch(/could not be written/);
  });

  it("keep the order of gaps and chunks", async () => {
    const gap = { kind: "gap", time: 5, source: "kernel", reason: "ring_full", message: "Lost." } as const;
    await write(`${folder}/a.capture`, [chunk("one"), gap, chunk("two")]);
    expect((await read(`${folder}/a.capture`)).map(textOf)).toEqual(["one", "gap", "two"]);
  });
});
