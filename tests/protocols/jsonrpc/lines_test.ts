import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forget, LineSplitter } from "../../../protocols/jsonrpc/mod.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Gives the pieces to a splitter, each in a buffer of its own or all in one; the lines as text. */
function split(pieces: readonly Uint8Array[], limit: number, oneBuffer: boolean): { lines: string[]; skipped: number } {
  const splitter = new LineSplitter(limit);
  const lines: string[] = [];
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0) + 100_000);
  let at = 50;
  for (const piece of pieces) {
    forget();
    all.set(piece, at);
    if (oneBuffer) splitter.push(all, at, at + piece.length);
    else splitter.push(piece, 0, piece.length);
    at += piece.length;
    while (splitter.next()) lines.push(decoder.decode(splitter.buffer.subarray(splitter.start, splitter.end)));
  }
  if (splitter.flush()) lines.push(decoder.decode(splitter.buffer.subarray(splitter.start, splitter.end)));
  return { lines, skipped: splitter.skipped };
}

/** The same, done plainly on the whole text. */
function naive(text: string, limit: number): { lines: string[]; skipped: number } {
  const all = text.split("\n");
  if (all.at(-1) === "") all.pop();
  const size = (line: string) => encoder.encode(line).length;
  const lines = all.filter((line) => size(line) <= limit);
  return { lines, skipped: all.reduce((sum, line) => sum + (size(line) > limit ? size(line) : 0), 0) };
}

describe("LineSplitter", () => {
  it("tells a whole line by its place in the chunk", () => {
    const splitter = new LineSplitter(100);
    const chunk = encoder.encode("xxone\ntwo\n");
    splitter.push(chunk, 2, chunk.length);
    expect(splitter.next()).toBe(true);
    expect([splitter.buffer === chunk, splitter.start, splitter.end]).toEqual([true, 2, 5]);
    expect(splitter.next()).toBe(true);
    expect([splitter.buffer === chunk, splitter.start, splitter.end]).toEqual([true, 6, 9]);
    expect(splitter.next()).toBe(false);
    expect(splitter.buffer).not.toBe(chunk);
  });

  it("never writes over a line that it has told", () => {
    const splitter = new LineSplitter(1000);
    const told: [string, Uint8Array, number, number][] = [];
    for (let k = 0; k < 100; k++) {
      for (const piece of [`line ${k} is `, "in three ", "pieces\n"]) {
        const chunk = encoder.encode(piece);
        forget();
        splitter.push(chunk, 0, chunk.length);
        while (splitter.next()) {
          told.push([`line ${k} is in three pieces`, splitter.buffer, splitter.start, splitter.end]);
        }
      }
    }
    expect(told).toHaveLength(100);
    for (const [text, buffer, start, end] of told) expect(decoder.decode(buffer.subarray(start, end))).toBe(text);
  });

  it("keeps several streams apart", () => {
    const splitters = Array.from({ length: 20 }, () => new LineSplitter(1000));
    const lines: string[] = [];
    for (const piece of ["a", "b", "c\n"]) {
      splitters.forEach((splitter, k) => {
        const chunk = encoder.encode(`${k}${piece}`);
        splitter.push(chunk, 0, chunk.length);
        while (splitter.next()) lines.push(decoder.decode(splitter.buffer.subarray(splitter.start, splitter.end)));
      });
    }
    expect(lines).toEqual(splitters.map((_, k) => `${k}a${k}b${k}c`));
  });

  it("passes over a line beyond the limit and goes on after it", () => {
    const long = "x".repeat(50);
    expect(split([`one\n${long}`, long, `${long}\ntwo\n`].map((text) => encoder.encode(text)), 60, false))
      .toEqual({ lines: ["one", "two"], skipped: 150 });
  });

  it("agrees with split('\\n') on any text in any pieces", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }).filter((text) => !/[\n\ud800-\udfff]/.test(text)),
      fc.constantFrom("", "\r", "✓".repeat(30), "x".repeat(2000)),
    );
    fc.assert(
      fc.property(
        fc.array(line),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 50 })),
        fc.constantFrom(10, 64, 1500, 1 << 20),
        fc.boolean(),
        (texts, ended, cuts, limit, oneBuffer) => {
          const text = texts.join("\n") + (ended ? "\n" : "");
          const bytes = encoder.encode(text);
          const pieces: Uint8Array[] = [];
          for (let at = 0, k = 0; at < bytes.length; k++) {
            const end = at + (cuts[k % cuts.length] ?? 7);
            pieces.push(bytes.slice(at, end));
            at = end;
          }
          const expected = naive(text, limit);
          const got = split(pieces, limit, oneBuffer);
          expect({ ...got, lines: got.lines.filter((line) => line !== "") })
            .toEqual({ ...expected, lines: expected.lines.filter((line) => line !== "") });
        },
      ),
      { numRuns: 500 },
    );
  });
});
