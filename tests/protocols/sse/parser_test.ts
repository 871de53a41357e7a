import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SseEvent, SseParser } from "../../../protocols/sse/mod.ts";

const encoder = new TextEncoder();

/** What the pieces give. */
function parse(pieces: readonly (string | Uint8Array)[], maxEvent?: number) {
  const events: SseEvent[] = [], sizes: number[] = [];
  const parser = new SseParser((event) => events.push(event), {
    ...(maxEvent === undefined ? {} : { maxEvent }),
    onSkipped: (size) => sizes.push(size),
  });
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? encoder.encode(piece) : piece;
    const buffer = new Uint8Array(bytes.length + 4).fill(10);
    buffer.set(bytes, 2);
    parser.push(buffer, 2, bytes.length + 2);
  }
  const { comments, skipped } = parser;
  parser.close();
  return { events, sizes, comments, skipped, parser };
}

/** The standard's algorithm (HTML, section 9.2.6), on the whole text. */
function plain(bytes: Uint8Array): SseEvent[] {
  const events: SseEvent[] = [];
  let event: string | undefined, id: string | undefined, data: string[] = [];
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
  lines.pop();
  for (const line of lines) {
    const [, name, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (line === "") {
      if (data.length > 0) events.push({ event: event || undefined, id, data: data.join("\n") });
      event = id = undefined;
      data = [];
    } else if (name === "event") event = value;
    else if (name === "data") data.push(value);
    else if (name === "id" && !value.includes("\0")) id = value;
  }
  return events;
}

describe("SseParser", () => {
  it("gives events with their fields", () => {
    const text =
      "event: message\nid: 7\ndata: one\ndata:two\ndata\n\nretry: 10\nunknown: x\ndata: x: y\n\nevent: none\n\n";
    expect(parse([text]).events).toEqual([
      { event: "message", id: "7", data: "one\ntwo\n" },
      { event: undefined, id: undefined, data: "x: y" },
    ]);
  });

  it("gives an event as soon as it is whole, whatever ends its lines", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const events: SseEvent[] = [];
      const parser = new SseParser((event) => events.push(event));
      const bytes = encoder.encode(`event: a${end}data: 1${end}${end}`);
      parser.push(bytes, 0, bytes.length - end.length);
      expect(events).toEqual([]);
      parser.push(bytes, bytes.length - end.length, bytes.length - end.length + 1);
      expect(events).toEqual([{ event: "a", id: undefined, data: "1" }]);
      parser.push(bytes, bytes.length - end.length + 1, bytes.length);
      parser.push(bytes, 0, bytes.length);
      expect(events).toHaveLength(2);
    }
  });

  it("takes a byte order mark at the beginning only", () => {
    const mark = "\ufeff";
    for (
      const pieces of [
        [`${mark}data: 1\n\n`],
        [...encoder.encode(`${mark}data: 1\n\n`)].map((b) => Uint8Array.of(b)),
      ]
    ) {
      expect(parse(pieces).events).toEqual([{ event: undefined, id: undefined, data: "1" }]);
    }
    expect(parse([`data: 1\n\n${mark}data: 2\n\n`]).events).toHaveLength(1);
  });

  it("joins characters that are cut", () => {
    const text = "data: \u00e9\u20ac\u{1f600}\n\n", bytes = encoder.encode(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(parse([bytes.subarray(0, cut), bytes.subarray(cut)]).events[0]?.data).toBe("\u00e9\u20ac\u{1f600}");
    }
    expect(parse([Uint8Array.of(...encoder.encode("data: a"), 0xe2, 0x82), "b\n\n"]).events[0]?.data).toBe("a\ufffdb");
  });

  it("counts comments", () => {
    const { events, comments } = parse([": ping\n\n", ":\n\n", "data: 1\n: in between\ndata: 2\n\n"]);
    expect(comments).toBe(3);
    expect(events.map(({ data }) => data)).toEqual(["1\n2"]);
  });

  it("passes over an event beyond the limit, and goes on after it", () => {
    const large = `data: ${"x".repeat(200)}\n\n`, after = "data: after\n\n";
    for (const text of [large + after, `event: a\n${large}${after}`, `${"data: xx\n".repeat(60)}\n${after}`]) {
      for (const size of [1, 7, 50, 1000]) {
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
        const { events, sizes, skipped } = parse(pieces, 100);
        expect([events.map(({ data }) => data), skipped]).toEqual([["after"], 1]);
        expect(Math.abs(sizes[0]! - (text.length - after.length))).toBeLessThan(size < 1000 ? 1 : 400);
      }
    }
    expect(parse([large.slice(0, -2)], 100).skipped).toBe(0);
    expect(parse([large.slice(0, -2)], 100).sizes).toHaveLength(1);
  });

  it("drops an unfinished event at the end, and can begin anew", () => {
    const { events, parser } = parse(["data: 1\n"]);
    expect(events).toEqual([]);
    const bytes = encoder.encode("data: 2\n\n");
    parser.push(bytes, 0, bytes.length);
    expect(events.map(({ data }) => data)).toEqual(["2"]);
  });

  it("stays quick with lines that it does not know, and with an event in many pieces", () => {
    const t = performance.now();
    parse(Array.from({ length: 100 }, () => `${"a\n".repeat(5000)}\r`));
    parse(Array.from({ length: 20_000 }, () => "x".repeat(100)));
    expect(performance.now() - t).toBeLessThan(5000);
  });

  it("agrees with the standard on any bytes in any pieces", () => {
    const line = fc.constantFrom(
      ...[
        "data: a",
        "data:",
        "data",
        "data:  b",
        "event: e",
        "event:",
        "id: 1",
        "id",
        "id: \0",
        "retry: 5",
        "retry: x",
      ],
      ...[": c", ":", "other: x", "dat", "Data: x", "data: \u20ac\u{1f600}", ""],
    );
    const end = fc.constantFrom("\n", "\n", "\r\n", "\r", "\n\n");
    const text = fc.array(fc.tuple(line, end).map((parts) => parts.join(""))).map((parts) =>
      encoder.encode(parts.join(""))
    );
    const noise = fc.uint8Array({ maxLength: 4 });
    const bytes = fc.array(fc.oneof({ weight: 6, arbitrary: text }, noise), { maxLength: 4 })
      .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
    fc.assert(
      fc.property(bytes, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (all, sizes) => {
        const pieces: Uint8Array[] = [];
        for (let at = 0, k = 0; at < all.length; k++) {
          const size = sizes[k % sizes.length]!;
          pieces.push(all.subarray(at, at + size));
          at += size;
        }
        expect(parse(pieces).events).toEqual(plain(all));
      }),
      { numRuns: 1000 },
    );
  });
});
