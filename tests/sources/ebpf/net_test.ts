import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress } from "../../../bpf/address.ts";
import {
  FLAG_PREVIEW,
  FLAG_TCP,
  FLAG_TLS,
  FLAG_WRITER,
  SLOTS,
  STATE_CANDIDATE,
  STATE_CONFIRMED,
  STATE_REJECTED,
  STATE_TLS,
  STATE_UNKNOWN,
} from "../../../bpf/records.ts";
import type { ChunkEvent, Event } from "../../../pipeline/event.ts";
import { HttpCheck } from "../../../sources/ebpf/http_check.ts";
import { Processes } from "../../../sources/ebpf/processes.ts";
import { Streams } from "../../../sources/ebpf/streams.ts";
import { cookieOf } from "../../../sources/ebpf/tls/types.ts";
import { block, data, end, eof, exit, socket } from "./_records.ts";

const decoder = new TextDecoder();
const POST =
  'POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 46\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 36\r\n\r\n{"jsonrpc":"2.0","id":1,"result":{}}';
const GET = "GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n";
const PAGE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

/** Ends of a TCP connection. */
const A = 1000, B = 2000;
const CLIENT = { tgid: 100, comm: "client" }, SERVER = { tgid: 200, comm: "server" };
const LOCAL_A = "127.0.0.1:40000", LOCAL_B = "127.0.0.1:80", REMOTE = "203.0.113.9:443";

function setUp(options: { allHttp?: boolean } = {}) {
  const states = new Uint8Array(SLOTS);
  const kernel = { states, follow: () => true, openEnds: () => [] };
  const tls = { executed() {}, mapped() {}, exited() {} };
  const streams = new Streams(kernel, new Processes(() => undefined), {
    source: "kernel",
    bootToEpoch: 0,
    tls,
    ...options,
  });
  let now = 0;
  const push = (...records: Uint8Array[]): ChunkEvent[] => {
    const out: Event[] = [];
    streams.push(block(...records), now, out);
    return out.filter((event) => event.kind === "chunk");
  };
  const tick = (ms: number): ChunkEvent[] => {
    const out: Event[] = [];
    streams.tick(now += ms, out);
    return out.filter((event) => event.kind === "chunk");
  };
  return { states, streams, push, tick };
}

const text = (c: ChunkEvent) => decoder.decode(c.buffer.subarray(c.start, c.end));

/** Records of one connection; `slot` is that of what the client sends, and the one after it of the answers. */
function tcp(slot: number, [a, b] = [LOCAL_A, LOCAL_B], [src, dst] = [A, B]) {
  const out = { slot, src: src!, dst: dst!, flags: FLAG_TCP },
    back = { slot: slot + 1, src: dst!, dst: src!, flags: FLAG_TCP };
  return {
    clientWrites: end({ ...out, ...CLIENT, writer: true, local: a!, remote: b! }),
    serverReads: end({ ...out, ...SERVER, writer: false, local: b!, remote: a! }),
    serverWrites: end({ ...back, ...SERVER, writer: true, local: b!, remote: a! }),
    clientReads: end({ ...back, ...CLIENT, writer: false, local: a!, remote: b! }),
    request: (text: string, time = 1e6) => data({ ...out, ...CLIENT, text, time, flags: FLAG_TCP | FLAG_WRITER }),
    answer: (text: string, time = 2e6) => data({ ...back, ...SERVER, text, time, flags: FLAG_TCP | FLAG_WRITER }),
    answerRead: (text: string, time = 2e6) => data({ ...back, ...CLIENT, text, time }),
    closed: [eof(slot, src!, dst!), eof(slot + 1, dst!, src!)],
  };
}

/** Records of one TLS session. */
function session(slot: number, own: number, who: typeof CLIENT) {
  const other = own + 2 ** 51;
  const library = cookieOf("openssl");
  const out = { slot, src: own, dst: other, flags: FLAG_TLS, library },
    back = { slot: slot + 1, src: other, dst: own, flags: FLAG_TLS, library };
  return {
    sends: end({ ...out, ...who, writer: true }),
    receives: end({ ...back, ...who, writer: false }),
    sent: (text: string, time = 1e6) => data({ ...out, ...who, text, time, flags: FLAG_TLS | FLAG_WRITER }),
    received: (text: string, time = 2e6) => data({ ...back, ...who, text, time, flags: FLAG_TLS }),
    on: (src: number, dst: number, strength = 3) => socket([own, other], [src, dst], who.tgid, strength),
    freed: [eof(slot, own, other), eof(slot + 1, other, own)],
  };
}

describe("TCP connections", () => {
  it("are told once on loopback, with both processes and both addresses", () => {
    const s = setUp();
    s.states[1] = STATE_CANDIDATE;
    const c = tcp(1);
    expect(s.push(c.clientWrites, c.request(POST))).toEqual([]); // the server may be about to read
    expect(s.states[1]).toBe(STATE_CONFIRMED);
    const chunks = s.push(c.serverReads, c.serverWrites, c.answer(OK), c.clientReads);
    expect(chunks.map(text)).toEqual([POST, OK]);
    const [request, answer] = chunks;
    expect(request).toMatchObject({ process: { pid: 100 }, peer: { pid: 200 } });
    expect(answer).toMatchObject({ process: { pid: 200 }, peer: { pid: 100 } });
    expect(request!.stream).toMatchObject({
      medium: "tcp",
      from: { address: "127.0.0.1", port: 40000 },
      to: { address: "127.0.0.1", port: 80 },
    });
    expect(request!.stream.reverse).toBe(answer!.stream);
    expect(answer!.stream.to).toEqual({ address: "127.0.0.1", port: 40000 });
  });

  it.each([[OK.length], [40]])("are told once where the reader was seen before the writer's first %i bytes", (cut) => {
    const s = setUp();
    s.states[1] = STATE_CANDIDATE;
    const c = tcp(1);
    s.push(c.clientWrites, c.request(POST));
    let told = s.push(c.serverReads, c.clientReads, c.answerRead(OK, 2e6)).map(text).join("");
    told += s.push(c.serverWrites, c.answer(OK.slice(0, cut), 2.1e6), c.answer(OK.slice(cut), 2.2e6)).map(text).join(
      "",
    );
    told += s.tick(50).map(text).join("");
    told += s.push(c.answer(OK, 30e6)).map(text).join("");
    expect(told).toBe(`${POST}${OK}${OK}`);
  });

  it("to another machine wait for nobody", () => {
    const s = setUp();
    s.states[1] = STATE_CANDIDATE;
    const c = tcp(1, ["192.0.2.1:40000", REMOTE]);
    expect(s.push(c.clientWrites, c.request(POST)).map(text)).toEqual([POST]);
    const [answer] = s.push(c.clientReads, c.answerRead(OK));
    expect(text(answer!)).toBe(OK);
    expect(answer!.process).toBeUndefined();
    expect(answer!.peer?.pid).toBe(100);
  });

  it("without a sign of MCP are rejected after a few exchanges, both directions", () => {
    const s = setUp();
    s.states[1] = s.states[2] = STATE_CANDIDATE;
    const c = tcp(1);
    expect(s.push(c.clientWrites, c.serverReads, c.serverWrites, c.clientReads)).toEqual([]);
    for (let i = 0; i < 8; i++) expect(s.push(c.request(GET), c.answer(PAGE))).toEqual([]);
    expect([s.states[1], s.states[2]]).toEqual([STATE_REJECTED, STATE_REJECTED]);
    expect(s.push(c.request(POST))).toEqual([]);
  });

  it("are all told where all are wanted", () => {
    const s = setUp({ allHttp: true });
    s.states[1] = STATE_CANDIDATE;
    const c = tcp(1);
    expect(s.push(c.clientWrites, c.serverReads, c.request(GET)).map(text)).toEqual([GET]);
  });

  it("tell what went before the first sign, in the order of time", () => {
    const s = setUp();
    s.states[1] = s.states[2] = STATE_CANDIDATE;
    const c = tcp(1);
    s.push(c.clientWrites, c.serverReads, c.serverWrites, c.clientReads);
    expect(s.push(c.request(GET, 1e6), c.answer(PAGE, 2e6))).toEqual([]);
    expect(s.push(c.request(POST, 3e6), c.answer(OK, 4e6)).map(text)).toEqual([GET, PAGE, POST, OK]);
  });

  it("with an event stream that began before capture are told from an event on", () => {
    const s = setUp();
    const c = tcp(1);
    const event = 'event: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\r\n\r\n';
    const preview = data({
      slot: 2,
      src: B,
      dst: A,
      ...SERVER,
      text: `5a\r\n${event}`,
      flags: FLAG_TCP | FLAG_WRITER | FLAG_PREVIEW,
    });
    const chunks = s.push(c.serverWrites, c.clientReads, preview);
    expect(chunks.map(text)).toEqual([`5a\r\n${event}`]);
    expect(s.states[2]).toBe(STATE_CONFIRMED);
  });

  it("end both ways, and may be made again with the same addresses", () => {
    const s = setUp();
    s.states[1] = STATE_CANDIDATE;
    const c = tcp(1);
    s.push(c.clientWrites, c.serverReads, c.request(POST), c.serverWrites, c.clientReads, c.answer(OK));
    expect(s.push(...c.closed).map((chunk) => chunk.eof)).toEqual([true, true]);
    expect(s.streams.size).toBe(0);
    s.states[5] = STATE_CANDIDATE;
    const again = tcp(5);
    const chunks = s.push(again.clientWrites, again.serverReads, again.request(POST));
    expect(chunks.map(text)).toEqual([POST]);
  });
});

describe("TLS sessions", () => {
  /** A connection with TLS in it, as its handshake shows it. */
  function handshake(s: ReturnType<typeof setUp>, ends?: [string, string]) {
    s.states[1] = s.states[2] = STATE_TLS;
    const c = tcp(1, ends);
    expect(s.push(c.clientWrites, c.serverReads, c.serverWrites, c.clientReads)).toEqual([]);
    return c;
  }

  it("get addresses and peer from the connection that carries them", () => {
    const s = setUp();
    handshake(s);
    s.states[11] = s.states[12] = STATE_CANDIDATE;
    const mine = session(11, 5000, CLIENT);
    expect(s.push(mine.sends, mine.sent(POST))).toEqual([]); // whose connection is not known
    const chunks = s.push(mine.on(A, B), mine.receives, mine.received(OK));
    expect(chunks.map(text)).toEqual([POST, OK]);
    expect(chunks[0]).toMatchObject({ process: { pid: 100 }, peer: { pid: 200 } });
    expect(chunks[0]!.stream).toMatchObject({ medium: "tls", tls: "openssl", to: { address: "127.0.0.1", port: 80 } });
    expect(chunks[1]).toMatchObject({ process: { pid: 200 }, peer: { pid: 100 } });
  });

  it("at both ends of one connection are told once", () => {
    const s = setUp();
    handshake(s);
    [11, 12, 21, 22].forEach((slot) => s.states[slot] = STATE_CANDIDATE);
    const mine = session(11, 5000, CLIENT), theirs = session(21, 6000, SERVER);
    const chunks = s.push(
      mine.sends,
      mine.sent(POST),
      mine.on(A, B, 1),
      theirs.on(B, A),
      theirs.receives,
      theirs.received(POST),
      theirs.sends,
      theirs.sent(OK),
      mine.on(A, B),
      mine.receives,
      mine.received(OK),
    );
    expect(chunks.map(text)).toEqual([POST, OK]);
    expect(chunks.map((c) => [c.process?.pid, c.peer?.pid])).toEqual([[100, 200], [200, 100]]);
    expect([s.states[21], s.states[22]]).toEqual([STATE_REJECTED, STATE_REJECTED]);
    expect(s.push(theirs.received(POST), mine.sent(POST)).map(text)).toEqual([POST]);
  });

  it("at both ends are told once also where the client's connection is but likely", () => {
    const s = setUp();
    handshake(s);
    [11, 12, 21, 22].forEach((slot) => s.states[slot] = STATE_CANDIDATE);
    const mine = session(11, 5000, CLIENT), theirs = session(21, 6000, SERVER);
    const chunks = s.push(
      mine.on(A, B, 2),
      mine.sends,
      mine.sent(POST),
      theirs.on(B, A),
      theirs.receives,
      theirs.received(POST),
    );
    expect(chunks.map(text)).toEqual([POST]);
    expect(s.states[22]).toBe(STATE_REJECTED);
  });

  it("are not taken for one another where they only seem to share a connection", () => {
    const s = setUp();
    handshake(s);
    [11, 12, 21, 22].forEach((slot) => s.states[slot] = STATE_CANDIDATE);
    const mine = session(11, 5000, CLIENT), theirs = session(21, 6000, SERVER);
    const other = POST.replace("tools/list", "tools/call");
    const chunks = s.push(
      mine.on(A, B, 2),
      mine.sends,
      mine.sent(POST),
      theirs.on(B, A),
      theirs.receives,
      theirs.received(other),
    );
    expect(chunks.map(text)).toEqual([POST, other]);
  });

  it("are told once also where the server's was known first, and the client's was told before the server read", () => {
    const s = setUp();
    handshake(s);
    [11, 12, 21, 22].forEach((slot) => s.states[slot] = STATE_CANDIDATE);
    const mine = session(11, 5000, CLIENT), theirs = session(21, 6000, SERVER);
    const first = s.push(theirs.on(B, A, 2), mine.on(A, B, 2), mine.sends, mine.sent(POST));
    expect(first.map(text)).toEqual([POST]);
    expect(s.push(theirs.on(B, A), theirs.receives, theirs.received(POST), theirs.sends, theirs.sent(OK))).toEqual([]);
    expect(s.push(mine.receives, mine.received(OK)).map(text)).toEqual([OK]);
  });

  it("at both ends are told by the client's though its first request was read before the probes came", () => {
    const s = setUp();
    handshake(s);
    [11, 12, 21, 22].forEach((slot) => s.states[slot] = STATE_CANDIDATE);
    const mine = session(11, 5000, CLIENT), theirs = session(21, 6000, SERVER);
    const chunks = s.push(
      theirs.sends,
      theirs.sent(OK),
      theirs.on(B, A),
      mine.sends,
      mine.sent(POST),
      mine.on(A, B),
      mine.receives,
      mine.received(OK),
    );
    expect(chunks.map(text)).toEqual([POST, OK]);
  });

  it("are told without addresses where no connection can be found", () => {
    const s = setUp();
    s.states[11] = STATE_CANDIDATE;
    const mine = session(11, 5000, CLIENT);
    expect(s.push(mine.sends, mine.sent(POST))).toEqual([]);
    const [chunk] = s.tick(200);
    expect(text(chunk!)).toBe(POST);
    expect(chunk!.stream.to).toBeUndefined();
    expect(chunk!.peer).toBeUndefined();
  });

  it("may be made again at the same address, freed or not", () => {
    const s = setUp();
    const c = handshake(s);
    s.states[11] = s.states[12] = STATE_CANDIDATE;
    const mine = session(11, 5000, CLIENT);
    s.push(mine.on(A, B), mine.sends, mine.sent(POST), mine.receives, mine.received(OK));
    expect(s.push(...mine.freed).filter((chunk) => chunk.eof).length).toBe(2);
    s.push(mine.on(A, B), mine.sends, mine.sent(POST), mine.receives, mine.received(OK));
    s.push(...c.closed);
    expect(s.tick(2000).filter((chunk) => chunk.eof).length).toBe(2);
    expect(s.states[11]).toBe(STATE_UNKNOWN);
    expect(s.streams.size).toBe(0);
  });

  it("end with their process", () => {
    const s = setUp();
    s.states[11] = STATE_CANDIDATE;
    const mine = session(11, 5000, CLIENT);
    s.push(mine.sends, mine.sent(POST));
    s.tick(200);
    s.push(exit(100));
    expect(s.tick(1000).map((chunk) => chunk.eof)).toEqual([true]);
  });
});

describe("HttpCheck", () => {
  const check = (...pieces: string[]) => {
    const check = new HttpCheck();
    let verdict = "more";
    for (const piece of pieces) {
      const bytes = new TextEncoder().encode(piece);
      verdict = check.push("out", bytes, 0, bytes.length);
      if (verdict !== "more") break;
    }
    return verdict;
  };

  for (
    const sign of [
      POST,
      "GET /mcp HTTP/1.1\r\nMcp-Session-Id: 1\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\nevent: endpoint\ndata: /messages\n\n",
      "GET /.well-known/oauth-protected-resource HTTP/1.1\r\n\r\n",
      "POST /v1/messages HTTP/1.1\r\n\r\n",
      "POST /openai/deployments/x/chat/completions?v=1 HTTP/1.1\r\n\r\n",
      "POST /v1beta/models/gemini:streamGenerateContent HTTP/1.1\r\n\r\n",
    ]
  ) it(`knows ${sign.split("\r\n")[0]}`, () => expect(check(sign)).toBe("confirmed"));

  it("knows a sign cut in two", () => expect(check(POST.slice(0, 60), POST.slice(60))).toBe("confirmed"));
  it("waits at first", () => expect(check(GET)).toBe("more"));
  it("gives up a large download", () => expect(check("x".repeat(300_000))).toBe("rejected"));
});

describe("formatAddress", () => {
  const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  for (
    const [hex, shown] of [
      ["7f000001", "127.0.0.1"],
      ["00000000000000000000000000000001", "::1"],
      ["00000000000000000000000000000000", "::"],
      ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
      ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
      ["fe800000000000000000000000000000", "fe80::"],
    ]
  ) it(`gives ${shown}`, () => expect(formatAddress(bytes(hex!))).toBe(shown));
});

describe("Streams with TCP and TLS", () => {
  it("survive any order of records", () => {
    const c = tcp(1), mine = session(11, 5000, CLIENT), theirs = session(21, 6000, SERVER);
    const records = [
      c.clientWrites,
      c.serverReads,
      c.serverWrites,
      c.clientReads,
      c.request(POST),
      c.answer(OK),
      ...c.closed,
      mine.sends,
      mine.receives,
      mine.sent(POST),
      mine.received(OK),
      mine.on(A, B),
      ...mine.freed,
      theirs.sends,
      theirs.received(POST),
      theirs.sent(OK),
      theirs.on(B, A),
      exit(100),
      exit(200),
    ];
    fc.assert(fc.property(
      fc.array(fc.nat(records.length - 1), { maxLength: 60 }),
      fc.array(fc.tuple(fc.constantFrom(1, 2, 11, 12, 21, 22), fc.nat(4)), { maxLength: 6 }),
      (order, states) => {
        const s = setUp();
        for (const [slot, state] of states) s.states[slot] = state;
        order.forEach((i, n) => {
          s.push(records[i]!);
          if (n % 7 === 6) s.tick(90);
        });
        s.tick(10_000);
        s.tick(10_000);
        expect(s.streams.idle).toBe(true);
      },
    ));
  });
});
