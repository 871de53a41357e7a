import { describe, expect, it } from "vitest";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeHeader, encodeHeader } from "../../../pipeline/disk_buffer/header.ts";
import { add, drain, folder, KIB, numbered, open, texts } from "./_buffer.ts";

const EVERY = [100, 1024 * KIB, 0] as const;

describe("DiskBuffer", () => {
  it("gives records in the order in which they came", () => {
    const buffer = open(folder());
    add(buffer, ...numbered(250));
    expect(texts(buffer.read(100, 1024 * KIB, 0))).toEqual(numbered(250).slice(0, 100));
    expect(drain(buffer)).toEqual(numbered(250).slice(100));
    expect(buffer.read(...EVERY).records).toEqual([]);
  });

  it("gives nothing that was not committed", () => {
    const buffer = open(folder());
    buffer.append(new Uint8Array(10), 0);
    expect(buffer.read(...EVERY).records).toEqual([]);
    buffer.commit();
    expect(buffer.read(...EVERY).records).toHaveLength(1);
  });

  it("keeps to both limits of a portion, and gives one record that is larger than they are", () => {
    const buffer = open(folder());
    add(buffer, "a".repeat(10), "b".repeat(10), "c".repeat(30), "d");
    expect(texts(buffer.read(5, 20, 0))).toEqual(["a".repeat(10), "b".repeat(10)]);
    expect(texts(buffer.read(5, 20, 0))).toEqual(["c".repeat(30)]);
    expect(texts(buffer.read(5, 20, 0))).toEqual(["d"]);
  });

  it("gives in the next run what was not acknowledged, under the same ids", () => {
    const dir = folder(), first = open(dir);
    add(first, ...numbered(10));
    first.acknowledge(first.read(4, KIB, 0));
    const left = first.read(100, KIB, 0).records.map(({ id }) => id);
    first.close();
    const second = open(dir), portion = second.read(...EVERY);
    expect(texts(portion)).toEqual(numbered(10).slice(4));
    expect(portion.records.map(({ id }) => id)).toEqual(left);
    expect(left[0]).toBe(`${second.id}-4`);
  });

  it("never gives a number twice, whatever was acknowledged and closed in between", () => {
    const dir = folder(), ids = new Set<string>();
    for (let run = 0; run < 5; run++) {
      const buffer = open(dir);
      add(buffer, ...numbered(7));
      for (const { id } of buffer.read(...EVERY).records) ids.add(id);
      if (run % 2 === 0) drain(buffer);
      else buffer.acknowledge(buffer.read(...EVERY));
      buffer.close();
    }
    const last = open(dir);
    add(last, "last");
    const numbers = [...ids, ...last.read(...EVERY).records.map(({ id }) => id)].map((id) => Number(id.split("-")[1]));
    expect(Math.max(...numbers)).toBe(35);
  });

  it("acknowledges in order, whatever the order in which portions are done", () => {
    const dir = folder(), buffer = open(dir);
    add(buffer, ...numbered(9));
    const [a, b, c] = [buffer.read(3, KIB, 0), buffer.read(3, KIB, 0), buffer.read(3, KIB, 0)];
    buffer.acknowledge(c);
    buffer.acknowledge(b);
    buffer.close();
    const again = open(dir);
    expect(texts(again.read(...EVERY))).toEqual(numbered(9));
    expect(a.records).toHaveLength(3);
    again.close();
    const third = open(dir), [x, y] = [third.read(3, KIB, 0), third.read(3, KIB, 0)];
    third.acknowledge(y);
    third.acknowledge(x);
    third.close();
    expect(texts(open(dir).read(...EVERY))).toEqual(numbered(9).slice(6));
  });

  it("makes a folder of 0700 with files of 0600, and leaves nothing but the position when all is done", () => {
    const dir = join(folder(), "deep", "er"), buffer = open(dir);
    add(buffer, ...numbered(10));
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const names = readdirSync(dir).sort();
    expect(names).toEqual(["00000000000000.segment", "lock", "position"]);
    for (const name of names) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    drain(buffer);
    buffer.close();
    expect(readdirSync(dir)).toEqual(["position"]);
  });

  it("goes on from segment to segment, and removes those that are done", () => {
    const dir = folder(), buffer = open(dir, { segmentBytes: 4 * KIB });
    for (const text of numbered(1000)) add(buffer, text);
    expect(readdirSync(dir).length).toBeGreaterThan(8);
    expect(drain(buffer)).toEqual(numbered(1000));
    expect(buffer.stats).toMatchObject({ records: 0, oldest: undefined });
    expect(buffer.stats.segments).toBeLessThanOrEqual(1);
  });

  it("takes records as large as the limit, and drops larger ones", () => {
    const buffer = open(folder(), { maxRecordBytes: 300 * KIB, segmentBytes: 100 * KIB });
    const large = "x".repeat(300 * KIB);
    add(buffer, "before", large, `${large}y`, "after");
    expect(drain(buffer)).toEqual(["before", large, "after"]);
    expect(buffer.told.dropped).toEqual({ too_large: 1 });
  });

  it("refuses what does not fit when it is to block, and takes it when there is room", () => {
    const buffer = open(folder(), { maxBytes: 64 * KIB, segmentBytes: 8 * KIB });
    const record = "x".repeat(1000);
    let taken = 0;
    while (add(buffer, record)) taken++;
    expect(taken).toBeGreaterThan(55);
    expect(buffer.stats.bytes).toBeLessThanOrEqual(64 * KIB);
    buffer.acknowledge(buffer.read(10, 1024 * KIB, 0));
    expect(add(buffer, record)).toBe(true);
    expect(drain(buffer)).toHaveLength(taken + 1 - 10);
    expect(buffer.told.dropped).toEqual({});
  });

  it("has room again once all was delivered, though that was one segment", () => {
    const buffer = open(folder(), { maxBytes: 64 * KIB, segmentBytes: 64 * KIB });
    const record = "x".repeat(1000);
    for (let round = 0; round < 3; round++) {
      let taken = 0;
      while (buffer.append(new TextEncoder().encode(record), 0)) taken++;
      expect(taken).toBeGreaterThan(55);
      expect(drain(buffer)).toHaveLength(taken);
    }
  });

  it("drops what comes when it is full, and counts it", () => {
    const buffer = open(folder(), { maxBytes: 64 * KIB, segmentBytes: 8 * KIB, whenFull: "drop_newest" });
    const all = numbered(200, "x".repeat(1000));
    expect(add(buffer, ...all)).toBe(true);
    const left = drain(buffer);
    expect(left).toEqual(all.slice(0, left.length));
    expect(buffer.told.dropped).toEqual({ buffer_full: 200 - left.length });
  });

  it("drops what has waited longest when it is full, and counts it", () => {
    const buffer = open(folder(), { maxBytes: 64 * KIB, segmentBytes: 8 * KIB, whenFull: "drop_oldest" });
    const all = numbered(200, "x".repeat(1000));
    for (const text of all) expect(add(buffer, text)).toBe(true);
    const left = drain(buffer);
    expect(left.length).toBeGreaterThan(45);
    expect(left).toEqual(all.slice(-left.length));
    expect(buffer.told.dropped).toEqual({ buffer_full: 200 - left.length });
  });

  it("drops the oldest also while they are on their way, and does not count those", () => {
    const buffer = open(folder(), { maxBytes: 64 * KIB, segmentBytes: 8 * KIB, whenFull: "drop_oldest" });
    const all = numbered(200, "x".repeat(1000));
    for (const text of all.slice(0, 20)) add(buffer, text);
    const taken = buffer.read(5, 1024 * KIB, 0);
    for (const text of all.slice(20)) add(buffer, text);
    buffer.acknowledge(taken);
    const left = drain(buffer);
    expect(left).toEqual(all.slice(-left.length));
    expect(buffer.told.dropped).toEqual({ buffer_full: 200 - 5 - left.length });
  });

  it("drops what is too old, when it is read and from time to time", () => {
    const buffer = open(folder(), { maxAgeMs: 1000, segmentBytes: KIB });
    const encoder = new TextEncoder();
    for (let k = 0; k < 100; k++) buffer.append(encoder.encode(`record ${k}`), k * 100);
    buffer.commit();
    expect(texts(buffer.read(1, KIB, 3000))).toEqual(["record 20"]);
    expect(buffer.told.dropped).toEqual({ too_old: 20 });
    buffer.maintain(1e6);
    expect(buffer.read(1, KIB, 1e6).records).toEqual([]);
    expect(buffer.told.dropped).toEqual({ too_old: 99 });
    expect(buffer.stats.records).toBe(1); // which was taken and is not acknowledged
  });

  it("keeps a second one out, and takes over what a dead process has left", () => {
    const dir = folder(), first = open(dir);
    expect(() => open(dir)).toThrow("Another sink of this pipeline has this buffer already");
    first.close();
    open(dir).close();
    const dead = { pid: 4_194_000, started: "1", boot: "", pids: "" };
    writeFileSync(join(dir, "lock"), JSON.stringify(dead));
    open(dir).close();
    writeFileSync(join(dir, "lock"), "{"); // nobody's
    open(dir).close();
    expect(readdirSync(dir)).toEqual(["position"]);
  });

  it("refuses the records of another kind of sink, with a sentence", () => {
    const dir = folder(), buffer = open(dir, { format: "otlp/1" });
    add(buffer, "a");
    buffer.close();
    expect(() => open(dir, { format: "http/1" })).toThrow(/another kind of sink \(otlp\/1, expected http\/1\)/);
    expect(texts(open(dir, { format: "otlp/1" }).read(...EVERY))).toEqual(["a"]);
  });

  it("says in a sentence what is wrong with a folder", () => {
    const dir = folder();
    writeFileSync(join(dir, "file"), "");
    expect(() => open(join(dir, "file"))).toThrow(/cannot be used: .*Name another one by `buffer_dir`/);
    expect(() => open(join(dir, "file", "below"))).toThrow(/cannot be used: a part of its path is no folder/);
  });

  it("makes its folder anew when that was removed, and counts what was lost", () => {
    const dir = join(folder(), "buffer"), buffer = open(dir, { segmentBytes: KIB });
    for (const text of numbered(100)) add(buffer, text);
    buffer.acknowledge(buffer.read(10, KIB, 0));
    rmSync(dir, { recursive: true });
    buffer.maintain(Date.now());
    expect(buffer.told.problems).toEqual([expect.stringContaining("was removed, and made anew")]);
    expect(add(buffer, ...numbered(5, "new "))).toBe(true);
    buffer.maintain(Date.now());
    expect(buffer.told.problems).toHaveLength(1);
    const left = drain(buffer);
    const lost = buffer.told.dropped["removed"] ?? 0;
    expect(left.slice(-5)).toEqual(numbered(5, "new "));
    expect(left.length + lost).toBe(90 + 5);
    buffer.close();
    expect(readdirSync(dir)).toEqual(["position"]);
  });

  it("goes on where its folder was moved away, and back", () => {
    const base = folder(), dir = join(base, "buffer"), buffer = open(dir);
    add(buffer, "a");
    renameSync(dir, join(base, "away"));
    expect(add(buffer, "b")).toBe(true);
    buffer.maintain(Date.now());
    expect(add(buffer, "c")).toBe(true);
    expect(drain(buffer)).toEqual(["a", "b", "c"]);
  });

  it("tells that a file of its was removed", () => {
    const dir = folder(), buffer = open(dir, { segmentBytes: KIB });
    for (const text of numbered(100)) add(buffer, text);
    const [first, second] = readdirSync(dir).filter((name) => name.endsWith(".segment")).sort();
    buffer.read(1, KIB, 0); // the first is open
    rmSync(join(dir, first!));
    rmSync(join(dir, second!));
    const left = drain(buffer);
    expect(left.length + (buffer.told.dropped["damaged"] ?? 0)).toBe(99);
    expect(buffer.told.problems).not.toEqual([]);
  });

  it("cuts a torn end off, says so, and gives its numbers to nobody", () => {
    const dir = folder(), buffer = open(dir);
    add(buffer, "a", "b", "c");
    buffer.close();
    const [name] = readdirSync(dir).filter((name) => name.endsWith(".segment"));
    const path = join(dir, name!), { size } = statSync(path);
    writeFileSync(path, new Uint8Array(17), { flag: "a" });
    const again = open(dir);
    expect(again.told.problems).toEqual([expect.stringContaining("cut 17 bytes off the end")]);
    expect(statSync(path).size).toBe(size);
    add(again, "d");
    const { records } = again.read(...EVERY);
    expect(records.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(["a", "b", "c", "d"]);
    expect(new Set(records.map(({ id }) => id)).size).toBe(4);
    expect(records.at(-1)?.id).not.toBe(`${again.id}-3`);
    expect(again.told.dropped).toEqual({});
  });

  it("reads a buffer whose position was lost from its beginning, under the same ids", () => {
    const dir = folder(), buffer = open(dir);
    add(buffer, ...numbered(5));
    const { records } = buffer.read(2, KIB, 0);
    buffer.close();
    writeFileSync(join(dir, "position"), "no position");
    const again = open(dir);
    expect(again.read(2, KIB, 0).records.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
  });

  it("goes on behind a segment that was made and not written to", () => {
    const dir = folder(), first = open(dir, { segmentBytes: 100 });
    add(first, "a");
    first.close();
    const header = readFileSync(join(dir, "00000000000000.segment")).subarray(0, 64);
    writeFileSync(join(dir, "00000000000001.segment"), forNumber(header, 1));
    const second = open(dir);
    expect(add(second, "b")).toBe(true);
    expect(drain(second)).toEqual(["a", "b"]);
    expect(second.told).toEqual({ dropped: {}, problems: [] });
  });

  it("leaves alone what is not its own", () => {
    const dir = folder();
    writeFileSync(join(dir, "notes.txt"), "mine");
    mkdirSync(join(dir, "00000000000000.segment"));
    chmodSync(dir, 0o755);
    const buffer = open(dir);
    expect(add(buffer, "a")).toBe(true); // in a segment of another name
    expect(drain(buffer)).toEqual(["a"]);
    expect(buffer.told).toEqual({ dropped: {}, problems: [] });
    buffer.close();
    expect(readdirSync(dir).sort()).toEqual(["00000000000000.segment", "notes.txt", "position"]);
  });
});

/** A segment's header for another segment. */
function forNumber(bytes: Uint8Array, number: number): Uint8Array {
  const header = decodeHeader("segment", bytes);
  if (header === undefined) throw new Error("no header");
  return encodeHeader({ ...header, number, after: number });
}
