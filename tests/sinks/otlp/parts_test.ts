import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../../pipeline/delivery/mod.ts";
import { judge } from "../../../sinks/otlp/answer.ts";
import { podOf } from "../../../sinks/otlp/host.ts";
import { ids, joinTrace, makeIds, TRACE } from "../../../sinks/otlp/ids.ts";
import { encodeMessage, putVarint, readFields, varintSize } from "../../../sinks/otlp/protobuf.ts";
import { encodedResource, openRecord } from "../../../sinks/otlp/record.ts";
import { ENCODINGS } from "../../../sinks/otlp/encoding.ts";
import { nanos, putNanos, putNanos64 } from "../../../sinks/otlp/time.ts";
import { anyValue, keyValues } from "../../../sinks/otlp/values.ts";
import { readMessage } from "./_protobuf.ts";

const encoder = new TextEncoder();

describe("times", () => {
  it("are nanoseconds, in all three ways of writing them", () => {
    const times = fc.double({ min: -1e15, max: 1e15, noDefaultInfinity: false });
    fc.assert(fc.property(times, (time) => {
      const text = Buffer.alloc(21, "x"), bits = Buffer.alloc(10);
      putNanos(text, 1, time);
      putNanos64(bits, 1, time);
      expect(text.toString("latin1")).toBe(`x${nanos(time)}x`);
      expect(bits.readBigUInt64LE(1)).toBe(BigInt(nanos(time)));
      expect([bits[0], bits[9]]).toEqual([0, 0]);
    }));
  });

  it("are exact to what a double holds", () => {
    expect(nanos(1763734093729.1577)).toBe("1763734093729157715");
    expect(nanos(1763734093999.9998)).toBe("1763734093999999756");
  });
});

describe("ids", () => {
  it("differ for calls that differ in anything", () => {
    const origin = { time: 1.8e12, id: 1, from: 10, to: 20, what: 3 };
    const others = [
      {},
      { time: 1.8e12 + 1 / 4096 },
      { id: 2 },
      { id: "1" },
      { id: "01" },
      { from: 11 },
      { from: 20, to: 10 },
      { what: 4 },
      { id: 1.5 },
      { id: null },
    ];
    const seen = new Set<string>();
    for (const more of others) {
      makeIds({ ...origin, ...more });
      for (const [from, to] of [[0, 4], [4, 6], [6, 8]]) seen.add([...ids.subarray(from, to)].join());
    }
    expect(seen.size).toBe(others.length * 3);
  });

  it("do not collide in practice", () => {
    const traces = new Set<string>(), spans = new Set<string>();
    for (let k = 0; k < 50_000; k++) {
      makeIds({ time: 1.8e12 + Math.floor(k / 50), id: k % 50, from: 10, to: 20, what: 3 });
      traces.add(ids.subarray(0, 4).join());
      spans.add(ids.subarray(4, 6).join()).add(ids.subarray(6, 8).join());
    }
    expect([traces.size, spans.size]).toEqual([50_000, 100_000]);
  });

  it("are those of the caller where it has sent some", () => {
    joinTrace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    expect(Array.from(ids.subarray(TRACE, TRACE + 4), (word) => word.toString(16).padStart(8, "0")).join(""))
      .toBe("4bf92f3577b34da6a3ce929d0e0e4736");
  });
});

describe("protobuf", () => {
  it("is read as it was written, whatever the values", () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(json, fc.string({ unit: "binary" }), (value, key) => {
        const body = anyValue(value as Parameters<typeof anyValue>[0]);
        const attributes = keyValues({ [key]: "x", n: -5, m: 2 ** 53, d: 0.1, list: ["a", key.toWellFormed()] });
        const record = { timeUnixNano: "1763734093729157715", severityNumber: 300, body, attributes, flags: 1 };
        const plain = JSON.parse(JSON.stringify(record), (_, held) => isEmpty(held) ? undefined : held);
        const read = JSON.parse(
          JSON.stringify(readMessage("LogRecord", encodeMessage("LogRecord", record))),
          (_, held) => isEmpty(held) ? undefined : held,
        );
        expect(read).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  it("has varints of the size that is said", () => {
    fc.assert(fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (value) => {
      const bytes = new Uint8Array(12);
      const end = putVarint(bytes, 0, value);
      expect(end).toBe(varintSize(value));
      expect(readFields(Uint8Array.of(8, ...bytes.subarray(0, end)))?.get(1)).toBe(value);
    }));
  });

  it("that is none is not read", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void readFields(bytes)));
    expect(readFields(Uint8Array.of(0x0a, 5, 1))).toBeUndefined();
    expect(readFields(Uint8Array.of(0x80))).toBeUndefined();
    expect(readFields(Uint8Array.of(0x0b))).toBeUndefined();
  });
});

/** An empty list has no bytes in protobuf, nor has its holder. */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

describe("a record", () => {
  it("is taken apart as it was put together", () => {
    const resource = encoder.encode('{"attributes":[]}');
    const { heads } = encodedResource(ENCODINGS.protobuf, resource);
    const opened = openRecord(Buffer.concat([heads.logs, encoder.encode("item")]))!;
    expect(opened).toMatchObject({ signal: "logs", encoding: { name: "protobuf" } });
    expect([opened.resource, opened.item].map((bytes) => new TextDecoder().decode(bytes))).toEqual([
      '{"attributes":[]}',
      "item",
    ]);
  });

  it("that is none is not taken apart", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void openRecord(bytes)));
    expect(openRecord(new Uint8Array(13))).toBeUndefined();
    expect(openRecord(new Uint8Array(14).fill(255))).toBeUndefined();
  });
});

describe("an answer", () => {
  const answer = (status: number, body: string | Uint8Array = "", headers: Record<string, string> = {}): Answer => ({
    status,
    headers,
    body: typeof body === "string" ? encoder.encode(body) : body,
    cut: false,
  });

  it("is a success, with what was refused", () => {
    expect(judge(answer(200, "{}"), "traces")).toEqual({ outcome: "done" });
    expect(judge(answer(200, '{"partialSuccess":{}}'), "traces")).toEqual({ outcome: "done" });
    expect(judge(answer(202, "<html>"), "traces")).toEqual({ outcome: "done" });
    const refused = '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}';
    expect(judge(answer(200, refused), "traces")).toEqual({
      outcome: "partly",
      retry: [],
      rejected: [],
      refused: { count: 3, what: "spans", reason: "too old" },
    });
    const bytes = Uint8Array.of(0x0a, 6, 8, 2, 0x12, 2, 0x6e, 0x6f);
    expect(judge(answer(200, bytes, { "content-type": "application/x-protobuf" }), "logs")).toMatchObject({
      refused: { count: 2, what: "log records", reason: "no" },
    });
  });

  it.each([[401, "retry"], [403, "retry"], [429, "retry"], [502, "retry"], [503, "retry"], [504, "retry"], [
    413,
    "too_large",
  ]])(
    "%i: %s",
    (status, outcome) => expect(judge(answer(status), "logs")).toMatchObject({ outcome }),
  );

  it.each([301, 400, 404, 408, 500, 501])("%i is for ever, as the specification has it", (status) => {
    expect(judge(answer(status, "no such\nthing"), "logs")).toMatchObject({ outcome: "rejected" });
  });

  it("may ask to wait", () => {
    expect(judge(answer(503, "", { "retry-after": "7" }), "logs")).toMatchObject({ outcome: "retry", afterMs: 7000 });
  });
});

describe("a cgroup", () => {
  it.each([
    ["/kubepods/burstable/pod2f1c8d1e-0a1b-4c2d-8e3f-0123456789ab/0123abc", "2f1c8d1e-0a1b-4c2d-8e3f-0123456789ab"],
    [
      "/kubepods.slice/kubepods-pod2f1c8d1e_0a1b_4c2d_8e3f_0123456789ab.slice/cri-containerd-0123.scope",
      "2f1c8d1e-0a1b-4c2d-8e3f-0123456789ab",
    ],
    ["/user.slice", undefined],
  ])("names its pod: %s", (cgroup, uid) => expect(podOf(cgroup)).toBe(uid));
});
