import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Http2Parser } from "../../../protocols/http2/mod.ts";
import { ascii, concat, frame, hex, indexed, literal, PREFACE, SETTINGS, uint32 } from "./_bytes.ts";
import { cut, read, Recorder } from "./_recorder.ts";

const PATH = literal(":path", "/mcp"), FIELD = [":path", "/mcp"];

/** A connection in which everything occurs. */
const CONNECTION = concat(
  PREFACE,
  frame(4, 0, 0, [0, 1], uint32(8192), [0, 5], uint32(1 << 20)),
  frame(8, 0, 0, uint32(1000)),
  frame(1, 4, 1, PATH, indexed("x-a", "1")),
  frame(1, 0, 3, [0x82]),
  frame(9, 0, 3),
  frame(9, 4, 3, [0x84, 0xbe]),
  frame(0, 0, 1, ascii("one ")),
  frame(0x2a, 0xff, 5, ascii("unknown")),
  frame(0, 8, 3, [5], ascii("padded"), new Uint8Array(5)),
  frame(0, 1, 1, ascii("two")),
  frame(1, 0x2d, 5, [2], uint32(3), [16], PATH, [0, 0]),
  frame(2, 0, 7, uint32(1), [1]),
  frame(5, 0x0c, 9, [1], uint32(2), PATH, [0]),
  frame(6, 0, 0, new Uint8Array(8)),
  frame(3, 0, 7, uint32(8)),
  frame(1, 5, 3, literal("x-trailer", "t")),
  frame(0, 1, 9),
  frame(7, 0, 0, uint32(9), uint32(11), ascii("bye")),
);

const TOLD = [
  ["settings", [[1, 8192], [5, 1 << 20]]],
  ["headers", 1, [FIELD, ["x-a", "1"]], false, true],
  ["headers", 3, [[":method", "GET"], [":path", "/"], ["x-a", "1"]], false, true],
  ["data", 1, "one "],
  ["data", 3, "padded"],
  ["data", 1, "two"],
  ["end", 1],
  ["headers", 5, [FIELD], true, true],
  ["end", 5],
  ["promise", 9, 2, [FIELD], true],
  ["reset", 7, 8],
  ["headers", 3, [["x-trailer", "t"]], true, true],
  ["end", 3],
  ["end", 9],
  ["goaway", 9, 11],
];

describe("Http2Parser", () => {
  it("reads a connection in one piece, byte by byte, and cut anywhere", () => {
    expect(read([CONNECTION])).toEqual(TOLD);
    expect(read([...CONNECTION].map((byte) => Uint8Array.of(byte)))).toEqual(TOLD);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
        expect(read(cut(CONNECTION, places))).toEqual(TOLD);
      }),
    );
  });

  it("tells DATA by its place as it comes, before the frame is whole", () => {
    const recorder = new Recorder(), parser = new Http2Parser(recorder);
    const places: [Uint8Array, number, number][] = [];
    recorder.data = (_streamId, buffer, start, end) => void places.push([buffer, start, end]);
    const first = concat(PREFACE, SETTINGS, frame(0, 0, 1, new Uint8Array(100)).subarray(0, 50));
    parser.push(first, 0, first.length);
    expect(places).toEqual([[first, 42, first.length]]);
    const second = new Uint8Array(80);
    parser.push(second, 10, 80);
    expect(places.at(-1)).toEqual([second, 10, 69]);
  });

  it("reads a server's side, whose first SETTINGS tells that nothing came before", () => {
    const told = read([concat(SETTINGS, frame(1, 4, 1, indexed("x-a", "1"), [0xbf]))]);
    expect(told.at(-1)).toEqual(["headers", 1, [["x-a", "1"]], false, false]);
    expect(told.at(-2)).toEqual(["problem", 1, "bad_hpack", 8]);
  });

  it("reads a frame of 16 MiB", () => {
    const size = (1 << 24) - 1, half = new Uint8Array(size >> 1);
    const head = concat([255, 255, 255, 0, 1], uint32(1));
    let bytes = 0;
    const recorder = new Recorder(), parser = new Http2Parser(recorder);
    recorder.data = (_streamId, _buffer, start, end) => void (bytes += end - start);
    for (const piece of [concat(PREFACE, SETTINGS, head), half, half, new Uint8Array(1)]) {
      parser.push(piece, 0, piece.length);
    }
    expect(bytes).toBe(size);
    expect(recorder.told).toEqual([["settings", []], ["end", 1]]);
  });

  it("says so when a header block is interrupted, and goes on", () => {
    const told = read([concat(
      PREFACE,
      SETTINGS,
      frame(1, 0, 1, PATH),
      frame(0, 0, 3, ascii("data")),
      frame(9, 4, 1, [0x82]),
      frame(1, 5, 5, PATH, [0xbe]),
    )]);
    expect(told).toEqual([
      ["settings", []],
      ["problem", 0, "bad_frame", PATH.length],
      ["data", 3, "data"],
      ["problem", 1, "bad_frame", 1],
      ["headers", 5, [FIELD], true, false],
      ["end", 5],
    ]);
  });

  it("tells the beginning of a header block that is too large", () => {
    const large = concat(PATH, ...new Array(10).fill(literal("x-filler", "f".repeat(100))));
    const after = frame(1, 5, 3, PATH, [0xbe]);
    for (
      const frames of [
        frame(1, 5, 1, large),
        concat(
          frame(1, 1, 1, large.subarray(0, 700)),
          frame(9, 0, 1, large.subarray(700, 900)),
          frame(9, 4, 1, large.subarray(900)),
        ),
      ]
    ) {
      const bytes = concat(PREFACE, SETTINGS, frames, after);
      for (const pieces of [[bytes], cut(bytes, [100, 500, 1000])]) {
        const told = read(pieces, { maxHeaderBlock: 256 });
        expect(told).toEqual([
          ["settings", []],
          ["problem", 1, "header_block_too_large", large.length - 256],
          ["headers", 1, [FIELD, ...new Array(2).fill(["x-filler", "f".repeat(100)])], true, false],
          ["end", 1],
          ["headers", 3, [FIELD], true, false],
          ["end", 3],
        ]);
      }
    }
  });

  it("refuses what comes on a stream after its end", () => {
    const told = read([concat(
      PREFACE,
      SETTINGS,
      frame(1, 5, 1, PATH),
      frame(0, 1, 1, ascii("late")),
      frame(1, 5, 1, indexed("x-a", "1")),
      frame(1, 5, 3, [0xbe]),
    )]);
    expect(told.slice(3)).toEqual([
      ["problem", 1, "bad_frame", 4],
      ["problem", 1, "bad_frame", 7],
      ["headers", 3, [["x-a", "1"]], true, true],
      ["end", 3],
    ]);
  });

  it.each([
    ["a PRIORITY of the wrong length", frame(2, 0, 3, [1, 2]), [["problem", 3, "bad_frame", 2]]],
    ["DATA with more padding than payload", frame(0, 9, 3, [9], ascii("data")), [["problem", 3, "bad_frame", 4]]],
    ["padded DATA without a byte", frame(0, 9, 3), [["problem", 3, "bad_frame", 0]]],
  ])("passes over %s", (_name, bad, problems) => {
    const told = read([concat(PREFACE, SETTINGS, frame(1, 4, 1, indexed("x-a", "1")), bad, frame(1, 5, 5, [0xbe]))]);
    expect(told.slice(2)).toEqual([...problems, ["headers", 5, [["x-a", "1"]], true, true], ["end", 5]]);
  });

  it.each([
    ["HEADERS with more padding than payload", frame(1, 0x0c, 3, [9, 0x82]), [["problem", 3, "bad_frame", 1]]],
    ["HEADERS too short for its priority", frame(1, 0x24, 3, [0x82]), [["problem", 3, "bad_frame", 1]]],
    ["PING of the wrong length", frame(6, 0, 0, [1]), [["problem", 0, "bad_frame", 0], [
      "problem",
      0,
      "bytes_lost",
      10,
    ]]],
    ["DATA without a stream", frame(0, 0, 0, ascii("a")), [["problem", 0, "bad_frame", 0], [
      "problem",
      0,
      "bytes_lost",
      10,
    ]]],
  ])("goes on after %s, with an unknown table", (_name, bad, problems) => {
    const rest = concat(frame(1, 5, 5, [0xbe], PATH), frame(0, 0, 7, ascii("on")));
    const bytes = concat(PREFACE, SETTINGS, frame(1, 4, 1, indexed("x-a", "1")), bad, rest);
    for (const pieces of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]) {
      expect(read(pieces).slice(2)).toEqual([
        ...problems,
        ["headers", 5, [FIELD], true, false],
        ["end", 5],
        ["data", 7, "on"],
      ]);
    }
  });

  const BEFORE = concat(PREFACE, SETTINGS, frame(1, 4, 1, indexed("x-a", "1")));
  const AFTER = concat(frame(0, 0, 1, ascii("on")), frame(1, 5, 3, [0xbe], PATH), frame(6, 0, 0, new Uint8Array(8)));
  const TOLD_BEFORE = [["settings", []], ["headers", 1, [["x-a", "1"]], false, true]];
  const KNOWN = [["headers", 3, [["x-a", "1"], FIELD], true, true], ["end", 3]];
  const UNKNOWN = [["headers", 3, [FIELD], true, false], ["end", 3]];

  /** Loses so many bytes at an offset behind BEFORE. */
  function lose(between: Uint8Array, offset: number, bytes: number, told = bytes) {
    const all = concat(BEFORE, between, AFTER), at = BEFORE.length + offset;
    const seen = read([all.slice(0, at), told, all.slice(at + bytes)]);
    expect(seen.slice(0, 2)).toEqual(TOLD_BEFORE);
    return seen.slice(2);
  }

  it("goes on within a DATA frame that lost bytes, and knows the table as before", () => {
    const data = frame(0, 9, 1, [2], ascii("0123456789"), [0, 0]);
    for (
      const [offset, bytes, text, missing] of [[12, 3, "0156789", 3], [15, 5, "01234", 5], [15, 7, "01234", 5]] as const
    ) {
      const told = lose(frame(0, 8, 1, data.subarray(9)), offset, bytes);
      expect(told).toEqual([
        ["data", 1, text.slice(0, offset - 10)],
        ["problem", 1, "bytes_lost", missing],
        ["data", 1, `${text.slice(offset - 10)}on`],
        ...KNOWN,
      ]);
    }
    expect(lose(data, 20, 2)).toEqual([
      ["data", 1, "0123456789"],
      ["end", 1],
      ["problem", 1, "bad_frame", 2],
      ...KNOWN,
    ]);
  });

  it("tells the beginning of a header block that lost bytes", () => {
    const block = concat(PATH, indexed("x-b", "2"));
    for (
      const frames of [
        frame(1, 4, 5, block),
        concat(frame(1, 0, 5, block.subarray(0, 15)), frame(9, 4, 5, block.subarray(15))),
      ]
    ) {
      expect(lose(frames, 9 + PATH.length + 1, 2)).toEqual([
        [
          "problem",
          5,
          "bytes_lost",
          frames.length > 9 + block.length ? 2 + block.length - 15 : block.length - PATH.length - 1,
        ],
        ["headers", 5, [FIELD], false, false],
        ["data", 1, "on"],
        ...UNKNOWN,
      ]);
    }
  });

  it("looks for frames after a loss of unknown extent", () => {
    const data = frame(0, 0, 1, ascii("0123456789"));
    const rest = [["data", 1, "on"], ...UNKNOWN];
    // The end of a frame and the beginning of the next; all of a frame; a wrong count.
    expect(lose(concat(data, data), 15, 10)).toEqual([
      ["data", 1, "012345"],
      ["problem", 0, "bytes_lost", 10],
      ["problem", 0, "bytes_lost", 13],
      ...rest,
    ]);
    expect(lose(data, 0, 19)).toEqual([["problem", 0, "bytes_lost", 19], ...rest]);
    expect(lose(data, 11, 2, 4)).toEqual([
      ["data", 1, "01"],
      ["problem", 1, "bytes_lost", 4],
      ["data", 1, "4567"],
      ["problem", 0, "bad_frame", 0],
      ["problem", 0, "bytes_lost", 2],
      ...rest,
    ]);
  });

  it("says what is not HTTP/2, again and again", () => {
    const noise = new Uint8Array(700_000).fill(65);
    const told = read([ascii("PRI * "), noise, noise, noise]);
    expect(told).toEqual([["problem", 0, "not_http2", 1_400_006], ["problem", 0, "bytes_lost", 700_000]]);
  });

  it("neither throws nor misses a byte, whatever comes", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.tuple(fc.nat(12), fc.nat(255), fc.nat(9), fc.uint8Array({ maxLength: 40 })).map(([type, flags, id, payload]) =>
        frame(type, flags, id, payload)
      ),
      fc.constantFrom(PREFACE, SETTINGS, frame(1, 5, 1, PATH), hex("000000")),
      fc.nat(100),
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void read(pieces)), { numRuns: 1000 });
  });
});
