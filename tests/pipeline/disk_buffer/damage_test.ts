/** What becomes of buffers whose files are not as they were written. */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskBuffer } from "../../../pipeline/disk_buffer/mod.ts";
import { RECORD_BYTES } from "../../../pipeline/disk_buffer/record.ts";
import { HEADER_BYTES } from "../../../pipeline/disk_buffer/header.ts";

/** What a run of a buffer gave. */
interface Opened {
  readonly buffer: DiskBuffer;
  readonly dropped: Record<string, number>;
  readonly problems: string[];
}

function open(dir: string): Opened {
  const dropped: Record<string, number> = {}, problems: string[] = [];
  const buffer = DiskBuffer.open({
    dir,
    format: "test/1",
    maxBytes: 1 << 20,
    segmentBytes: 512,
    maxAgeMs: 1e15,
    maxRecordBytes: 4096,
    whenFull: "block",
    sync: false,
    onDropped: (reason, records) => dropped[reason] = (dropped[reason] ?? 0) + records,
    onProblem: (message) => problems.push(message),
  });
  return { buffer, dropped, problems };
}

/** By number. */
function readAll({ buffer }: Opened): Map<number, string> {
  const all = new Map<number, string>();
  for (;;) {
    const portion = buffer.read(10, 1000, 0);
    if (portion.records.length === 0) return all;
    for (const { id, bytes } of portion.records) {
      const number = Number(id.split("-")[1]);
      expect(number).toBeGreaterThan(Math.max(-1, ...all.keys()));
      all.set(number, new TextDecoder("latin1").decode(bytes));
    }
    buffer.acknowledge(portion);
  }
}

function inFolder(body: (dir: string) => void): void {
  const dir = mkdtempSync(join(tmpdir(), "mcpsonde-damage-"));
  try {
    body(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Fills a buffer with records of these lengths; gives them. */
function fill(dir: string, lengths: readonly number[], acknowledged: number): string[] {
  const { buffer } = open(dir);
  const all = lengths.map((length, k) => `${k}:`.padEnd(length, "x"));
  for (const text of all) {
    buffer.append(new TextEncoder().encode(text), 0);
    buffer.commit();
  }
  if (acknowledged > 0) buffer.acknowledge(buffer.read(acknowledged, 1e9, 0));
  buffer.close();
  return all;
}

const segments = (dir: string) => readdirSync(dir).filter((name) => name.endsWith(".segment")).sort();
const lengths = fc.array(fc.integer({ min: 4, max: 300 }), { minLength: 1, maxLength: 40 });

describe("a damaged disk buffer", () => {
  it("gives each record that is whole, none that is not, and counts the rest, whatever byte is changed", () => {
    fc.assert(
      fc.property(lengths, fc.nat(5), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (...given) => {
        const [sizes, acknowledged, which, where, flip] = given;
        inFolder((dir) => {
          const all = fill(dir, sizes, acknowledged);
          const names = segments(dir);
          if (names.length === 0) return;
          const name = names[which % names.length]!, path = join(dir, name);
          const bytes = readFileSync(path), at = where % bytes.length;
          bytes[at]! ^= flip;
          writeFileSync(path, bytes);
          const opened = open(dir), read = readAll(opened);
          for (const [number, text] of read) expect(text).toBe(all[number]);
          const expected = all.length - Math.min(acknowledged, all.length);
          // one byte harms one record, or the header and with it a segment
          const harmed = at < HEADER_BYTES ? Math.ceil(512 / RECORD_BYTES) : 1;
          expect(read.size).toBeGreaterThanOrEqual(expected - harmed);
          const isLast = name === names.at(-1);
          if (!isLast) expect(read.size + (opened.dropped["damaged"] ?? 0)).toBe(expected);
          if (read.size < expected) expect(opened.problems).not.toEqual([]);
          opened.buffer.close();
        });
      }),
      { numRuns: 80 },
    );
  });

  it("is cut at any place, and then gives all that was whole before it", () => {
    fc.assert(
      fc.property(lengths, fc.nat(), (sizes, where) => {
        inFolder((dir) => {
          const all = fill(dir, sizes, 0), name = segments(dir).at(-1)!, path = join(dir, name);
          const first = parseInt(name, 16), cut = where % (statSync(path).size + 1);
          truncateSync(path, cut);
          let whole = first;
          for (let at = HEADER_BYTES; whole < all.length; whole++) {
            at += RECORD_BYTES + Math.max(all[whole]!.length, 1);
            if (at > cut) break;
          }
          const opened = open(dir);
          expect([...readAll(opened).values()]).toEqual(all.slice(0, whole));
          opened.buffer.append(new Uint8Array([110]), 0);
          opened.buffer.commit();
          expect([...readAll(opened).values()]).toEqual(["n"]);
          opened.buffer.close();
          expect(segments(dir)).toEqual([]);
        });
      }),
      { numRuns: 80 },
    );
  });

  it("is read from where the position says, or from the beginning, whatever the file holds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), fc.boolean(), (garbage, keep) => {
        inFolder((dir) => {
          const all = fill(dir, [10, 10, 10, 10], 2), path = join(dir, "position");
          const slots = readFileSync(path);
          writeFileSync(
            path,
            keep ? mix(slots, garbage) : garbage,
          );
          const opened = open(dir), read = [...readAll(opened).values()];
          expect(read).toEqual(keep ? all.slice(2) : all);
          opened.buffer.close();
        });
      }),
      { numRuns: 40 },
    );
  });

  it("does not take for records what stands in a payload as one", () => {
    inFolder((dir) => {
      // A payload with a copy of a whole record of another buffer, then damage before it.
      const { buffer } = open(dir);
      buffer.append(new TextEncoder().encode("innocent"), 0);
      buffer.commit();
      buffer.close();
      const copy = readFileSync(join(dir, segments(dir)[0]!)).subarray(HEADER_BYTES);
      inFolder((other) => {
        const victim = open(other);
        victim.buffer.append(copy, 0);
        victim.buffer.append(new TextEncoder().encode("after"), 0);
        victim.buffer.commit();
        victim.buffer.close();
        const path = join(other, segments(other)[0]!), bytes = readFileSync(path);
        bytes[HEADER_BYTES + 8]! ^= 1; // the length of the first
        writeFileSync(path, bytes);
        const opened = open(other);
        expect([...readAll(opened)]).toEqual([[1, "after"]]);
        expect(opened.dropped).toEqual({ damaged: 1 });
        opened.buffer.close();
      });
    });
  });
});

/** The first slot as it is, garbage in place of the second. */
function mix(slots: Uint8Array, garbage: Uint8Array): Uint8Array {
  return new Uint8Array([...slots.subarray(0, 64), ...garbage]);
}
