import { describe, expect, it } from "vitest";
import { STATE_CANDIDATE, STATE_REJECTED, STATE_TLS, STATE_UNKNOWN } from "../../../bpf/records.ts";
import { A, B, CLIENT, OK, POST, SERVER, session, setUp, tcp, text } from "./_net.ts";
import { exit } from "./_records.ts";

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
