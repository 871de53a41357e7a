import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChunkEvent, Event, Process, Stream } from "../../../pipeline/event.ts";
import { CaptureDecoder, CaptureEncoder, fileHead, headProblem } from "../../../protocols/capture/mod.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
const client: Process = { pid: 412, comm: "claude", name: "claude", exe: "/usr/bin/claude", args: ["claude", "--x"] };
const server: Process = { pid: 417, comm: "node", name: "server-everything", container: "0123456789ab", ppid: 412 };

function pair(): [Stream, Stream] {
  const a: Stream = { id: 1, medium: "unix", reverse: undefined }, b: Stream = { id: 2, medium: "unix", reverse: a };
  a.reverse = b;
  return [a, b];
}

function chunk(stream: Stream, text: string, more: Partial<ChunkEvent> = {}): ChunkEvent {
  const buffer = encoder.encode(`xx${text}yy`);
  return {
    kind: "chunk",
    time: 1790000000000.25,
    source: "kernel",
    process: client,
    peer: server,
    stream,
    buffer,
    start: 2,
    end: buffer.length - 2,
    lost: 0,
    eof: false,
    ...more,
  };
}

function encode(events: Event[]): Uint8Array {
  const out = new CaptureEncoder(64);
  for (const event of events) out.add(event);
  return out.take().slice();
}

function decode(bytes: Uint8Array, limit = Infinity): { events: Event[]; rest: number; codec: CaptureDecoder } {
  const codec = new CaptureDecoder("file"), events: Event[] = [];
  return { rest: codec.decode(bytes, 0, events, limit), events, codec };
}

const bytesOf = (event: Event | undefined) =>
  event?.kind === "chunk" ? decoder.decode(event.buffer.subarray(event.start, event.end)) : undefined;

describe("the capture codec", () => {
  it("gives back chunks with their processes and linked streams", () => {
    const [a, b] = pair();
    const { events } = decode(
      encode([
        chunk(a, "one"),
        chunk(b, "two", { lost: 7, process: server, peer: client }),
        chunk(a, "", { eof: true }),
      ]),
    );
    expect(events.map(bytesOf)).toEqual(["one", "two", ""]);
    const [one, two, three] = events as ChunkEvent[];
    expect(one).toMatchObject({
      time: 1790000000000.25,
      source: "file",
      process: client,
      peer: server,
      lost: 0,
      eof: false,
    });
    expect(two).toMatchObject({ process: server, peer: client, lost: 7 });
    expect(three!.eof).toBe(true);
    expect(three!.stream).toBe(one!.stream);
    expect(one!.stream.medium).toBe("unix");
    expect(one!.stream.reverse).toBe(two!.stream);
    expect(two!.stream.reverse).toBe(one!.stream);
  });

  it("links streams that are linked later", () => {
    const a: Stream = { id: 1, medium: "pipe", reverse: undefined },
      b: Stream = { id: 2, medium: "pipe", reverse: undefined };
    const codec = new CaptureEncoder();
    codec.add(chunk(a, "one"));
    a.reverse = b;
    b.reverse = a;
    codec.add(chunk(b, "two"));
    const { events } = decode(codec.take());
    expect((events[1] as ChunkEvent).stream.reverse).toBe((events[0] as ChunkEvent).stream);
  });

  it("gives back gaps and findings", () => {
    const [a] = pair();
    const { events } = decode(encode([
      {
        kind: "gap",
        time: 1,
        source: "kernel",
        reason: "ring_full",
        message: "Lost.",
        lost: { records: 3, bytes: 9 },
        cpu: 1,
        stream: a,
        process: client,
      },
      { kind: "finding", time: 2, source: "kernel", rule: "a.b", severity: "error", message: "So.", evidence: "e" },
    ]));
    expect(events[0]).toMatchObject({
      kind: "gap",
      reason: "ring_full",
      lost: { records: 3, bytes: 9 },
      cpu: 1,
      process: client,
    });
    expect(events[1]).toMatchObject({ kind: "finding", rule: "a.b", severity: "error", evidence: "e" });
  });

  it("stops at an unfinished record, and goes on from there", () => {
    const [a] = pair();
    const bytes = encode([chunk(a, "one"), chunk(a, "two")]);
    for (let cut = 0; cut < bytes.length; cut++) {
      const codec = new CaptureDecoder("file"), events: Event[] = [];
      const at = codec.decode(bytes.subarray(0, cut), 0, events, Infinity);
      codec.decode(bytes.subarray(at), 0, events, Infinity);
      expect(events.map(bytesOf)).toEqual(["one", "two"]);
    }
  });

  it("stops at the limit of events", () => {
    const [a] = pair();
    const bytes = encode([chunk(a, "one"), chunk(a, "two")]);
    const { events, rest, codec } = decode(bytes, 1);
    expect(events.length).toBe(1);
    codec.decode(bytes, rest, events, 2);
    expect(events.map(bytesOf)).toEqual(["one", "two"]);
  });

  it("takes any bytes without throwing", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (junk) => {
      const { rest } = decode(junk);
      expect(rest).toBeLessThanOrEqual(junk.length);
    }));
    const [a] = pair();
    const good = encode([chunk(a, "one"), { kind: "gap", time: 1, source: "k", reason: "r", message: "m" }]);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const bad = good.slice();
      for (const [at, value] of changes) bad[at] = value;
      decode(bad);
    }));
  });

  it("knows its files by their head", () => {
    expect(headProblem(fileHead())).toBeUndefined();
    expect(headProblem(encoder.encode("{}"))).toBe("not a mcpsonde capture");
    const later = fileHead();
    later[8] = 9;
    expect(headProblem(later)).toMatch(/version 9/);
  });
});
