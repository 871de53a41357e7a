import { describe, expect, it } from "vitest";
import {
  FLAG_PREVIEW,
  FLAG_UNIX,
  FLAG_WRITER,
  type OpenEnd,
  SLOTS,
  STATE_CANDIDATE,
  STATE_CONFIRMED,
  STATE_REJECTED,
} from "../../../bpf/records.ts";
import type { ChunkEvent, Event } from "../../../pipeline/event.ts";
import { wanted } from "../../../sources/ebpf/filter.ts";
import { Processes } from "../../../sources/ebpf/processes.ts";
import { Streams } from "../../../sources/ebpf/streams.ts";
import { block, data, type DataSpec, end, eof, exec, exit } from "./_records.ts";

const REQUEST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n';
const ANSWER = '{"jsonrpc":"2.0","id":1,"result":{}}\n';
const decoder = new TextDecoder();

/** A Streams with a kernel made of arrays. */
function setUp(filter?: Parameters<typeof wanted>) {
  const states = new Uint8Array(SLOTS), followed: string[] = [];
  let ends: OpenEnd[] = [];
  const kernel = {
    states,
    follow: (src: number, dst: number) => followed.push(`${src}>${dst}`) > 0,
    openEnds: () => ends,
  };
  const streams = new Streams(kernel, new Processes(() => undefined), {
    source: "kernel",
    bootToEpoch: 0,
    wanted: filter && wanted(...filter),
  });
  let now = 0;
  return {
    states,
    followed,
    streams,
    setEnds: (next: OpenEnd[]) => ends = next,
    push: (...records: Uint8Array[]): Event[] => {
      const out: Event[] = [];
      streams.push(block(...records), now, out);
      return out;
    },
    tick: (ms: number, last = false): Event[] => {
      const out: Event[] = [];
      now += ms;
      streams.tick(now, out, last);
      return out;
    },
  };
}

const chunks = (events: Event[]): ChunkEvent[] => events.filter((event) => event.kind === "chunk");
const text = (events: Event[]): string =>
  chunks(events).map((c) => decoder.decode(c.buffer.subarray(c.start, c.end))).join("");
const request = (more: Partial<DataSpec> = {}) =>
  data({ slot: 1, src: 10, dst: 10, tgid: 100, text: REQUEST, ...more });
const client = end({ slot: 1, src: 10, dst: 10, tgid: 100, comm: "client", writer: true });
const server = end({
  slot: 1,
  src: 10,
  dst: 10,
  tgid: 200,
  comm: "server",
  writer: false,
  fd: 0,
  stdin: [10, 0],
  stdout: [20, 0],
});

describe("Streams", () => {
  it("confirms a stream at its first JSON-RPC message and passes it on once the reader shows itself", () => {
    const s = setUp();
    s.states[1] = STATE_CANDIDATE;
    expect(s.push(client, request())).toEqual([]);
    expect(s.states[1]).toBe(STATE_CONFIRMED);
    const [chunk] = chunks(s.push(server));
    expect(chunk).toMatchObject({
      process: { pid: 100, comm: "client" },
      peer: { pid: 200, comm: "server" },
      lost: 0,
      eof: false,
    });
    expect(decoder.decode(chunk!.buffer.subarray(chunk!.start, chunk!.end))).toBe(REQUEST);
  });

  it("does not wait for ever for a reader that hangs: who holds the other end stands in", () => {
    const s = setUp();
    s.push(client, request());
    expect(s.tick(50)).toEqual([]);
    s.setEnds([{ end: 10, peer: 0, tgid: 300, fd: 0, readable: true, writable: false, ppid: 1, comm: "hung" }]);
    const [chunk] = chunks(s.tick(60));
    expect(chunk).toMatchObject({ process: { pid: 100 }, peer: { pid: 300, comm: "hung" } });
  });

  it("takes the client for the reader of answers that it has not read yet, whoever else holds its end", () => {
    const s = setUp();
    s.push(client, request(), server);
    s.push(
      end({
        slot: 2,
        src: 20,
        dst: 20,
        tgid: 200,
        comm: "server",
        writer: true,
        fd: 1,
        stdin: [10, 0],
        stdout: [20, 0],
      }),
      data({ slot: 2, src: 20, dst: 20, tgid: 200, text: ANSWER }),
    );
    s.setEnds([{ end: 20, peer: 0, tgid: 999, fd: 9, readable: true, writable: false, ppid: 1, comm: "sibling" }]);
    expect(chunks(s.tick(150))[0]).toMatchObject({ process: { pid: 200 }, peer: { pid: 100, comm: "client" } });
  });

  it("waits for the server behind a launcher", () => {
    const s = setUp();
    s.push(client, request());
    const launcher = { end: 10, peer: 0, tgid: 300, fd: 0, readable: true, writable: false, ppid: 1, comm: "npx" };
    s.setEnds([launcher]);
    expect(s.tick(150)).toEqual([]);
    s.setEnds([launcher, { ...launcher, tgid: 301, comm: "server" }]);
    expect(chunks(s.tick(150))[0]).toMatchObject({ peer: { pid: 301, comm: "server" } });
  });

  it("joins a server's stdout to its stdin by its descriptors, and has the kernel follow it from the first byte", () => {
    const s = setUp();
    s.push(client, request(), server);
    expect(s.followed).toEqual(["20>20"]);
    const out = end({
      slot: 2,
      src: 20,
      dst: 20,
      tgid: 200,
      comm: "server",
      writer: true,
      fd: 1,
      stdin: [10, 0],
      stdout: [20, 0],
    });
    s.push(out, data({ slot: 2, src: 20, dst: 20, tgid: 200, text: "a log line\n" }));
    const events = s.push(end({ slot: 2, src: 20, dst: 20, tgid: 100, comm: "client", writer: false }));
    expect(text(events)).toBe("a log line\n");
    expect(chunks(events)[0]!.stream.reverse?.reverse).toBe(chunks(events)[0]!.stream);
  });

  it("joins by the pair of processes where no descriptor tells", () => {
    const s = setUp();
    s.push(client, request(), end({ slot: 1, src: 10, dst: 10, tgid: 200, comm: "server", writer: false, fd: 7 }));
    const events = s.push(
      end({ slot: 2, src: 20, dst: 20, tgid: 200, comm: "server", writer: true, fd: 8 }),
      end({ slot: 2, src: 20, dst: 20, tgid: 100, comm: "client", writer: false }),
      data({ slot: 2, src: 20, dst: 20, tgid: 200, text: ANSWER }),
    );
    expect(chunks(events)[0]!.stream.reverse).toBeDefined();
  });

  it("keeps a candidate's first lines, and tells of them when a message follows", () => {
    const s = setUp();
    s.push(client, server, request({ text: "starting up\n", flags: FLAG_WRITER | FLAG_PREVIEW }));
    const events = s.push(request({ position: 12 }));
    expect(text(events)).toBe("starting up\n" + REQUEST);
  });

  it("rejects JSON lines that are not JSON-RPC after a few", () => {
    const s = setUp();
    s.states[1] = STATE_CANDIDATE;
    let position = 0;
    for (let i = 0; i < 20; i++) {
      s.push(request({ text: '{"level":"info"}\n', position }));
      position += 17;
    }
    expect(s.states[1]).toBe(STATE_REJECTED);
    expect(s.streams.counts.rejected).toBe(1);
    expect(s.push(request({ position }))).toEqual([]);
  });

  it("counts bytes that the ring lost, where they were lost", () => {
    const s = setUp();
    s.push(client, server, request());
    const events = s.push(request({ position: REQUEST.length + 1000 }));
    expect(events[0]).toMatchObject({ kind: "gap", reason: "ring_full", lost: { bytes: 1000 } });
    expect(events[1]).toMatchObject({ kind: "chunk", lost: 1000 });
  });

  it("takes the reader's bytes only where no writer shows itself", () => {
    const s = setUp();
    const read = request({ flags: 0, tgid: 200 });
    expect(s.push(server, read)).toEqual([]);
    expect(text(s.tick(30))).toBe(REQUEST);
    const t = setUp();
    t.push(server, read);
    expect(text(t.push(client, request()))).toBe(REQUEST);
    expect(t.tick(30)).toEqual([]);
  });

  it("tells a write larger than the pipe once, though its reader took most of it before it returned", () => {
    const message = `{"jsonrpc":"2.0","id":1,"method":"x","params":"${"a".repeat(1000)}"}\n`;
    const s = setUp();
    s.push(server, request({ flags: 0, tgid: 200, text: message.slice(0, 700) }));
    let seen = text(s.tick(30)); // nothing yet: the line is not whole
    seen += text(
      s.push(client, request({ text: message.slice(0, 500) }), request({ text: message.slice(500), position: 500 })),
    );
    expect(seen).toBe(message);
  });

  it("ends a stream at the reader's end of file, and when nobody holds it any more", () => {
    const s = setUp();
    s.push(client, server, request());
    expect(chunks(s.push(eof(1, 10, 10)))).toMatchObject([{ eof: true, start: 0, end: 0 }]);
    const t = setUp();
    t.push(client, server, request());
    t.push(exit(200));
    expect(chunks(t.tick(400))).toMatchObject([{ eof: true }]);
  });

  it("takes an inode that is used again as another stream", () => {
    const s = setUp();
    const first = s.push(client, server, request());
    const again = { slot: 1, src: 11, dst: 11 };
    s.push(
      end({ ...again, tgid: 100, comm: "client", writer: true }),
      end({ ...again, tgid: 201, comm: "other", writer: false }),
    );
    const second = s.push(request(again));
    expect(chunks(second)[0]!.stream).not.toBe(chunks(first)[0]!.stream);
    expect(chunks(second)[0]).toMatchObject({ lost: 0, peer: { comm: "other" } });
  });

  it("goes on with a stream that the kernel forgot and found again", () => {
    const s = setUp();
    const first = s.push(client, server, request());
    const second = s.push(request({ slot: 5, flags: FLAG_WRITER | 2 }));
    expect(chunks(second)[0]!.stream).toBe(chunks(first)[0]!.stream);
    expect(chunks(second)[0]).toMatchObject({ lost: 0 });
  });

  it("follows a socketpair by its two inodes", () => {
    const s = setUp();
    const there = { slot: 1, src: 10, dst: 11 }, back = { slot: 2, src: 11, dst: 10 };
    s.push(
      end({ ...there, tgid: 100, comm: "client", writer: true, flags: FLAG_UNIX }),
      end({ ...there, tgid: 200, comm: "server", writer: false, flags: FLAG_UNIX }),
    );
    const one = s.push(request({ ...there, flags: FLAG_WRITER | FLAG_UNIX }));
    s.push(
      end({ ...back, tgid: 200, comm: "server", writer: true, flags: FLAG_UNIX }),
      end({ ...back, tgid: 100, comm: "client", writer: false, flags: FLAG_UNIX }),
    );
    const two = s.push(data({ ...back, tgid: 200, text: ANSWER, flags: FLAG_WRITER | FLAG_UNIX }));
    expect(chunks(one)[0]!.stream).toMatchObject({ medium: "unix" });
    expect(chunks(two)[0]!.stream.reverse).toBe(chunks(one)[0]!.stream);
  });

  it.each(["writer", "reader"])(
    "takes for one stream what is written before a connection is accepted, %s first",
    (first) => {
      const s = setUp();
      const before = { slot: 1, src: 10, dst: 0 },
        there = { slot: 2, src: 10, dst: 11 },
        back = { slot: 3, src: 11, dst: 10 };
      const written = [
        end({ ...before, tgid: 100, comm: "client", writer: true, flags: FLAG_UNIX }),
        request({ ...before, flags: FLAG_WRITER | FLAG_UNIX }),
      ];
      const read = [
        end({ ...there, tgid: 200, comm: "server", writer: false, flags: FLAG_UNIX }),
        request({ ...there, tgid: 200, flags: FLAG_UNIX }),
      ];
      const asked = chunks(s.push(...(first === "writer" ? [...written, ...read] : [...read, ...written])));
      expect(text(asked)).toBe(REQUEST);
      expect(asked[0]).toMatchObject({ process: { pid: 100 }, peer: { pid: 200 } });
      const more = s.push(
        request({ ...there, flags: FLAG_WRITER | FLAG_UNIX }),
        request({ ...there, flags: FLAG_UNIX }),
      );
      expect(text(more)).toBe(REQUEST);
      const answered = chunks(s.push(
        end({ ...back, tgid: 200, comm: "server", writer: true, flags: FLAG_UNIX }),
        end({ ...back, tgid: 100, comm: "client", writer: false, flags: FLAG_UNIX }),
        data({ ...back, tgid: 200, text: ANSWER, flags: FLAG_WRITER | FLAG_UNIX }),
        data({ slot: 4, src: 0, dst: 10, tgid: 100, text: ANSWER, flags: FLAG_UNIX }), // the server is gone
      ));
      expect(text(answered)).toBe(ANSWER);
      expect(answered[0]!.stream.reverse).toBe(asked[0]!.stream);
      expect(s.tick(1000)).toEqual([]);
    },
  );

  it("leaves out what is not wanted, in the kernel too", () => {
    const s = setUp([{ pid: [], comm: ["claude"], container: [] }, undefined, undefined]);
    expect(s.push(client, server, request())).toEqual([]);
    expect(s.states[1]).toBe(STATE_REJECTED);
    expect(s.streams.counts.filtered).toBe(1);
  });

  it.each([
    ["an answer", ANSWER, "python3", 0],
    ["a request read by a tool for text", REQUEST, "jq", 0],
    ["a request to a server", REQUEST, "python3", 1],
  ])("takes %s in a shell pipeline for what it is", (_, line, reader, expected) => {
    const s = setUp();
    s.push(end({ slot: 1, src: 10, dst: 10, tgid: 100, comm: "curl", writer: true, fd: 1 }), request({ text: line }));
    expect(chunks(s.push(end({ slot: 1, src: 10, dst: 10, tgid: 200, comm: reader, writer: false, fd: 0 }))).length)
      .toBe(expected);
  });

  it("has the kernel follow the answers also when the reader shows itself before the stream is known", () => {
    const s = setUp();
    s.push(server, client, request());
    expect(s.followed).toEqual(["20>20"]);
  });

  it("names a process by its command line even when it has exited", () => {
    const s = setUp();
    const events = s.push(
      exec(100, "node", "/usr/bin/node", ["node", "/opt/inspector/build/cli.js"]),
      end({ slot: 1, src: 10, dst: 10, tgid: 100, comm: "node", writer: true }),
      server,
      request(),
    );
    expect(chunks(events)[0]!.process).toMatchObject({ comm: "node", name: "inspector", exe: "/usr/bin/node" });
  });

  it("survives any bytes", () => {
    const s = setUp();
    let seed = 7;
    const random = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
    for (let i = 0; i < 300; i++) {
      const junk = Uint8Array.from({ length: Math.floor(random() * 400) * 8 }, () => Math.floor(random() * 256));
      for (let at = 0; at + 8 < junk.length; at += 64) {
        junk.set([40 + Math.floor(random() * 80), 0, 0, 0, 0, 0, 0, 0, 1 + Math.floor(random() * 6)], at);
      }
      const out: Event[] = [];
      s.streams.push(junk, i, out);
      s.streams.tick(i, out, i === 299);
    }
    expect(s.streams.size).toBeLessThan(40000);
  });
});
