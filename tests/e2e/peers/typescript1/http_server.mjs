/**
 * An MCP server of SDK 1.x on every kind of listener. Prints one line, `{ pid, http, any, ip6, h2c, https, h2, unix }`:
 * ports, and the path of a socket. `$TLS_KEY` and `$TLS_CERTIFICATE` are files; without them there is no TLS.
 *
 * `/mcp` is streamable HTTP, `/sse` the old transport, `/open` answers without a session. In the query, `json` asks for
 * answers as JSON, `coding` for their compression, `auth` for a token.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import process from "node:process";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";
import { recorded } from "./http_truth.mjs";

const say = (text) => ({ content: [{ type: "text", text }] });

/** Digits that do not compress to nothing. */
function digits(count) {
  let text = "";
  for (let i = 0; text.length < count; i++) text += Math.imul(i, 0x9e3779b1) >>> 0;
  return text.slice(0, count);
}

function makeServer() {
  const server = new McpServer({ name: "typescript1", version: "1.0.0" }, {
    capabilities: { logging: {}, resources: { listChanged: true } },
  });
  server.registerTool("echo", { inputSchema: { text: z.string() } }, ({ text }) => say(text));
  server.registerTool("big", { inputSchema: { size: z.number() } }, ({ size }) => say(digits(size)));
  server.registerTool("fail", { inputSchema: {} }, () => {
    throw new Error("as asked");
  });
  server.registerTool("wait", { inputSchema: { ms: z.number() } }, async ({ ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return say("waited");
  });
  server.registerTool("steps", { inputSchema: { count: z.number(), ms: z.number() } }, async ({ count, ms }, extra) => {
    const { progressToken = "none" } = extra._meta ?? {};
    for (let progress = 1; progress <= count; progress++) {
      await extra.sendNotification({ method: "notifications/progress", params: { progressToken, progress } });
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    return say("done ✓");
  });
  server.registerTool("sample", { inputSchema: {} }, async (_, { sendRequest }) => {
    const params = { messages: [{ role: "user", content: { type: "text", text: "hi" } }], maxTokens: 5 };
    const { model } = await sendRequest({ method: "sampling/createMessage", params }, z.looseObject({}));
    return say(model);
  });
  // Not part of the answer: it goes out on the stream that the client opened by GET.
  server.registerTool("announce", { inputSchema: {} }, async () => {
    await server.server.sendResourceListChanged();
    await server.server.sendLoggingMessage({ level: "info", data: "an announcement 🙂" });
    return say("announced");
  });
  server.registerResource("note", "note://one", {}, ({ href }) => ({ contents: [{ uri: href, text: "a\nb" }] }));
  return server;
}

const sessions = new Map();

async function connect(transport) {
  await makeServer().connect(transport);
  return transport;
}

function refuse(response, status, headers = {}) {
  response.writeHead(status, headers);
  response.end();
}

async function handle(request, response, { pathname, searchParams }, text) {
  const body = text ? JSON.parse(text) : undefined;
  if (searchParams.has("auth") && request.headers.authorization !== `Bearer ${process.env.TOKEN}`) {
    return refuse(response, 401, { "www-authenticate": 'Bearer realm="peer"' });
  }
  const enableJsonResponse = searchParams.has("json");
  if (pathname === "/sse") {
    const transport = new SSEServerTransport("/messages", response);
    sessions.set(transport.sessionId, transport);
    return void await connect(transport);
  }
  if (pathname === "/messages") {
    return await sessions.get(searchParams.get("sessionId")).handlePostMessage(request, response, body);
  }
  if (pathname === "/open") {
    const transport = await connect(
      new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse }),
    );
    return await transport.handleRequest(request, response, body);
  }
  const id = request.headers["mcp-session-id"];
  const transport = sessions.get(id) ?? (id || body?.method !== "initialize" ? undefined : await connect(
    new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse,
      onsessioninitialized: (id) => sessions.set(id, transport),
    }),
  ));
  if (!transport) return refuse(response, 404);
  await transport.handleRequest(request, response, body);
}

const listener = recorded((...args) => handle(...args).catch((error) => console.error(error)));
const listen = (server, ...where) =>
  new Promise((resolve) => server.listen(...where, () => resolve(server.address().port ?? where[0])));

const said = {
  pid: process.pid,
  http: await listen(http.createServer(listener), 0, "127.0.0.1"),
  any: await listen(http.createServer(listener), 0, "::"),
  ip6: await listen(http.createServer(listener), 0, "::1"),
};
if (process.env.UNIX_SOCKET) said.unix = await listen(http.createServer(listener), process.env.UNIX_SOCKET);
if (process.env.TLS_KEY) {
  const tls = { key: readFileSync(process.env.TLS_KEY), cert: readFileSync(process.env.TLS_CERTIFICATE) };
  said.h2c = await listen(http2.createServer(listener), 0, "127.0.0.1");
  said.https = await listen(https.createServer(tls, listener), 0, "127.0.0.1");
  said.h2 = await listen(http2.createSecureServer({ ...tls, allowHTTP1: true }, listener), 0, "127.0.0.1");
}
console.log(JSON.stringify(said));
