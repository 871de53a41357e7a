import * as zlib from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Batch, ChunkEvent, HttpEvent, Stream } from "../../../pipeline/event.ts";
import { concat, frame, literal, PREFACE, SETTINGS } from "../../protocols/http2/_bytes.ts";
import { chunk, connect, eof, exchanges, head, join, type Metrics, ok, part, post, runBatches, text } from "./_feed.ts";

/** What each side says in turn: `up` to the server, or `down` from it. */
type Conversation = readonly (readonly ["up" | "down", Uint8Array])[];

const LONG = JSON.stringify({ text: "é and more of it ".repeat(40) });
const HTTP1: Conversation = [
  ["up", post("/mcp?x=1", LONG, ["Content-Type: application/json", "Authorization: Bearer abc"])],
  ["down", ok(zlib.gzipSync(LONG), ["Content-Encoding: gzip"])],
  ["up", join([head("GET /sse HTTP/1.1", ["Accept: text/event-stream"])])],
  ["down", join([head("HTTP/1.1 200 OK", ["Content-Type: text/event-stream", "Transfer-Encoding: chunked"])])],
  ["down", join([part("event: endpoint\r\ndata: /m\r\n\r\n"), part("data: é1\ndata: 2\n\n: ping\n\n")])],
  ["down", join([part("id: 7\ndata: last\n\n"), "0\r\nX-T: 1\r\n\r\n"])],
  ["up", join([head("HEAD / HTTP/1.1")])],
  ["down", join([head("HTTP/1.1 200 OK", ["Content-Length: 5"])])],
  ["up", join([head("POST /c HTTP/1.1", ["Transfer-Encoding: chunked"]), part("a"), part("bc"), "0\r\n\r\n"])],
  ["down", join([head("HTTP/1.1 100 Continue"), head("HTTP/1.1 204 No Content")])],
];

const fields = (...all: [string, string][]) => concat(...all.map(([name, value]) => literal(name, value)));
const HTTP2: Conversation = [
  [
    "up",
    concat(PREFACE, SETTINGS, frame(1, 4, 1, [0x83], fields([":path", "/1"], ["x-a", "b"])), frame(0, 0, 1, [65])),
  ],
  ["down", SETTINGS],
  ["up", concat(frame(1, 5, 3, [0x82], fields([":path", "/3"])), frame(0, 1, 1, [66, 67]))],
  ["down", concat(frame(1, 4, 3, [0x88], fields(["content-type", "text/event-stream"])), frame(1, 4, 1, [0x88]))],
  ["down", concat(frame(0, 0, 3, join(["data: 1\n\nda"])), frame(0, 1, 1, [68]), frame(0, 0, 3, join(["ta: 2\n\n"])))],
  ["up", frame(3, 0, 3, [0, 0, 0, 8])],
];

/** All that an event says but for times and identities. */
function content({ type, exchange, body, wireBytes, sse, incomplete, ...event }: HttpEvent): unknown {
  const { id, version, streamId, request, response } = exchange;
  const said = body === undefined ? undefined : text({ type, exchange, body, wireBytes, sse, incomplete, ...event });
  return JSON.stringify({ type, id, version, streamId, request, response, said, wireBytes, sse, incomplete });
}

/** The conversation as chunks: each turn cut at the given places, and put into batches of so many. */
function* told(conversation: Conversation, cuts: readonly number[], size: number): Generator<Batch> {
  const link = connect();
  let batch: ChunkEvent[] = [], k = 0;
  for (const [side, bytes] of conversation) {
    for (let at = 0; at < bytes.length;) {
      const cut = cuts.length === 0 ? bytes.length : at + cuts[k++ % cuts.length]!;
      batch.push(chunk(link[side], bytes.slice(at, cut)));
      at = cut;
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  yield [...batch, eof(link.up), eof(link.down)];
}

const contents = async (batches: Iterable<Batch>): Promise<unknown[]> =>
  exchanges((await runBatches(batches)).flat()).map(content);

describe("http, however it is cut", () => {
  it.each([["HTTP/1", HTTP1], ["HTTP/2", HTTP2]] as [string, Conversation][])(
    "tells the same of %s",
    async (_, all) => {
      const whole = await contents(told(all, [], 100));
      expect(whole.length).toBeGreaterThan(6);
      expect(await contents(told(all, [1], 7))).toEqual(whole);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
          fc.nat(20),
          async (cuts, size) => {
            expect(await contents(told(all, cuts, size + 1))).toEqual(whole);
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});

/** Bytes that are HTTP in part. */
const pieces = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom(...[...HTTP1, ...HTTP2].map(([, bytes]) => bytes)),
    fc.tuple(fc.constantFrom(...[...HTTP1, ...HTTP2].map(([, bytes]) => bytes)), fc.nat(), fc.nat(255)).map(
      ([bytes, at, value]) => bytes.with(at % bytes.length, value).slice(at % 7 === 0 ? at % bytes.length : 0),
    ),
    fc.string({ maxLength: 30 }).map((line) => join([line, "\r\n"])),
  ),
  { maxLength: 25 },
);

describe("http, whatever comes", () => {
  it("never throws, keeps little, and forgets all at the end", async () => {
    const sides = fc.array(fc.tuple(fc.nat(5), fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pieces, sides, async (bytes, turns) => {
        const links = [connect("tcp"), connect("unix"), connect("tls", false)];
        const streams: Stream[] = links.flatMap(({ up, down }) => [up, down]);
        const seen: Metrics = {};
        const batches = bytes.map((piece, k) => {
          const [side, lost, end] = turns[k % turns.length]!;
          const more = { lost: lost === 0 ? 50 : 0, eof: end === 0 };
          return [chunk(streams[side]!, piece, more)];
        });
        const options = {
          max_pending_bytes: 2048,
          max_head: 1024,
          max_event: 1024,
          max_streams: 4,
          max_connections: 2,
        };
        const out = await runBatches([...batches, streams.map(eof), [], []], options, seen);
        expect(seen["pending_bytes"] ?? 0).toBe(0);
        expect(seen["held"] ?? 0).toBe(0);
        for (const event of exchanges(out.flat())) expect(event.exchange.id).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});
