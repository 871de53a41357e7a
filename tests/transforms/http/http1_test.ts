import { describe, expect, it } from "vitest";
import type { Batch } from "../../../pipeline/event.ts";
import {
  briefly,
  chunk,
  client,
  connect,
  eof,
  exchanges,
  head,
  join,
  ok,
  part,
  post,
  run,
  runBatches,
  server,
} from "./_feed.ts";

describe("http over HTTP/1", () => {
  it("tells a request and its response", async () => {
    const { up, down } = connect();
    const asked = chunk(up, post("/mcp?x=1", '{"id":1}', ["Content-Type: application/json"]));
    const answered = chunk(down, ok("{}", ["Mcp-Session-Id: 7"]));
    const [request, response, ...more] = exchanges(await run([asked, answered]));
    expect(more).toEqual([]);
    expect(request).toMatchObject({ type: "request", time: asked.time, source: "test", process: client, peer: server });
    expect(request!.stream).toBe(up);
    expect(response).toMatchObject({ type: "response", time: answered.time, process: server, peer: client });
    expect(response!.stream).toBe(down);
    expect(request!.exchange).toBe(response!.exchange);
    expect(request!.exchange).toMatchObject({
      version: "1.1",
      request: { method: "POST", target: "/mcp?x=1", authority: "localhost:3000" },
      response: { status: 200, headers: [["mcp-session-id", "7"], ["content-length", "2"]] },
      client,
      server,
      times: {
        requestStart: asked.time,
        requestEnd: asked.time,
        responseStart: answered.time,
        responseEnd: answered.time,
      },
    });
    expect(request!.exchange.stream).toBe(up);
    expect(briefly([request!, response!])).toEqual(['request POST /mcp?x=1 {"id":1}', "response 200 to /mcp?x=1 {}"]);
    expect([request!.wireBytes, response!.wireBytes]).toEqual([8, 2]);
  });

  it("takes first and last times of a message that comes in pieces", async () => {
    const { up, down } = connect();
    const bytes = post("/", "hello");
    const chunks = [bytes.subarray(0, 5), bytes.subarray(5, -2), bytes.subarray(-2)].map((piece) => chunk(up, piece));
    const [request] = exchanges(await run([...chunks, chunk(down, ok())]));
    expect(request!.exchange.times).toMatchObject({ requestStart: chunks[0]!.time, requestEnd: chunks[2]!.time });
    expect(request!.time).toBe(chunks[2]!.time);
  });

  it("keeps requests and responses in their order when they are pipelined", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, join([post("/1"), post("/2")])),
      chunk(up, post("/3")),
      chunk(down, ok("a")),
      chunk(down, join([ok("b"), ok("c")])),
    ]);
    expect(briefly(events)).toEqual([
      ..."123".split("").map((n) => `request POST /${n} `),
      "response 200 to /1 a",
      "response 200 to /2 b",
      "response 200 to /3 c",
    ]);
  });

  it("knows that answers to HEAD, and 204 and 304, have no body", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(
        up,
        join([head("HEAD /a HTTP/1.1"), head("GET /b HTTP/1.1"), head("GET /c HTTP/1.1"), head("GET /d HTTP/1.1")]),
      ),
      chunk(down, head("HTTP/1.1 200 OK", ["Content-Length: 100"])),
      chunk(down, head("HTTP/1.1 204 No Content")),
      chunk(down, head("HTTP/1.1 304 Not Modified", ["Content-Length: 7"])),
      chunk(down, ok("d")),
    ]);
    expect(briefly(events).slice(4)).toEqual([
      "response 200 to /a ",
      "response 204 to /b ",
      "response 304 to /c ",
      "response 200 to /d d",
    ]);
  });

  it("passes over interim responses", async () => {
    const { up, down } = connect();
    const bytes = post("/upload", "body", ["Expect: 100-continue"]);
    const events = (await runBatches([
      [chunk(up, bytes.subarray(0, -4))],
      [chunk(down, head("HTTP/1.1 100 Continue"))],
      [],
      [chunk(up, bytes.subarray(-4))],
      [chunk(down, join([head("HTTP/1.1 103 Early Hints", ["Link: </a>"]), ok("done")]))],
    ])).flat();
    expect(briefly(events)).toEqual(["request POST /upload body", "response 200 to /upload done"]);
  });

  it("takes chunked bodies and their trailers", async () => {
    const { up, down } = connect();
    const events = exchanges(
      await run([
        chunk(up, head("POST / HTTP/1.1", ["Transfer-Encoding: chunked"])),
        chunk(up, part("one ")),
        chunk(up, join([part("two"), "0\r\nDigest: x\r\n\r\n"])),
        chunk(down, join([head("HTTP/1.1 200 OK", ["Transfer-Encoding: chunked"]), part("a"), "0\r\nX-T: 1\r\n\r\n"])),
      ]),
    );
    expect(briefly(events)).toEqual(["request POST / one two", "response 200 to / a"]);
    expect(events[0]!.wireBytes).toBe(7);
    expect(events[0]!.exchange).toMatchObject({
      request: { trailers: [["digest", "x"]] },
      response: { trailers: [["x-t", "1"]] },
    });
  });

  it("takes a body that ends with the connection", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, head("GET /old HTTP/1.0")),
      chunk(down, head("HTTP/1.0 200 OK") + "all "),
      chunk(down, "of it"),
      eof(down),
      eof(up),
    ]);
    expect(briefly(events)).toEqual(["request GET /old ", "response 200 to /old all of it"]);
    expect(exchanges(events)[0]!.exchange.version).toBe("1.0");
  });

  it("tells messages that a closed connection cuts", async () => {
    const first = connect(), second = connect(), third = connect();
    const events = await run([
      chunk(first.up, post("/cut", "0123456789").subarray(0, -5)),
      eof(first.up),
      chunk(second.up, post("/a")),
      chunk(second.down, ok("0123456789").subarray(0, -3)),
      eof(second.down),
      chunk(third.up, post("/b")),
      chunk(third.down, "HTTP/1.1 200 OK\r\nContent-"),
      eof(third.down),
    ]);
    expect(briefly(events)).toEqual([
      "request POST /cut 01234 (reset)",
      "request POST /a ",
      "response 200 to /a 0123456 (reset)",
      "request POST /b ",
      "response undefined to /b  (reset)",
      "gap closed 25",
    ]);
  });

  it("tells a request that nothing answered when the connection closes", async () => {
    const { up, down } = connect();
    const events = await run([chunk(up, post("/1")), chunk(down, ok("1")), chunk(up, post("/2")), eof(up), eof(down)]);
    expect(briefly(events).slice(2)).toEqual(["request POST /2 ", "response undefined to /2  (reset)"]);
  });

  it("tells a request that its client did not wait for, whose server never said a word", async () => {
    const quiet = Array.from({ length: 60 }, (): Batch => []);
    const { up, down } = connect();
    const alone = connect("tcp", false);
    const closed = connect();
    const events = (await runBatches([
      [chunk(up, post("/1")), chunk(down, ok("1")), chunk(up, post("/2")), eof(up)],
      [chunk(alone.up, post("/3")), eof(alone.up)],
      [chunk(closed.up, post("/4")), eof(closed.up), eof(closed.down)],
      ...quiet,
    ])).flat();
    expect(briefly(events).filter((line) => line.startsWith("response"))).toEqual([
      "response 200 to /1 1",
      "response undefined to /4  (reset)",
      "response undefined to /2  (reset)",
      "response undefined to /3  (reset)",
    ]);
    const [last] = exchanges(events).slice(-1);
    expect([last!.process, last!.peer, last!.stream.reverse]).toEqual([server, client, alone.up]);
  });

  it("takes the answer that comes after its request's direction was closed", async () => {
    const { up, down } = connect();
    const events = (await runBatches([[chunk(up, post("/1")), eof(up)], [], [chunk(down, ok("1")), eof(down)]])).flat();
    expect(briefly(events)).toEqual(["request POST /1 ", "response 200 to /1 1"]);
  });

  it("passes over what follows an upgrade, and tells at its end", async () => {
    const { up, down } = connect();
    const asked = head("GET /ws HTTP/1.1", ["Upgrade: websocket", "Connection: Upgrade"]);
    const agreed = head("HTTP/1.1 101 Switching Protocols", ["Upgrade: websocket", "Connection: Upgrade"]);
    const events = await run([
      chunk(up, asked),
      chunk(down, agreed + "1234"),
      chunk(up, "56GET / HTTP/1.1\r\n\r\n"),
      chunk(down, "HTTP/1.1 200 OK\r\n\r\n"),
      eof(up),
      eof(down),
    ]);
    expect(briefly(events)).toEqual(["request GET /ws ", "response 101 to /ws ", "gap upgraded 43"]);
    expect(events[2]).toMatchObject({ message: expect.stringContaining("websocket") });
  });

  it("passes over what follows a CONNECT that succeeded, and only then", async () => {
    const { up, down } = connect();
    const asked = head("CONNECT host:443 HTTP/1.1");
    const events = await run([
      chunk(up, asked),
      chunk(down, message407()),
      chunk(up, asked),
      chunk(down, head("HTTP/1.1 200 Connection established")),
      chunk(up, "\x16\x03\x01"),
      eof(up),
      eof(down),
    ]);
    expect(briefly(events)).toEqual([
      "request CONNECT host:443 ",
      "response 407 to host:443 no",
      "request CONNECT host:443 ",
      "response 200 to host:443 ",
      "gap upgraded 3",
    ]);
  });

  it("tells both directions alone if they are not linked", async () => {
    const { up, down } = connect("tls", false);
    const events = await run([
      chunk(up, post("/1")),
      chunk(down, ok("1")),
      chunk(up, post("/2")),
      chunk(down, ok("2")),
    ]);
    expect(briefly(events)).toEqual([
      "request POST /1 ",
      "request POST /2 ",
      "response 200 to undefined 1",
      "response 200 to undefined 2",
    ]);
    const [, , answer] = exchanges(events);
    expect(answer!.exchange.stream.reverse).toBe(down);
    expect(answer!.exchange.request).toBeUndefined();
    expect(answer!.exchange).toMatchObject({ client, server });
  });

  it("links directions late", async () => {
    const { up, down } = connect("tls", false);
    const asked = chunk(up, post("/1"));
    async function* batches() {
      yield [asked];
      up.reverse = down;
      down.reverse = up;
      yield [chunk(down, ok("1"))];
    }
    expect(briefly((await runBatches(batches())).flat())).toEqual(["request POST /1 ", "response 200 to /1 1"]);
  });
});

function message407(): Uint8Array {
  return join([head("HTTP/1.1 407 Proxy Authentication Required", ["Content-Length: 2"]), "no"]);
}
