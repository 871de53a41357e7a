import { describe, expect, it } from "vitest";
import { chunk, findings, messages, request, response, run, runBatches, session } from "./_feed.ts";
import { answer, ask, connection, Exchange, post, shown, tell } from "./_http.ts";

const SESSION = { "mcp-session-id": "s1" };

describe("jsonrpc over HTTP, streamable", () => {
  it("pairs what is posted with the JSON that answers it", async () => {
    const events = post(ask(1, "tools/list"), answer(1, { tools: [] }));
    const got = messages(await run(events));
    expect(shown(got)).toEqual(["request tools/list 1", "response 1 → tools/list 1"]);
    expect(got[1]!.request).toBe(got[0]);
    expect(got[1]!.latency).toBe(1);
    expect(got[1]!.result).toEqual({ tools: [] });
    for (const message of got) {
      expect(message.transport).toBe("http");
      expect(message.http).toBe(events[0]!.exchange);
    }
    expect(got[0]!.process!.name).toBe("claude");
    expect(got[1]!.process!.name).toBe("server-everything");
  });

  it("takes messages out of the event stream that answers a POST, as they come", async () => {
    const made = new Exchange();
    const got = await runBatches([
      [made.request(ask(7)), made.stream()],
      [made.sse(tell("notifications/progress", { progress: 1 }))],
      [made.sse(answer(7), { id: "e2" })],
      [made.end()],
    ]);
    expect(got.map(shown)).toEqual([
      ["request tools/call 7", "http response"],
      ["notification notifications/progress"],
      ["response 7 → tools/call 7"],
      ["http end"],
      [],
    ]);
    expect(messages(got[2]!)[0]!.sseId).toBe("e2");
  });

  it("takes in batches, both ways", async () => {
    const got = await run(post([ask(1, "ping"), ask(2, "tools/list"), tell("notifications/initialized")], [
      answer(2),
      answer(1),
    ]));
    expect(shown(got)).toEqual([
      "request ping 1 batch",
      "request tools/list 2 batch",
      "notification notifications/initialized batch",
      "response 2 → tools/list 2 batch",
      "response 1 → ping 1 batch",
    ]);
  });

  it("pairs a request that the server sends on the GET stream with the POST that answers it", async () => {
    const get = new Exchange(), reply = new Exchange();
    const got = await run([
      get.request(undefined, { method: "GET", headers: SESSION }),
      get.stream(),
      get.sse(ask(0, "sampling/createMessage")),
      reply.request(answer(0, "sampled"), { headers: SESSION }),
      reply.response(202),
    ]);
    expect(shown(got)).toEqual([
      "http request",
      "http response",
      "request sampling/createMessage 0",
      "response 0 → sampling/createMessage 0",
      "http response",
    ]);
  });

  it("pairs a request on the stream of a POST with another POST, and keeps directions apart", async () => {
    const call = new Exchange(), reply = new Exchange();
    const got = await run([
      call.request(ask(1), { headers: SESSION }),
      call.stream(),
      call.sse(ask(1, "elicitation/create")),
      reply.request(answer(1), { headers: SESSION }),
      reply.response(202),
      call.sse(answer(1)),
      call.end(),
    ]);
    expect(shown(messages(got))).toEqual([
      "request tools/call 1",
      "request elicitation/create 1",
      "response 1 → elicitation/create 1",
      "response 1 → tools/call 1",
    ]);
  });

  it("holds back an answer that is seen before the question of another exchange", async () => {
    const get = new Exchange(), reply = new Exchange();
    const got = await runBatches([
      [get.request(undefined, { method: "GET", headers: SESSION }), get.stream()],
      [reply.request(answer(5), { headers: SESSION })],
      [get.sse(ask(5, "roots/list"))],
    ]);
    expect(got.map((batch) => shown(messages(batch)))).toEqual([
      [],
      [],
      ["request roots/list 5", "response 5 → roots/list 5"],
      [],
    ]);
  });

  it("never pairs across sessions on one connection", async () => {
    const on = connection();
    const headers = (id: string) => ({ headers: { "mcp-session-id": id } });
    const a = new Exchange(on), b = new Exchange(on), reply = new Exchange(on);
    const got = await run([
      a.request(undefined, { method: "GET", ...headers("a") }),
      a.stream(),
      a.sse(ask(1, "sampling/createMessage")),
      reply.request(answer(1), headers("b")),
      b.request(ask(1, "tools/list"), headers("b")),
      b.response(200, answer(1)),
    ]);
    expect(shown(messages(got))).toEqual([
      "request sampling/createMessage 1",
      "request tools/list 1",
      "response 1 → tools/list 1",
      "response 1 orphan",
    ]);
  });

  it("pairs equal ids within their exchange, whatever the order", async () => {
    const on = connection();
    const a = new Exchange(on), b = new Exchange(on);
    const got = await run([
      a.request(ask(1, "tools/list")),
      b.request(ask(1, "prompts/list")),
      b.response(200, answer(1)),
      a.response(200, answer(1)),
    ]);
    expect(shown(got).slice(2)).toEqual(["response 1 → prompts/list 1", "response 1 → tools/list 1"]);
  });

  it("learns the session from the answer to initialize", async () => {
    const init = new Exchange(), get = new Exchange(), reply = new Exchange();
    const got = await run([
      init.request(ask(0, "initialize")),
      init.stream(SESSION),
      init.sse(ask(9, "ping")),
      reply.request(answer(9), { headers: SESSION }),
      init.sse(answer(0)),
      get.request(undefined, { method: "GET", headers: SESSION }),
    ]);
    expect(shown(messages(got)).slice(2)).toEqual(["response 9 → ping 9", "response 0 → initialize 0"]);
  });

  it("marks what a resumed stream repeats, and pairs what it brings for the first time", async () => {
    const call = new Exchange(), again = new Exchange();
    const got = await run([
      call.request(ask(3), { headers: SESSION }),
      call.stream(),
      call.sse("", { id: "0" }),
      call.sse(tell("notifications/progress"), { id: "1" }),
      call.end("reset"),
      again.request(undefined, { method: "GET", headers: { ...SESSION, "last-event-id": "0" } }),
      again.stream(),
      again.sse(tell("notifications/progress"), { id: "1" }),
      again.sse(answer(3), { id: "2" }),
    ]);
    expect(shown(messages(got))).toEqual([
      "request tools/call 3",
      "notification notifications/progress",
      "notification notifications/progress resumed",
      "response 3 → tools/call 3",
    ]);
    expect(findings(got)).toEqual([]);
  });

  it("does not pair a repeated answer twice", async () => {
    const call = new Exchange(), again = new Exchange();
    const got = await run([
      call.request(ask(3), { headers: SESSION }),
      call.stream(),
      call.sse(answer(3), { id: "1" }),
      call.end("reset"),
      again.request(undefined, { method: "GET", headers: { ...SESSION, "last-event-id": "0" } }),
      again.stream(),
      again.sse(answer(3), { id: "1" }),
    ]);
    expect(shown(messages(got)).slice(1)).toEqual(["response 3 → tools/call 3", "response 3 resumed"]);
  });

  it("tells after a while of a call whose stream was not resumed", async () => {
    const call = new Exchange();
    const events = [
      call.request(ask(3), { headers: SESSION }),
      call.stream(),
      call.sse("", { id: "0" }),
      call.end(),
    ];
    const later = { ...new Exchange().request(undefined, { method: "GET" }), time: events[3]!.time + 60_001 };
    const got = await runBatches([events, [later]]);
    expect(findings(got[0]!)).toEqual([]);
    expect(shown(findings(got[1]!))).toEqual([
      "mcp.http.unanswered low: The answer to POST /mcp ended without a response to tools/call (id 3)",
    ]);
  });

  it("passes on what is no JSON-RPC, unchanged", async () => {
    const chat = new Exchange(), gone = new Exchange();
    const events = [
      ...post({ model: "m", messages: [] }, { id: "resp_1", object: "response", error: null }),
      ...post(undefined, { resource: "x" }, { method: "GET", target: "/.well-known/oauth-protected-resource" }),
      ...post(tell("notifications/initialized"), undefined, {}, { status: 202 }).slice(1),
      chat.request({ stream: true }),
      chat.stream(),
      chat.sse({ id: "c1", result: 1 }),
      chat.sse("[DONE]"),
      chat.end(),
      gone.request(undefined, { method: "DELETE", headers: SESSION }),
      gone.response(200),
    ];
    expect(await run(events)).toEqual(events);
  });

  it("shows JSON-RPC that is not MCP like an unknown method", async () => {
    const got = await run(post(ask(1, "eth_blockNumber", []), answer(1, "0x1")));
    expect(shown(got)).toEqual(["request eth_blockNumber 1 unknown_method", "response 1 → eth_blockNumber 1"]);
  });

  it("tells what is malformed, and takes no other text for stray output", async () => {
    const got = await run([
      ...post('{"jsonrpc":"2.0","id":1,', "<html>"),
      ...post("hello", "world"),
      ...post(ask(2, "ping"), { id: 2, result: {} }),
      new Exchange().request('{"jsonrpc":"2.0","id":3,"meth', { incomplete: "reset" }),
    ]);
    expect(shown(got)).toEqual([
      "malformed invalid_json",
      "http response",
      "http request",
      "http response",
      "request ping 2",
      "malformed bad_version 2",
      "mcp.http.unanswered low: The answer to POST /mcp ended without a response to ping (id 2)",
      "malformed truncated",
    ]);
  });

  it("goes on with stdio where no http transform reads what is HTTP", async () => {
    const { up, down } = connection(), unix = session(), stdio = session();
    const got = await run([
      chunk(up, `POST /mcp HTTP/1.1\r\n\r\n${request(1)}`),
      chunk(down, `data: ${response(1)}`),
      chunk(unix.down, "GET /_ping HTTP/1.1\r\nhost: x\r\n\r\n"),
      chunk(unix.down, "GET /_ping HTTP/1.1\r\nhost: x\r\n\r\n", { eof: true }),
      chunk(stdio.down, request(1)),
      chunk(stdio.up, response(1)),
    ]);
    expect(shown(got)).toEqual(["request tools/call 1", "response 1 → tools/call 1"]);
  });

  it("leaves open what is open when capture ends, and takes no loss for a silence", async () => {
    const open = new Exchange(), lost = new Exchange(), modern = new Exchange();
    const got = await runBatches([[
      open.request(ask(1)),
      open.stream(),
      open.end("unfinished"),
      lost.request(ask(2)),
      lost.stream(),
      lost.end("bytes_lost"),
      modern.request(ask(3), { headers: { "mcp-protocol-version": "2026-07-28" } }),
      modern.response(200, undefined, {}, "unfinished"),
    ]]);
    const rules = (k: number) => findings(got[k]!).filter(({ rule }) => rule !== "mcp.http.header_mismatch");
    expect(rules(0)).toEqual([]);
    expect(shown(rules(1))).toEqual([
      "mcp.http.unanswered low: No answer came to tools/call (id 1), tools/call (id 3) before the end",
    ]);
  });

  it("ends a session on DELETE, and says what it leaves open", async () => {
    const get = new Exchange(), gone = new Exchange();
    const got = await run([
      get.request(undefined, { method: "GET", headers: SESSION }),
      get.stream(),
      get.sse(ask(1, "roots/list")),
      gone.request(undefined, { method: "DELETE", headers: SESSION }),
      gone.response(204),
    ]);
    expect(shown(findings(got))).toEqual([
      "mcp.http.unanswered low: The answer to DELETE /mcp ended without a response to roots/list (id 1)",
    ]);
  });
});
