import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FLAG_PREVIEW,
  FLAG_TCP,
  FLAG_WRITER,
  STATE_CANDIDATE,
  STATE_CONFIRMED,
  STATE_REJECTED,
} from "../../../bpf/records.ts";
import { A, B, CLIENT, GET, OK, PAGE, POST, REMOTE, SERVER, session, setUp, tcp, text } from "./_net.ts";
import { data, exit } from "./_records.ts";

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
