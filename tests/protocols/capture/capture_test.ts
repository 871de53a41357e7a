import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChunkEvent, Event, FindingEvent, GapEvent, Process, Stream } from "../../../pipeline/event.ts";
import { ByteBuffer } from "../../../pipeline/output/byte_buffer.ts";
import { CaptureDecoder, CaptureEncoder, readHeader } from "../../../protocols/capture/mod.ts";

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

/** A whole file of these events; what is done `between` happens before the last. */
function encode(events: (ChunkEvent | GapEvent | FindingEvent)[], between = () => {}): Uint8Array {
  const out = new ByteBuffer(64), capture = new CaptureEncoder(out, 1790000000000);
  events.forEach((event, k) => {
    if (k === events.length - 1) between();
    if (event.kind === "chunk") capture.chunk(out, event);
    else capture.event(out, event);
  });
  return out.bytes.slice(0, out.length);
}

/** Reads a file given in pieces, each carried over to the next as the decoder asks. */
function decode(
  bytes: Uint8Array,
  pieces = [bytes.length],
): { events: Event[]; capture: CaptureDecoder; rest: number } {
  const capture = new CaptureDecoder(), events: Event[] = [];
  let rest: Uint8Array = new Uint8Array(0), at = 0;
  for (const size of pieces) {
    const block = new Uint8Array(rest.length + Math.min(size, bytes.length - at));
    block.set(rest);
    block.set(bytes.subarray(at, at + size), rest.length);
    at += size;
    capture.block(block, 0, block.length);
    for (let event; (event = capture.next()) !== undefined;) events.push(event);
    rest = block.subarray(capture.at);
  }
  return { events, capture, rest: rest.length };
}

/** The types of a file's records. */
function types(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset), all: number[] = [];
  for (let at = 32; at < bytes.length; at += 8 + view.getUint32(at, true)) all.push(bytes[at + 4]!);
  return all;
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
      source: "kernel",
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
    const { events } = decode(encode([chunk(a, "one"), chunk(b, "two")], () => {
      a.reverse = b;
      b.reverse = a;
    }));
    expect((events[1] as ChunkEvent).stream.reverse).toBe((events[0] as ChunkEvent).stream);
  });

  it("gives back the ends of connections, and what TLS they use", () => {
    const here = { address: "127.0.0.1", port: 50001 }, there = { address: "2001:db8::1", port: 443 };
    const a: Stream = { id: 1, medium: "tls", reverse: undefined, tls: "openssl" };
    const b: Stream = { id: 2, medium: "tls", reverse: a, from: there, to: here, tls: "openssl" };
    a.reverse = b;
    const c: Stream = { id: 3, medium: "tcp", reverse: undefined, from: here, to: there };
    const { events, capture } = decode(encode([chunk(a, "one"), chunk(c, "two"), chunk(a, "three")], () => {
      a.from = here;
      a.to = there;
    }));
    const [one, two, three] = events as ChunkEvent[];
    expect(one!.stream).toBe(three!.stream);
    expect(one!.stream).toMatchObject({ medium: "tls", from: here, to: there, tls: "openssl" });
    expect(one!.stream.reverse).toMatchObject({ medium: "tls", from: there, to: here, tls: "openssl" });
    expect(two!.stream).toMatchObject({ id: 3, medium: "tcp", from: here, to: there });
    expect(two!.stream.tls).toBeUndefined();
    expect(capture.skipped).toBe(0);
  });

  it("shows the ends of a connection when they become known", () => {
    const here = { address: "127.0.0.1", port: 1 }, there = { address: "127.0.0.1", port: 2 };
    const a: Stream = { id: 1, medium: "tls", reverse: undefined, tls: "go" };
    const bytes = encode([chunk(a, "one"), chunk(a, "two"), chunk(a, "three")], () => {
      a.from = here;
      a.to = there;
    });
    const capture = new CaptureDecoder(), seen: unknown[] = [];
    capture.block(bytes, 0, bytes.length);
    for (let event; (event = capture.next()) !== undefined;) {
      if (event.kind === "chunk") seen.push([event.stream.from?.port, event.stream.to?.port, event.stream.tls]);
    }
    expect(seen).toEqual([[undefined, undefined, "go"], [undefined, undefined, "go"], [1, 2, "go"]]);
  });

  it("writes the ends of a connection once, and nothing for others", () => {
    const ends = (stream: Stream) => types(encode([chunk(stream, "one"), chunk(stream, "two")])).filter((t) => t === 8);
    const from = { address: "::1", port: 1 };
    expect(ends({ id: 1, medium: "tcp", reverse: undefined, from })).toHaveLength(1);
    expect(ends({ id: 1, medium: "tcp", reverse: undefined })).toHaveLength(0);
    expect(ends({ id: 1, medium: "pipe", reverse: undefined })).toHaveLength(0);
  });

  it("believes no address that is none", () => {
    const read = (from: unknown, tls: unknown) => {
      const stream = { id: 1, medium: "tcp", reverse: undefined, from, tls } as Stream;
      return (decode(encode([chunk(stream, "one")])).events[0] as ChunkEvent).stream;
    };
    for (
      const from of ["::1", { address: 1, port: 1 }, { address: "::1", port: 65536 }, {
        address: "x".repeat(65),
        port: 1,
      }]
    ) {
      expect(read(from, "y".repeat(33))).toMatchObject({ from: undefined });
      expect(read(from, "y".repeat(33)).tls).toBeUndefined();
    }
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
      { kind: "finding", time: 2, source: "kernel", rule: "a.b", severity: "high", message: "So.", evidence: "e" },
    ]));
    expect(events[0]).toMatchObject({
      kind: "gap",
      reason: "ring_full",
      lost: { records: 3, bytes: 9 },
      cpu: 1,
      process: client,
    });
    expect(events[1]).toMatchObject({ kind: "finding", rule: "a.b", severity: "high", evidence: "e" });
  });

  it("goes on in the next block after an unfinished record", () => {
    const [a] = pair();
    const bytes = encode([chunk(a, "one"), chunk(a, "two")]);
    for (let cut = 0; cut < bytes.length; cut++) {
      const { events, rest } = decode(bytes, [cut, bytes.length - cut]);
      expect([...events.map(bytesOf), rest]).toEqual(["one", "two", 0]);
      expect(decode(bytes, [cut]).rest).toBeLessThanOrEqual(cut);
    }
  });

  it("says how much it needs to go on", () => {
    const [a] = pair();
    const { capture, rest } = decode(encode([chunk(a, "x".repeat(100_000))]).subarray(0, 5000));
    expect(capture.wanted).toBeGreaterThan(100_000);
    expect(rest).toBeLessThan(5000);
  });

  it("splits a huge chunk, so that no record is larger than allowed", () => {
    const [a] = pair();
    const buffer = new Uint8Array(40 << 20).fill(120);
    const { events } = decode(encode([{ ...chunk(a, ""), buffer, start: 0, end: buffer.length, lost: 3, eof: true }]));
    const chunks = events as ChunkEvent[];
    expect(chunks.map(({ start, end }) => end - start)).toEqual([16 << 20, 16 << 20, 8 << 20]);
    expect(chunks.map(({ lost }) => lost)).toEqual([3, 0, 0]);
    expect(chunks.map(({ eof }) => eof)).toEqual([false, false, true]);
  });

  it("forgets what was not used for long, and stays right", () => {
    const many: ChunkEvent[] = [];
    for (let k = 0; k < 70_000; k++) {
      const process = { pid: k, comm: "x", name: "x" };
      many.push(chunk({ id: k, medium: "pipe", reverse: undefined }, String(k), { process, peer: undefined }));
    }
    const { events, capture } = decode(encode([...many, many[0]!]));
    expect(capture.skipped).toBe(0);
    expect(capture.problem).toBeUndefined();
    expect(events).toHaveLength(70_001);
    const last = events.at(-1) as ChunkEvent;
    expect([bytesOf(last), last.process?.pid, last.stream.id]).toEqual(["0", 0, 0]);
  });

  it("refuses to keep more than the format allows", () => {
    const out = new ByteBuffer(1 << 20), capture = new CaptureEncoder(out, 0);
    capture.chunk(out, chunk(pair()[0], "one"));
    const name = new Uint8Array(9000 * 13);
    const view = new DataView(name.buffer);
    for (let k = 0; k < 9000; k++) {
      view.setUint32(k * 13, 5, true);
      name[k * 13 + 4] = 1; // a source
      view.setUint32(k * 13 + 8, k + 10, true);
    }
    const decoded = decode(new Uint8Array([...out.bytes.subarray(0, out.length), ...name]));
    expect(decoded.capture.problem).toMatch(/more than the format allows/);
  });

  it("stops at a record that claims to be larger than any", () => {
    const bytes = encode([chunk(pair()[0], "one")]);
    const { events, capture } = decode(new Uint8Array([...bytes, ...new Uint8Array(64).fill(255)]));
    expect(events.map(bytesOf)).toEqual(["one"]);
    expect(capture.problem).toMatch(/4294967295 bytes/);
  });

  it("takes any bytes without throwing", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (junk) => {
      expect(decode(junk).events).toEqual([]);
      decode(new Uint8Array([...encode([]), ...junk]));
    }));
    const [a] = pair();
    const good = encode([chunk(a, "one"), { kind: "gap", time: 1, source: "k", reason: "r", message: "m" }]);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const bad = good.slice();
      for (const [at, value] of changes) bad[at] = value;
      decode(bad);
    }));
  });

  it("knows its files by their header", () => {
    expect(readHeader(encode([]))).toBe(32);
    expect(readHeader(encoder.encode("{}"))).toBe("not a mcpsonde capture");
    const later = encode([]);
    later[8] = 9;
    expect(readHeader(later)).toMatch(/version 9/);
    expect(decode(later).capture.problem).toMatch(/version 9/);
  });
});
