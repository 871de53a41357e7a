import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Batch } from "../../../pipeline/event.ts";
import { chunk, notification, session } from "../../transforms/jsonrpc/_feed.ts";
import { folder, type Line, readLines, write } from "./_write.ts";

let place: ReturnType<typeof folder>, path: string;
beforeEach(() => {
  place = folder();
  path = join(place.path, "out.jsonl");
});
afterEach(() => place.remove());

const { down } = session();
const numbered = (n: number) => chunk(down, notification("x", { n, text: "y".repeat(200) }));
const batches = (count: number, size = 1): Batch[] =>
  Array.from({ length: count }, (_, k) => Array.from({ length: size }, (_, j) => numbered(k * size + j)));
const numbers = (lines: Line[]) => lines.filter(({ kind }) => kind === "mcp").map(({ params }) => (params as Line).n);
const upTo = (count: number) => Array.from({ length: count }, (_, k) => k);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("jsonl, the file", () => {
  it("is readable by its owner only", async () => {
    await write(path, batches(1));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("grows, or starts anew if append is false", async () => {
    await write(path, batches(2));
    await write(path, batches(1));
    expect(numbers(readLines(path))).toEqual([0, 1, 0]);
    await write(path, batches(1), { append: false });
    expect(numbers(readLines(path))).toEqual([0]);
  });

  it("parts a half-written last line from what follows, and keeps it", async () => {
    await write(path, batches(1));
    const half = readFileSync(path).subarray(0, 50);
    writeFileSync(path, Buffer.concat([readFileSync(path), half]));
    await write(path, batches(2));
    const lines = readFileSync(path, "utf8").split("\n");
    expect(lines[1]).toBe(half.toString());
    expect([lines[0], lines[2], lines[3]].map((line) => JSON.parse(line!).params.n)).toEqual([0, 0, 1]);
  });

  it("has all lines of a batch before the next one is asked for", async () => {
    let seen = 0;
    async function* source() {
      for (let k = 0; k < 5; k++) {
        yield [numbered(k)];
        expect(readLines(path)).toHaveLength(seen = k + 1);
      }
    }
    await write(path, source());
    expect(seen).toBe(5);
  });

  it("takes lines of any size", async () => {
    await write(path, [[chunk(down, notification("x", { n: 0, text: "é".repeat(3_000_000) })), numbered(1)]]);
    expect(numbers(readLines(path))).toEqual([0, 1]);
  });

  it("is waited for as fsync says", async () => {
    for (const fsync of ["none", "batch", 20]) await write(path, batches(3), { fsync, append: false });
    expect(numbers(readLines(path))).toEqual([0, 1, 2]);
  });

  it("is begun anew when someone has moved it away", async () => {
    async function* source() {
      yield [numbered(0)];
      renameSync(path, `${path}.1`);
      await pause(1100);
      yield [numbered(1)];
    }
    await write(path, source());
    expect([numbers(readLines(`${path}.1`)), numbers(readLines(path))]).toEqual([[0], [1]]);
  });

  it("that cannot be made is told at once", async () => {
    await expect(write(join(place.path, "none", "out.jsonl"), [])).rejects.toThrow(/none/);
    await expect(write(place.path, [])).rejects.toThrow();
  });
});

describe("jsonl, rotation", () => {
  const aside = () => readdirSync(place.path).filter((name) => name !== "out.jsonl").sort();
  const all = () => {
    const texts = aside().map((name) => {
      const bytes = readFileSync(join(place.path, name));
      return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    });
    return [...texts, readFileSync(path, "utf8")].flatMap((text) => text.trim().split("\n")).map((line) =>
      JSON.parse(line)
    );
  };

  it("sets a file aside before it is too large, compressed, and loses nothing", async () => {
    await write(path, batches(200), { rotate_bytes: 20_000, rotate_keep: 100 });
    expect(aside().length).toBeGreaterThan(3);
    expect(aside().every((name) => /^out\.jsonl\.\d{8}T\d{9}Z(-\d+)?\.gz$/.test(name))).toBe(true);
    expect(statSync(path).size).toBeLessThanOrEqual(20_000);
    for (const name of aside()) expect(statSync(join(place.path, name)).mode & 0o777).toBe(0o600);
    expect(numbers(all()).toSorted((a, b) => Number(a) - Number(b))).toEqual(upTo(200));
  });

  it("keeps as many as it is told, the newest", async () => {
    await write(path, batches(200), { rotate_bytes: 20_000, rotate_keep: 2, rotate_gzip: false });
    expect(aside()).toHaveLength(2);
    expect(aside().some((name) => name.endsWith(".gz"))).toBe(false);
    expect(numbers(readLines(path)).at(-1)).toBe(199);
  });

  it("leaves other files alone", async () => {
    for (const name of ["out.jsonl.bak", "out.jsonl.2026", "xout.jsonl.20261121T120549677Z"]) {
      writeFileSync(join(place.path, name), "");
    }
    await write(path, batches(100), { rotate_bytes: 10_000, rotate_keep: 0 });
    expect(aside()).toEqual(["out.jsonl.2026", "out.jsonl.bak", "xout.jsonl.20261121T120549677Z"]);
  });

  it("sets a file aside when its time has come", async () => {
    async function* source() {
      yield [numbered(0)];
      await pause(150);
      yield [numbered(1)];
    }
    await write(path, source(), { rotate_ms: 100 });
    expect([aside().length, numbers(readLines(path))]).toEqual([1, [1]]);
  });
});
