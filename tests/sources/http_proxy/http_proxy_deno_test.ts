import http from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../pipeline/event.ts";
import { pipe, source, transform } from "../../../pipeline/mod.ts";

type Finish = (cleanup: () => unknown) => void;

/** A server, a proxy before it, and what the pipeline sees. */
async function proxied(finish: Finish, listener: http.RequestListener, options: Record<string, unknown> = {}) {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const stop = new AbortController();
  const events: Event[] = [];
  const listening = Promise.withResolvers<string>();
  const log = { info: (text: string) => listening.resolve(/http:\S+/.exec(text)?.[0] ?? ""), warn() {}, error() {} };
  const proxy = source("http_proxy", { url: upstream, ...options }, { signal: stop.signal, log, name: "proxy" });
  const done = pipe(proxy, transform("http"), transform("jsonrpc"), async (input) => {
    for await (const batch of input) events.push(...batch);
  });
  finish(async () => {
    stop.abort();
    await done;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = await listening.promise;
  const seen = async (what: (event: Event) => boolean) => {
    for (let i = 0; i < 200; i++) {
      const event = events.find(what);
      if (event !== undefined) return event;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not seen among ${events.map(({ kind }) => kind)}`);
  };
  return { url, port: Number(new URL(url).port), events, seen };
}

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
const post = (body: unknown, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
  body: JSON.stringify(body),
});

/** What a raw client gets: fetch would forbid some of the fields. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (data) => answer += data).on("end", () => resolve(answer)).on("error", reject);
  });
}

describe("http_proxy", () => {
  it("hands on method, target, fields and body, and the answer's as well", async ({ onTestFinished }) => {
    let got: http.IncomingMessage | undefined, body = "";
    const { url, seen } = await proxied(onTestFinished, async (request, response) => {
      got = request;
      for await (const part of request) body += part;
      response.writeHead(200, ["Mcp-Session-Id", "s-1", "Content-Type", "application/json", "X-A", "1", "X-A", "2"]);
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: {} }));
    });
    const answer = await fetch(
      `${url}?x=%20y`,
      post(ping, { "mcp-session-id": "s-0", "x-more": "yes", authorization: "Bearer secret-token" }),
    );
    expect(await answer.json()).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    expect(answer.headers.get("mcp-session-id")).toBe("s-1");
    expect(answer.headers.get("x-a")).toBe("1, 2");
    expect(got).toMatchObject({ method: "POST", url: "/mcp?x=%20y" });
    expect(got?.headers).toMatchObject({
      "mcp-session-id": "s-0",
      "x-more": "yes",
      authorization: "Bearer secret-token",
    });
    expect(body).toBe(JSON.stringify(ping));
    const request = await seen((event) => event.kind === "mcp" && event.type === "request");
    expect(request).toMatchObject({ method: "ping", transport: "http", http: { request: { target: "/mcp?x=%20y" } } });
    expect(JSON.stringify(request.kind === "mcp" && request.http?.request)).not.toContain("secret-token");
    expect(await seen((event) => event.kind === "mcp" && event.type === "response")).toMatchObject({
      request: { id: 1 },
    });
  });

  it("leaves out what is about one connection, and what Connection names", async ({ onTestFinished }) => {
    let names: string[] = [];
    const { port } = await proxied(onTestFinished, (request, response) => {
      names = Object.keys(request.headers);
      response.writeHead(200, { "Keep-Alive": "timeout=9", "X-Hop": "1", Connection: "close, X-Hop", "X-End": "1" });
      response.end("hello");
    });
    const answer = await raw(
      port,
      `GET /mcp HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close, X-One\r\nX-One: 1\r\nX-Two: 2\r\nProxy-Authorization: no\r\nTE: trailers\r\n\r\n`,
    );
    expect(names).toContain("x-two");
    for (const name of ["x-one", "proxy-authorization", "te"]) expect(names).not.toContain(name);
    expect(answer.toLowerCase()).toContain("x-end: 1");
    expect(answer.toLowerCase()).not.toMatch(/x-hop|timeout=9/);
  });

  it("hands on each event of a stream at once, and Last-Event-ID", async ({ onTestFinished }) => {
    let resumed: unknown;
    let more = () => {};
    const { url, seen } = await proxied(onTestFinished, (request, response) => {
      resumed = request.headers["last-event-id"];
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(
        `id: 7\ndata: ${JSON.stringify({ jsonrpc: "2.0", method: "notifications/message", params: {} })}\n\n`,
      );
      more = () => response.end(`data: ${JSON.stringify({ jsonrpc: "2.0", method: "notifications/last" })}\n\n`);
    });
    const answer = await fetch(url, { headers: { accept: "text/event-stream", "last-event-id": "6" } });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain("notifications/message"); // while the answer goes on
    expect(await seen((event) => event.kind === "mcp" && event.method === "notifications/message")).toMatchObject({
      sseId: "7",
    });
    more();
    expect((await reader.read()).value).toContain("notifications/last");
    expect((await reader.read()).done).toBe(true);
    expect(resumed).toBe("6");
  });

  it("tells the server that the client has left", async ({ onTestFinished }) => {
    const left = Promise.withResolvers<void>();
    const { url } = await proxied(onTestFinished, (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": hello\n\n");
      response.on("close", () => left.resolve());
    });
    const away = new AbortController();
    const answer = await fetch(url, { signal: away.signal, headers: { accept: "text/event-stream" } });
    await answer.body!.getReader().read();
    away.abort();
    await left.promise;
  });

  it("tells the server that the client has left before the answer has begun", async ({ onTestFinished }) => {
    const left = Promise.withResolvers<void>();
    const { port } = await proxied(onTestFinished, (_, response) => void response.on("close", () => left.resolve()));
    const socket = connect(port, "127.0.0.1", () => socket.write("GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    setTimeout(() => socket.destroy(), 300);
    await left.promise;
  });

  it("says with 502 that the server is not there", async ({ onTestFinished }) => {
    const { url, seen } = await proxied(onTestFinished, (request) => request.socket.destroy());
    const answer = await fetch(url, post(ping));
    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(/^mcpsonde: the server at http:\/\/127\.0\.0\.1:\d+ cannot be asked: /);
    await seen((event) => event.kind === "http" && event.exchange.response?.status === 502 || event.kind === "mcp");
  });

  it.each([
    ["Host: evil.example", 403],
    ["Host: localhost.evil.example", 403],
    ["Host: 127.0.0.1.evil.example", 403],
    ["Host: 10.0.0.7:80", 403],
    ["Host: localhost\r\nOrigin: http://evil.example", 403],
    ["Host: localhost\r\nOrigin: null", 403],
    ["Host: localhost\r\nOrigin: http://localhost.evil.example", 403],
    ["Host: localhost\r\nOrigin: http://localhost:5173", 200],
    ["Host: LOCALHOST:81", 200],
    ["Host: [::1]:81", 200],
    ["Host: proxy.example", 200],
    ["Host: localhost\r\nOrigin: https://app.example", 200],
  ])("answers a request with %s by %i", async (fields, status) => {
    const cleanups: (() => unknown)[] = [];
    let asked = 0;
    const { port } = await proxied((cleanup) => cleanups.push(cleanup), (_, response) => {
      asked++;
      response.end("ok");
    }, { allow_hosts: ["proxy.example"], allow_origins: ["https://app.example"] });
    const answer = await raw(port, `GET /mcp HTTP/1.1\r\n${fields}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(asked).toBe(status === 200 ? 1 : 0);
    for (const cleanup of cleanups) await cleanup();
  });

  it("refuses what the policy denies before the server hears of it", async ({ onTestFinished }) => {
    const got: string[] = [];
    const policy = { rules: [{ action: "deny", tool: "rm", name: "no-rm" }] };
    const { url, seen } = await proxied(onTestFinished, async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      got.push(body);
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"jsonrpc":"2.0","id":2,"result":{}}');
    }, { policy });
    const call = (name: string, id: number) => ({ jsonrpc: "2.0", id, method: "tools/call", params: { name } });
    const denied = await (await fetch(url, post(call("rm", 1)))).json();
    expect(denied).toMatchObject({ id: 1, error: { code: -32010, data: { rule: "no-rm" } } });
    expect(await (await fetch(url, post(call("ls", 2)))).json()).toMatchObject({ id: 2, result: {} });
    const mixed = await (await fetch(url, post([call("rm", 3), call("ls", 4)]))).json();
    expect(mixed).toMatchObject([{ id: 3, error: { code: -32010 } }, { id: 4, error: { code: -32010 } }]);
    const unclear = await fetch(url, {
      ...post({}),
      body: '{"jsonrpc":"2.0","id":5,"method":"ping","method":"tools/call"}',
    });
    expect(await unclear.json()).toMatchObject({ id: 5, error: { code: -32011 } });
    const packed = await fetch(url, post(call("ls", 6), { "content-encoding": "gzip" }));
    expect((await packed.json()).error.message).toContain("compressed");
    const form = {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "grant_type=x",
    };
    await (await fetch(new URL("/token", url), form)).text();
    expect(got).toEqual([JSON.stringify(call("ls", 2)), "grant_type=x"]);
    await seen((event) => event.kind === "mcp" && event.type === "request" && event.id === 1);
    await seen((event) => event.kind === "mcp" && event.type === "response" && event.id === 1 && event.isError);
  });

  it("does not change a byte of a large body either way", async ({ onTestFinished }) => {
    const { url } = await proxied(onTestFinished, (request, response) => {
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "content-length": request.headers["content-length"]!,
      });
      request.pipe(response);
    });
    const body = new Uint8Array(5_000_000);
    for (let at = 0; at < body.length; at += 50_000) crypto.getRandomValues(body.subarray(at, at + 50_000));
    const back = await (await fetch(url, { method: "POST", body })).bytes();
    expect(Buffer.compare(back, body)).toBe(0);
  });
});
