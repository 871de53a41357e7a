import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bytes } from "../../../sources/spool/bytes.ts";
import { Budget, LineReader } from "../../../sources/spool/line_reader.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Bytes that come in pieces; 0 bytes stand for an end that the file has for now. */
class Pieces implements Bytes {
  #rest: Uint8Array = new Uint8Array(0);
  constructor(readonly pieces: Uint8Array[]) {}
  read(buffer: Uint8Array, at: number, end: number): number {
    if (this.#rest.length === 0) this.#rest = this.pieces.shift() ?? this.#rest;
    const taken = this.#rest.subarray(0, end - at);
    buffer.set(taken, at);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }
  close(): void {}
}

function read(
  pieces: Uint8Array[],
  limit: number,
  budget = new Budget(1 << 30),
): { lines: string[]; reader: LineReader } {
  const source = new Pieces(pieces), reader = new LineReader(source, 0, limit, budget), lines: string[] = [];
  for (let ends = 0; ends < 2;) {
    if (reader.next() === true) {
      lines.push(decoder.decode(reader.buffer.subarray(reader.start, reader.end)));
      ends = 0;
    } else if (source.pieces.length === 0) ends++;
  }
  return { lines, reader };
}

describe("lines of a file", () => {
  it("are the same however they come", () => {
    const text = fc.array(fc.constantFrom("a", "bc", "\n", "\n", "é", "x".repeat(40)), { maxLength: 60 }).map((parts) =>
      parts.join("")
    );
    fc.assert(fc.property(text, fc.array(fc.nat(50), { minLength: 1 }), (text, cuts) => {
      const bytes = encoder.encode(text), pieces: Uint8Array[] = [];
      for (let at = 0, k = 0; at < bytes.length; k++) {
        const size = k > 200 ? bytes.length : cuts[k % cuts.length]!;
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      const whole = text.split("\n"), rest = whole.pop() ?? "";
      const { lines, reader } = read(pieces, 1000);
      expect(lines).toEqual(whole);
      expect(reader.offset).toBe(bytes.length - encoder.encode(rest).length);
      expect(reader.partial).toBe(encoder.encode(rest).length);
    }));
  });

  it("over the limit are passed over, and an empty one stands for each", () => {
    const { lines, reader } = read([encoder.encode(`a\n${"x".repeat(5000)}\nb\n`)], 1000);
    expect(lines).toEqual(["a", "", "b"]);
    expect(reader.skipped).toBe(5000);
  });

  it("that are long take from the budget, and give back", () => {
    const long = "x".repeat(3_000_000), budget = new Budget(8_000_000);
    for (let round = 0; round < 10; round++) {
      const { lines, reader } = read(
        [encoder.encode(`${long}\nshort\n`), encoder.encode(`${"y\n".repeat(200_000)}`)],
        1 << 24,
        budget,
      );
      expect(lines[0]).toHaveLength(3_000_000);
      expect(lines).toHaveLength(200_002);
      reader.close();
    }
    expect(budget.take(8_000_000)).toBe(true);
  });

  it("for which nothing is left are passed over", () => {
    const { lines, reader } = read(
      [encoder.encode(`${"x".repeat(3_000_000)}\nshort\n`)],
      1 << 24,
      new Budget(1_000_000),
    );
    expect(lines).toEqual(["", "short"]);
    expect(reader.skipped).toBe(3_000_000);
  });
});
