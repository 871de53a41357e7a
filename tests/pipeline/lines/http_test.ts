import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { client } from "../../transforms/jsonrpc/_feed.ts";
import { answer, ask, connection, Exchange, tell } from "../../transforms/jsonrpc/_http.ts";
import { type Line, linesOf } from "../../sinks/jsonl/_write.ts";

const CREDENTIALS = {
  authorization: "Bearer sha256:0a1b2c3d",
  "mcp-session-id": "s1",
  "mcp-protocol-version": "2025-11-25",
};

const transport = (line: Line | undefined) => line?.http_transport;

describe("a JSON line of a message over HTTP", () => {
  it("has MCPSpy's fields first, then ours", async () => {
    const on = connection();
    const port = on.up.from!.port;
    const made = new Exchange(on);
    const [request, response] = await linesOf([
      made.request(ask(1, "tools/list"), { headers: CREDENTIALS }),
      made.response(200, answer(1)),
    ]);
    const asked = {
      pid: 1,
      comm: "claude",
      host: "localhost:3000",
      is_request: true,
      from_pid: 1,
      from_comm: "claude",
      from_name: "claude",
      to_pid: 2,
      to_comm: "node",
      to_name: "server-everything",
      method: "POST",
      target: "/mcp",
      version: "1.1",
      client_address: `127.0.0.1:${port}`,
      server_address: "127.0.0.1:3000",
      session_id: "s1",
      protocol_version: "2025-11-25",
      exchange: made.exchange.id,
      auth: { scheme: "Bearer", credential: "sha256:0a1b2c3d" },
    };
    expect(request).toMatchObject({
      kind: "mcp",
      transport_type: "http",
      type: "request",
      id: 1,
      method: "tools/list",
    });
    expect(request!.stdio_transport).toBeUndefined();
    expect(transport(request)).toMatchObject(asked);
    expect(Object.keys(transport(request) as object).slice(0, 4)).toEqual(["pid", "comm", "host", "is_request"]);
    expect(response).toMatchObject({ type: "response", id: 1, result: {}, request: { method: "tools/list" } });
    expect(transport(response)).toMatchObject({
      ...asked,
      is_request: false,
      from_pid: 2,
      from_comm: "node",
      from_name: "server-everything",
      to_pid: 1,
      to_comm: "claude",
      to_name: "claude",
      status: 200,
    });
  });

  it("tells the event's id, the other transport, and what is known of a remote peer", async () => {
    const on = connection({ client, server: undefined });
    Object.assign(on.up, { to: { address: "2001:db8::1", port: 443 }, medium: "tls", tls: "openssl" });
    const get = new Exchange(on);
    const lines = await linesOf([
      get.request(undefined, { method: "GET", target: "/sse", authority: "mcp.example" }),
      get.stream(),
      get.sse("/m", { event: "endpoint" }),
      get.sse(tell("notifications/message"), { id: "e7" }),
    ]);
    const line = lines.find(({ kind }) => kind === "mcp");
    expect(line!.transport_type).toBe("sse");
    expect(transport(line)).toMatchObject({
      pid: 1,
      host: "mcp.example",
      is_request: false,
      server_address: "[2001:db8::1]:443",
      tls: "openssl",
      sse_id: "e7",
    });
    expect(transport(line)).not.toHaveProperty("from_pid");
  });

  it("stays one line whatever the body looks like", async () => {
    const made = new Exchange();
    const [line] = await linesOf([made.request(JSON.stringify(ask(1), null, 2), { target: '/\u2028"x' })]);
    expect(line).toMatchObject({ id: 1, method: "tools/call", http_transport: { target: '/\u2028"x' } });
  });

  it("keeps apart what has no exchange in common though it shares a stream", async () => {
    const on = connection();
    const lines = await linesOf([1, 2, 3].flatMap((id) => {
      const made = new Exchange(on);
      return [made.request(ask(id), { target: `/${id}` }), made.response(200, answer(id))];
    }));
    expect(lines.map((line) => (transport(line) as Line).target)).toEqual(["/1", "/1", "/2", "/2", "/3", "/3"]);
  });
});

describe("readers of MCPSpy's lines", () => {
  it("find in ours what is in theirs", async () => {
    const sample = new URL("./mcpspy/python-https.jsonl", import.meta.url);
    const theirs = readFileSync(sample, "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const python = { pid: theirs[0].http_transport.pid, comm: "python", name: "python" };
    const on = connection({ client: python });
    let made = new Exchange(on);
    const events = theirs.flatMap(({ http_transport: { host, is_request }, raw }) => {
      if (!is_request) return [made.sse(raw)];
      made = new Exchange(on);
      return [made.request(raw, { authority: host }), made.stream()];
    });
    const ours = (await linesOf(events, { compat: "mcpspy" })).filter(({ kind }) => kind === "mcp");
    expect(ours).toHaveLength(theirs.length);
    theirs.forEach(({ timestamp: _, ...line }, k) => {
      expect(ours[k]).toMatchObject(line);
      expect(Object.keys(ours[k]!)).toEqual(expect.arrayContaining(Object.keys(line)));
    });
  });
});

describe("a JSON line of an http event", () => {
  it("has the head, the times and the body of what carried no message", async () => {
    const made = new Exchange();
    made.exchange.times = { requestStart: 1000, requestEnd: 1000.25, responseStart: 1001.5, responseEnd: 1002 };
    const request = made.request(undefined, { method: "GET", target: "/.well-known/x", headers: { accept: "*/*" } });
    const response = made.response(401, { error: "no" }, { "www-authenticate": 'Bearer realm="x"' });
    const twice = [...made.exchange.response!.headers, ["set-cookie", "a"], ["set-cookie", "b"]] as const;
    made.exchange.response = { status: 401, headers: twice };
    const [first, second] = await linesOf([request, response]);
    expect(first).toMatchObject({
      kind: "http",
      type: "request",
      method: "GET",
      target: "/.well-known/x",
      host: "localhost:3000",
      version: "1.1",
      headers: { accept: "*/*" },
      process: { pid: 1 },
      peer: { pid: 2 },
    });
    expect(first).not.toHaveProperty("status");
    expect(first).not.toHaveProperty("auth");
    expect(first).not.toHaveProperty("body");
    expect(second).toMatchObject({
      type: "response",
      exchange: first!.exchange,
      status: 401,
      auth: { challenge: { scheme: "Bearer", params: { realm: "x" } } },
      headers: { "content-type": "application/json", "set-cookie": ["a", "b"] },
      times_ms: { request_end: 0.25, response_start: 1.5, response_end: 2 },
      body: '{"error":"no"}',
    });
  });

  it("has the length of a body that is long or no text", async () => {
    const long = new Exchange(), binary = new Exchange(), coded = new Exchange();
    const lines = await linesOf([
      long.response(200, "x".repeat(70_000)),
      { ...binary.response(200, "1234"), body: Uint8Array.of(0xff, 0xfe, 1) },
      { ...coded.response(200, "abc"), wireBytes: 20, incomplete: "reset" },
    ]);
    expect(lines.map(({ body, body_bytes, wire_bytes, incomplete }) => [body, body_bytes, wire_bytes, incomplete]))
      .toEqual([
        [undefined, 70_000, undefined, undefined],
        [undefined, 3, 4, undefined],
        ["abc", undefined, 20, "reset"],
      ]);
  });

  it("has no body where it has nothing to do with MCP, unless that is wanted", async () => {
    const on = connection(), message = new Exchange(on);
    const site = (target: string) => {
      const made = new Exchange(on);
      return [made.request("order=1", { target }), made.response(200, "thanks")];
    };
    const events = [
      message.request(ask(1, "ping"), { target: "/rpc" }),
      message.response(200, answer(1)),
      ...site("/shop?x=1"),
      ...site("/rpc"),
      ...site("/oauth/token"),
    ];
    const bodies = async (otherHttp?: string) =>
      (await linesOf(events, otherHttp === undefined ? {} : { other_http: otherHttp }))
        .filter(({ kind }) => kind === "http").map(({ target, body, body_bytes }) => `${target} ${body ?? body_bytes}`);
    const related = ["/rpc order=1", "/rpc thanks", "/oauth/token order=1", "/oauth/token thanks"];
    expect(await bodies()).toEqual(["/shop?x=1 7", "/shop?x=1 6", ...related]);
    expect(await bodies("whole")).toEqual(["/shop?x=1 order=1", "/shop?x=1 thanks", ...related]);
    expect(await bodies("none")).toEqual(related);
  });

  it("has an event of a stream, and its end", async () => {
    const made = new Exchange();
    made.stream();
    const [event, end] = await linesOf([made.sse("hello", { event: "greet", id: "1" }), made.end("reset")]);
    expect(event).toMatchObject({ type: "sse", sse: { event: "greet", id: "1", data: "hello" } });
    expect(event).not.toHaveProperty("headers");
    expect(end).toMatchObject({ type: "end", status: 200, incomplete: "reset" });
  });
});
