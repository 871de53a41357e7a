import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  briefly,
  chunk,
  connect,
  eof,
  exchanges,
  gaps,
  head,
  join,
  type Metrics,
  ok,
  part,
  post,
  run,
  runBatches,
} from "./_feed.ts";

const TEXT = JSON.stringify({ jsonrpc: "2.0", result: "compress me ".repeat(20) });
const CODINGS: [string, (text: string) => Uint8Array][] = [
  ["gzip", (text) => zlib.gzipSync(text)],
  ["deflate", (text) => zlib.deflateSync(text)],
  ["br", (text) => zlib.brotliCompressSync(text)],
  ["gzip, br", (text) => zlib.brotliCompressSync(zlib.gzipSync(text))],
];

describe("http bodies", () => {
  it.each(CODINGS)("decodes %s", async (coding, encode) => {
    const { up, down } = connect();
    const coded = encode(TEXT);
    const events = exchanges(
      await run([
        chunk(up, post("/", coded, [`Content-Encoding: ${coding}`])),
        chunk(down, ok(coded, [`Content-Encoding: ${coding}`])),
      ]),
    );
    expect(briefly(events)).toEqual([`request POST / ${TEXT}`, `response 200 to / ${TEXT}`]);
    expect(events[0]!.wireBytes).toBe(coded.length);
  });

  it("decodes events as they arrive", async () => {
    const { up, down } = connect();
    const pieces = await gzipPieces(["data: 1\n\n", "data: 2\n\n"]);
    const fields = ["Content-Type: text/event-stream", "Content-Encoding: gzip", "Transfer-Encoding: chunked"];
    const batches = await runBatches([
      [chunk(up, head("GET / HTTP/1.1")), chunk(down, head("HTTP/1.1 200 OK", fields))],
      [chunk(down, part(pieces[0]!))],
      [chunk(down, part(pieces[1]!))],
      [chunk(down, join([part(pieces[2]!), "0\r\n\r\n"]))],
    ]);
    expect(batches.slice(1).map(briefly)).toEqual([["sse message - 1"], ["sse message - 2"], ["end to /"], []]);
  });

  it("tells a coding that is wrong, unknown or cut", async () => {
    const { up, down } = connect();
    const coded = zlib.gzipSync(TEXT);
    const events = await run([
      chunk(up, post("/1", "not gzip", ["Content-Encoding: gzip"])),
      chunk(down, ok("what", ["Content-Encoding: lzw"])),
      chunk(up, post("/2", coded.subarray(0, -9), ["Content-Encoding: gzip"])),
      chunk(up, post("/3", coded, ["Content-Encoding: gzip"]).subarray(0, -9)),
      eof(up),
    ]);
    const lines = briefly(events);
    expect(lines.slice(0, 3)).toEqual([
      "request POST /1 not kept (bad_coding)",
      "response 200 to /1 not kept (bad_coding)",
      "request POST /2 not kept (bad_coding)",
    ]);
    expect(lines[3]).toContain("request POST /3 {");
    expect(lines[3]).toContain("(reset)");
    expect(gaps(events).map(({ reason, lost }) => [reason, lost?.messages])).toEqual([["bad_coding", 2], [
      "bad_coding",
      1,
    ]]);
  });

  it("bounds how large a body may be, and become", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, post("/1", "x".repeat(2001))),
      chunk(up, post("/2", "x".repeat(2000))),
      chunk(up, post("/3", zlib.gzipSync("x".repeat(2001)), ["Content-Encoding: gzip"])),
      chunk(down, ok()),
    ], { max_body: 2000 });
    expect(briefly(events).map((line) => line.replace(/x{9,}/, "xxx"))).toEqual([
      "request POST /1 not kept (too_large)",
      "request POST /2 xxx",
      "request POST /3 not kept (too_large)",
      "response 200 to /1 ",
      expect.stringContaining("gap too_large"),
    ]);
    const bomb = connect();
    const blown = zlib.gzipSync("x".repeat(1_000_000));
    const told = await run([chunk(bomb.up, post("/4", blown, ["Content-Encoding: gzip"]))], { max_expansion: 100 });
    expect(briefly(told)).toEqual(["request POST /4 not kept (too_large)", expect.stringContaining("gap too_large")]);
  });

  it("bounds how much all unfinished bodies have together", async () => {
    const links = Array.from({ length: 20 }, () => connect());
    const bytes = post("/", "x".repeat(10_000));
    const seen: Metrics = {};
    let most = 0;
    async function* batches() {
      for (const { up } of links) {
        yield [chunk(up, bytes.subarray(0, 5000))];
        most = Math.max(most, seen["pending_bytes"] ?? 0);
      }
      yield links.map(({ up }) => chunk(up, bytes.subarray(5000)));
      yield [];
    }
    const events = (await runBatches(batches(), { max_pending_bytes: 100_000 }, seen)).flat();
    expect(most).toBeLessThanOrEqual(100_000);
    expect(most).toBeGreaterThan(50_000);
    expect(seen["pending_bytes"]).toBe(0);
    const told = exchanges(events).map(({ incomplete }) => incomplete);
    expect(told.length).toBe(20);
    expect(told.filter((reason) => reason === "evicted").length).toBeGreaterThan(5);
    expect(told.at(-1)).toBeUndefined();
    expect(gaps(events).some(({ reason }) => reason === "evicted")).toBe(true);
  });

  it("does not keep the buffers of others alive", async () => {
    const { up } = connect();
    const bytes = post("/", "x".repeat(100));
    const large = new Uint8Array(1_000_000);
    large.set(bytes.subarray(0, -50));
    const first = { ...chunk(up, large), end: bytes.length - 50 };
    const [request] = exchanges((await runBatches([[first], [chunk(up, bytes.subarray(-50))]])).flat());
    expect(request!.body!.length).toBe(100);
    expect(request!.body!.buffer.byteLength).toBeLessThan(10_000);
  });

  it("does not keep a body with a hole", async () => {
    const { up, down } = connect();
    const bytes = post("/1", "0123456789");
    const events = await run([
      chunk(up, bytes.subarray(0, -8)),
      chunk(up, bytes.subarray(-3), { lost: 5 }),
      chunk(up, post("/2")),
      chunk(down, ok("1")),
      chunk(down, ok("2")),
    ]);
    expect(briefly(events)).toEqual([
      "request POST /1 not kept (bytes_lost)",
      "request POST /2 ",
      "response 200 to /1 1",
      "response 200 to /2 2",
      expect.stringContaining("gap bytes_lost"),
    ]);
  });
});

/** What gzip has written after each text, and at the end. */
async function gzipPieces(texts: readonly string[]): Promise<Uint8Array[]> {
  const gzip = zlib.createGzip();
  const pieces: Uint8Array[] = [];
  let now: Uint8Array[] = [];
  gzip.on("data", (data: Uint8Array) => now.push(data));
  for (const text of texts) {
    gzip.write(text);
    await new Promise<void>((resolve) => gzip.flush(resolve));
    pieces.push(join(now));
    now = [];
  }
  await new Promise<void>((resolve) => gzip.on("end", resolve).end());
  return [...pieces, join(now)];
}
