import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { concat } from "./_bytes.ts";
import { cut, read, type Told } from "./_recorder.ts";
import { type Exchange, record } from "./_session.ts";

const token = "0123456789abcdef";
const EXCHANGES: readonly Exchange[] = Array.from({ length: 40 }, (_, k) => ({
  path: `/mcp?call=${k}`,
  request: {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-session-id": token,
    ...(k % 3 === 0 ? { [`x-only-${k}`]: `${k}`.repeat(k) } : {}),
    ...(k % 5 === 0 ? { "x-large": "value ".repeat(3500) } : {}),
  },
  requestBody: JSON.stringify({
    jsonrpc: "2.0",
    id: k,
    method: "tools/call",
    params: { text: "é\0".repeat(k % 13 === 0 ? 3000 : k) },
  }),
  response: { "content-type": "text/event-stream", "x-trace": token.repeat(k % 7) },
  responseBody: Array.from({ length: k % 6 + 1 }, (_, n) => `data: {"id":${k},"part":${n}}\n\n`),
  ...(k % 4 === 0 ? { trailers: { "x-status": `done ${k}` } } : {}),
}));

/** What was told of each stream, in the order of streams. */
function byStream(told: readonly Told[]): Map<number, Told[]> {
  const streams = new Map<number, Told[]>();
  for (const one of told) {
    const id = one[0] === "settings" || one[0] === "goaway" ? 0 : one[1];
    const before = streams.get(id) ?? [], last = before.at(-1);
    streams.set(id, before);
    if (one[0] === "data" && last?.[0] === "data") before[before.length - 1] = ["data", id, last[2] + one[2]];
    else before.push(one);
  }
  return streams;
}

function latin1(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** Offsets of the frames from `start` on. */
function boundaries(bytes: Uint8Array, start: number): number[] {
  const offsets: number[] = [];
  for (let at = start; at < bytes.length; at += 9 + (bytes[at]! << 16 | bytes[at + 1]! << 8 | bytes[at + 2]!)) {
    offsets.push(at);
  }
  return offsets;
}

/** By stream (below 256): the offset of its first HEADERS. */
function beginnings(bytes: Uint8Array, offsets: readonly number[]): Map<number, number> {
  const first = new Map<number, number>();
  for (const at of offsets) if (bytes[at + 3] === 1 && !first.has(bytes[at + 8]!)) first.set(bytes[at + 8]!, at);
  return first;
}

/** Streams that begin at `offset` or later are told as in `whole`, but for fields left out. */
function expectLater(
  told: readonly Told[],
  whole: readonly Told[],
  first: ReadonlyMap<number, number>,
  offset: number,
): void {
  const late = byStream(told), complete = byStream(whole);
  for (const [id, begins] of first) {
    const right = complete.get(id) ?? [];
    if (begins < offset) continue;
    const seen = late.get(id) ?? [];
    expect(seen.map(([what]) => what)).toEqual(right.map(([what]) => what));
    for (const [k, one] of seen.entries()) if (one[0] !== "headers") expect(one).toEqual(right[k]);
  }
  for (const [id, seen] of late) for (const one of seen) if (one[0] === "headers") fits(one, complete.get(id) ?? []);
}

describe("Http2Parser and node:http2", () => {
  let client: Uint8Array = new Uint8Array(), server: Uint8Array = new Uint8Array();
  let whole: { readonly client: Told[]; readonly server: Told[] };

  beforeAll(async () => {
    const recorded = await record(EXCHANGES, 6);
    client = concat(...recorded.client);
    server = concat(...recorded.server);
    whole = { client: read(recorded.client), server: read(recorded.server) };
  });

  function directions() {
    return [{ bytes: client, start: 24, told: whole.client }, { bytes: server, start: 0, told: whole.server }]
      .map(({ bytes, start, told }) => {
        const offsets = boundaries(bytes, start);
        return { bytes, told, offsets, first: beginnings(bytes, offsets) };
      });
  }

  it("reads every exchange", () => {
    expect([...whole.client, ...whole.server].filter(([what]) => what === "problem")).toEqual([]);
    const requests = byStream(whole.client), responses = byStream(whole.server);
    let found = 0;
    for (const [id, told] of requests) {
      if (id === 0) continue;
      const [head, body, end] = told;
      if (head?.[0] !== "headers") throw new Error(`No head but ${head}`);
      const path = head[2].find(([name]) => name === ":path")?.[1];
      const exchange = EXCHANGES.find((exchange) => exchange.path === path)!;
      for (const [name, value] of Object.entries(exchange.request)) expect(head[2]).toContainEqual([name, value]);
      expect([body, end]).toEqual([["data", id, latin1(exchange.requestBody)], ["end", id]]);
      const [answer, data, ...rest] = responses.get(id) ?? [];
      if (answer?.[0] !== "headers") throw new Error(`No answer but ${answer}`);
      expect(answer[2]).toContainEqual([":status", "200"]);
      for (const [name, value] of Object.entries(exchange.response)) expect(answer[2]).toContainEqual([name, value]);
      expect(data).toEqual(["data", id, exchange.responseBody.join("")]);
      const trailers = Object.entries(exchange.trailers ?? {});
      expect(rest).toEqual([...(trailers.length > 0 ? [["headers", id, trailers, true, true]] : []), ["end", id]]);
      found++;
    }
    expect(found).toBe(EXCHANGES.length);
  });

  it("reads the same in pieces of any size", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
        expect(byStream(read(cut(client, places)))).toEqual(byStream(whole.client));
        expect(byStream(read(cut(server, places)))).toEqual(byStream(whole.server));
      }),
      { numRuns: 15 },
    );
  });

  it("joins at any frame, and misses nothing of what comes", () => {
    for (const { bytes, told, offsets, first } of directions()) {
      expect(offsets.length).toBeGreaterThan(EXCHANGES.length * 2);
      for (const [k, offset] of offsets.entries()) {
        if (k > 60 && k % 4 !== 0) continue;
        const late = read([bytes.subarray(offset)]);
        expectLater(late, told, first, offset);
        expect(late.filter(([what]) => what === "problem")).toEqual([]);
      }
    }
  });

  it("joins anywhere, and misses no stream that begins after the frame it joins in", () => {
    for (const { bytes, told, offsets, first } of directions()) {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: bytes.length }), fc.array(fc.nat(), { maxLength: 5 }), (join, places) => {
          expectLater(read(cut(bytes.slice(join), places)), told, first, offsets.find((at) => at >= join) ?? Infinity);
        }),
        { numRuns: 30 },
      );
    }
  });

  it("misses no stream that begins after a loss", () => {
    for (const { bytes, told, offsets, first } of directions()) {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: bytes.length }), fc.integer({ min: 1, max: 3000 }), (at, lost) => {
          const after = Math.min(bytes.length, at + lost);
          const seen = read([bytes.slice(0, at), after - at, bytes.slice(after)]);
          expectLater(seen, told, first, offsets.find((at) => at >= after) ?? Infinity);
        }),
        { numRuns: 30 },
      );
    }
  });
});

/** Some header block of the stream has these fields, and no others if it is said to be complete. */
function fits(one: Told & { readonly 0: "headers" }, stream: readonly Told[]): void {
  const fitting = stream.some((right) =>
    right[0] === "headers" &&
    (one[4] ? JSON.stringify(right[2]) === JSON.stringify(one[2]) : isSubsequence(one[2], right[2]))
  );
  expect(fitting).toBe(true);
}

function isSubsequence(part: readonly unknown[], whole: readonly unknown[]): boolean {
  let at = 0;
  for (const one of whole) if (at < part.length && JSON.stringify(one) === JSON.stringify(part[at])) at++;
  return at === part.length;
}
