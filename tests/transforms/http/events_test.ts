import { describe, expect, it } from "vitest";
import {
  briefly,
  chunk,
  connect,
  eof,
  exchanges,
  head,
  join,
  type Metrics,
  part,
  post,
  run,
  runBatches,
} from "./_feed.ts";

const GET = head("GET /sse HTTP/1.1", ["Accept: text/event-stream"]);
const CHUNKED = ["Content-Type: text/event-stream; charset=utf-8", "Transfer-Encoding: chunked"];
const END = "0\r\n\r\n";

describe("http event streams", () => {
  it("tells the head, each event as it arrives, and the end", async () => {
    const { up, down } = connect();
    const batches = await runBatches([
      [chunk(up, GET)],
      [chunk(down, head("HTTP/1.1 200 OK", CHUNKED))],
      [chunk(down, part("event: endpoint\ndata: /messages?sessionId=1\n\n"))],
      [chunk(down, part("id: 4\ndata: a\nda"))],
      [chunk(down, join([part("ta: b\n\n"), part(": ping\n\ndata: c\n\n")]))],
      [chunk(down, END)],
    ]);
    expect(batches.map(briefly)).toEqual([
      ["request GET /sse "],
      ["response 200 to /sse not kept"],
      ["sse endpoint - /messages?sessionId=1"],
      [],
      ["sse message 4 a\nb", "sse message - c"],
      ["end to /sse"],
      [],
    ]);
    const [, , first, , , end] = exchanges(batches.flat());
    expect(first).toMatchObject({ wireBytes: 0, body: undefined });
    expect(end!.wireBytes).toBe(85);
    expect(end!.exchange.times.responseEnd).toBe(end!.time);
  });

  it("tells the end of a stream that is cut, and of one that ends with the connection", async () => {
    const cut = connect(), whole = connect();
    const events = await run([
      chunk(cut.up, GET),
      chunk(cut.down, join([head("HTTP/1.1 200 OK", CHUNKED), part("data: 1\n\ndata: ")])),
      eof(cut.down),
      chunk(whole.up, GET),
      chunk(whole.down, head("HTTP/1.1 200 OK", ["Content-Type: text/event-stream"]) + "data: 2\n\n"),
      eof(whole.down),
    ]);
    expect(briefly(events)).toEqual([
      "request GET /sse ",
      "response 200 to /sse not kept",
      "sse message - 1",
      "end to /sse (reset)",
      "request GET /sse ",
      "response 200 to /sse not kept",
      "sse message - 2",
      "end to /sse",
    ]);
  });

  it("goes on with the next exchange after the end", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, GET),
      chunk(down, join([head("HTTP/1.1 200 OK", CHUNKED), part("data: 1\n\n"), END])),
      chunk(up, post("/next")),
      chunk(down, head("HTTP/1.1 202 Accepted", ["Content-Length: 0"])),
    ]);
    expect(briefly(events).slice(-2)).toEqual(["request POST /next ", "response 202 to /next "]);
  });

  it("joins a stream that runs", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(down, part("data: 1\n\n")),
      chunk(down, part("event: x\nid: 2\ndata: 2\n\n")),
      chunk(down, END),
      chunk(up, post("/next")),
      chunk(down, head("HTTP/1.1 202 Accepted", ["Content-Length: 0"])),
    ]);
    expect(briefly(events).filter((line) => !line.startsWith("gap"))).toEqual([
      "sse message - 1 (joined_late)",
      "sse x 2 2",
      "end to undefined",
      "request POST /next ",
      "response 202 to /next ",
    ]);
    const [first] = exchanges(events);
    expect(first!.exchange).toMatchObject({ request: undefined, response: undefined });
    expect(first!.exchange.stream).toBe(up);
  });

  it("goes on in the same exchange after a loss", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, GET),
      chunk(down, join([head("HTTP/1.1 200 OK", CHUNKED), part("data: 1\n\n")])),
      chunk(down, part("data: 2\n\n"), { lost: 500 }),
      chunk(down, part("data: 3\n\n")),
      chunk(down, END),
    ]);
    expect(briefly(events).filter((line) => !line.startsWith("gap"))).toEqual([
      "request GET /sse ",
      "response 200 to /sse not kept",
      "sse message - 1",
      "sse message - 2 (bytes_lost)",
      "sse message - 3",
      "end to /sse",
    ]);
  });

  it("passes over an event beyond the limit", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, GET),
      chunk(down, join([head("HTTP/1.1 200 OK", CHUNKED), part(`data: ${"x".repeat(5000)}\n\n`), part("data: 2\n\n")])),
    ], { max_event: 1024 });
    expect(briefly(events).slice(2).map((line) => line.replace(/ \d{4}$/, ""))).toEqual([
      "sse message - 2",
      "gap too_large",
      "end to /sse (unfinished)",
    ]);
  });

  it("gives up the oldest unfinished event for lack of room", async () => {
    const links = Array.from({ length: 4 }, () => connect());
    const begun = links.flatMap(({ up, down }) => [
      chunk(up, GET),
      chunk(down, join([head("HTTP/1.1 200 OK", CHUNKED), part(`data: ${"x".repeat(10_000)}`)])),
    ]);
    const seen: Metrics = {};
    const goOn = links.map(({ down }) => chunk(down, part("\n\ndata: next\n\n")));
    const events = (await runBatches([begun, goOn, []], { max_pending_bytes: 35_000 }, seen)).flat();
    expect(seen["pending_bytes"]).toBe(0);
    const told = exchanges(events).filter(({ type }) => type === "sse");
    expect(told.length).toBe(7);
    expect(told.filter(({ incomplete }) => incomplete === "evicted").length).toBe(1);
    expect(briefly(events).filter((line) => line.startsWith("gap evicted")).length).toBe(1);
  });
});
