import { describe, expect, it } from "vitest";
import { ascii, concat, frame, indexed, literal, PREFACE, SETTINGS, uint32 } from "../../protocols/http2/_bytes.ts";
import { briefly, chunk, connect, eof, exchanges, run, runBatches } from "./_feed.ts";

const END_STREAM = 1, END_HEADERS = 4;
const NO_ERROR = uint32(0), CANCEL = uint32(8);
const POST = [0x83], OK = [0x88]; // static table: `:method: POST`, `:status: 200`

const fields = (all: Readonly<Record<string, string>>): Uint8Array =>
  concat(...Object.entries(all).map(([name, value]) => literal(name, value)));
const request = (id: number, path: string, ends = true, more: Readonly<Record<string, string>> = {}): Uint8Array =>
  frame(1, END_HEADERS | (ends ? END_STREAM : 0), id, POST, fields({ ":path": path, ":authority": "host:1", ...more }));
const response = (id: number, ends = true, more: Readonly<Record<string, string>> = {}): Uint8Array =>
  frame(1, END_HEADERS | (ends ? END_STREAM : 0), id, OK, fields(more));
const data = (id: number, text: string, ends = true): Uint8Array => frame(0, ends ? END_STREAM : 0, id, ascii(text));
const reset = (id: number, code = CANCEL): Uint8Array => frame(3, 0, id, code);
const EVENTS = { "content-type": "text/event-stream" };

describe("http over HTTP/2", () => {
  it("tells exchanges by their streams", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, concat(PREFACE, SETTINGS, request(1, "/1", false), request(3, "/3", false))),
      chunk(down, SETTINGS),
      chunk(up, concat(data(3, "three"), data(1, "o", false), data(1, "ne"))),
      chunk(down, concat(response(3, false), response(1, false, { "x-a": "1" }), data(1, "1"), data(3, "3"))),
    ]);
    expect(briefly(events)).toEqual([
      "request POST /3 three",
      "request POST /1 one",
      "response 200 to /1 1",
      "response 200 to /3 3",
    ]);
    const [, one] = exchanges(events);
    expect(one!.exchange).toMatchObject({
      version: "2",
      streamId: 1,
      request: { authority: "host:1", headers: [] },
      response: { headers: [["x-a", "1"]] },
    });
    expect(one!.wireBytes).toBe(3);
  });

  it("tells events as they arrive, and that the client ended the stream", async () => {
    const { up, down } = connect("tls");
    const batches = await runBatches([
      [chunk(up, concat(PREFACE, SETTINGS, request(1, "/sse")))],
      [chunk(down, concat(SETTINGS, response(1, false, EVENTS)))],
      [chunk(down, data(1, "data: 1\n\ndata", false))],
      [chunk(down, data(1, ": 2\n\n", false))],
      [chunk(up, reset(1))],
      [chunk(down, data(1, "data: 3\n\n", false))],
    ]);
    expect(batches.map(briefly)).toEqual([
      ["request POST /sse "],
      ["response 200 to /sse not kept"],
      ["sse message - 1"],
      ["sse message - 2"],
      ["end to /sse (reset)"],
      ["gap joined_late 9"],
      [],
    ]);
  });

  it("tells resets, trailers and interim responses", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, concat(PREFACE, SETTINGS, request(1, "/cut", false), data(1, "begin", false), reset(1))),
      chunk(up, concat(request(3, "/dropped"), request(5, "/5"))),
      chunk(down, concat(SETTINGS, reset(3), frame(1, END_HEADERS, 5, fields({ ":status": "103", link: "</a>" })))),
      chunk(down, concat(response(5, false), data(5, "x", false), frame(1, 5, 5, fields({ "grpc-status": "0" })))),
    ]);
    expect(briefly(events)).toEqual([
      "request POST /cut begin (reset)",
      "request POST /dropped ",
      "request POST /5 ",
      "response undefined to /dropped  (reset)",
      "response 200 to /5 x",
    ]);
    expect(exchanges(events).at(-1)!.exchange.response!.trailers).toEqual([["grpc-status", "0"]]);
  });

  it("tells what is cut when the connection closes", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, concat(PREFACE, SETTINGS, request(1, "/1"), request(3, "/3"))),
      chunk(down, concat(SETTINGS, response(1, false), data(1, "half", false))),
      eof(up),
      eof(down),
    ]);
    expect(briefly(events).slice(2)).toEqual(["response 200 to /1 half (reset)", "response undefined to /3  (reset)"]);
  });

  it("tells a request whose client went away, and whose server never said a word", async () => {
    const { up } = connect();
    const quiet = Array.from({ length: 60 }, () => []);
    const events = (await runBatches([[chunk(up, concat(PREFACE, SETTINGS, request(1, "/1"))), eof(up)], ...quiet]))
      .flat();
    expect(briefly(events)).toEqual(["request POST /1 ", "response undefined to /1  (reset)"]);
  });

  it("takes an early answer whose request is reset without error", async () => {
    const { up, down } = connect();
    const batches = await runBatches([
      [chunk(up, concat(PREFACE, SETTINGS, request(1, "/1", false), data(1, "begin", false)))],
      [chunk(down, concat(SETTINGS, response(1), reset(1, NO_ERROR)))],
    ]);
    expect(briefly(batches.flat())).toEqual(["request POST /1 begin (reset)", "response 200 to /1 "]);
  });

  it("takes what a server pushes", async () => {
    const { up, down } = connect();
    const promise = concat(uint32(2), [0x82], fields({ ":path": "/style", ":authority": "host:1" }));
    const events = await run([
      chunk(up, concat(PREFACE, SETTINGS, request(1, "/1"))),
      chunk(down, concat(SETTINGS, frame(5, END_HEADERS, 1, promise), response(1), response(2, false), data(2, "css"))),
    ]);
    expect(briefly(events)).toEqual([
      "request POST /1 ",
      "request GET /style ",
      "response 200 to /1 ",
      "response 200 to /style css",
    ]);
    expect(exchanges(events)[1]!.exchange.stream).toBe(up);
  });

  it("holds a response for its request", async () => {
    const { up, down } = connect();
    const batches = await runBatches([
      [chunk(up, concat(PREFACE, SETTINGS, request(1, "/1"))), chunk(down, concat(SETTINGS, response(1)))],
      [chunk(down, concat(response(3, false, EVENTS), data(3, "data: x\n\n", false)))],
      [chunk(up, request(3, "/3"))],
      [chunk(down, response(5))],
      [],
      [chunk(up, request(5, "/5"))],
    ]);
    expect(batches.slice(1, -1).map(briefly)).toEqual([
      [],
      ["request POST /3 ", "response 200 to /3 not kept", "sse message - x"],
      [],
      ["response 200 to /5 "], // it was told before its request, which the exchange got later
      ["request POST /5 "],
    ]);
  });

  it("degrades by stream if it joins late", async () => {
    const { up, down } = connect();
    const before = concat(indexed(":path", "/mcp"), indexed("content-type", "application/json"));
    const known = (id: number) => frame(1, END_HEADERS, id, POST, [0x80 | 62, 0x80 | 63]);
    expect(before.length).toBeGreaterThan(0);
    const events = await run([
      chunk(up, concat(known(7), data(7, "{}"))),
      chunk(
        down,
        concat(data(5, "data: 5\n\n", false), frame(1, END_HEADERS, 7, OK, [0x80 | 62]), data(7, "data: 7\n\n")),
      ),
      chunk(down, data(3, "binary", false)),
      chunk(up, concat(request(9, "/whole", false), data(9, "{}"))),
      chunk(down, concat(data(5, "data: 6\n\n"), response(9))),
    ]);
    expect(briefly(events)).toEqual([
      "request POST  {} (joined_late)",
      "sse message - 5 (joined_late)",
      "response 200 to  not kept (joined_late)",
      "sse message - 7",
      "end to ",
      "request POST /whole {}",
      "sse message - 6",
      "end to undefined (joined_late)",
      "response 200 to /whole ",
      "gap joined_late 6",
    ]);
  });

  it("goes on after a loss", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, concat(PREFACE, SETTINGS, request(1, "/1"), request(3, "/3", false), data(3, "begin", false))),
      chunk(down, concat(SETTINGS, response(1, false), data(1, "begin", false))),
      chunk(down, concat(data(1, "end"), SETTINGS), { lost: 100 }),
      chunk(up, concat(data(3, "end"), request(5, "/5")), { lost: 9 }),
      chunk(down, concat(response(3), response(5))),
    ]);
    const lines = briefly(events);
    expect(lines).toContain("response 200 to /1 not kept (bytes_lost)");
    expect(lines).toContain("request POST /3 not kept (bytes_lost)");
    expect(lines).toContain("response 200 to /3 ");
    expect(lines.some((line) => line.startsWith("request POST /5"))).toBe(true);
    expect(lines.some((line) => line.startsWith("gap bytes_lost"))).toBe(true);
  });

  it("forgets the oldest stream of too many", async () => {
    const { up } = connect();
    const ids = Array.from({ length: 20 }, (_, k) => 2 * k + 1);
    const asked = concat(PREFACE, SETTINGS, ...ids.map((id) => request(id, `/${id}`, false)));
    const events = await run([chunk(up, asked)], { max_streams: 8 });
    expect(briefly(events).slice(0, 13)).toEqual([
      ...ids.slice(0, 12).map((id) => `request POST /${id} not kept (evicted)`),
      "gap evicted 0",
    ]);
  });
});
