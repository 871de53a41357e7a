/**
 * SDK 1.x as a client over HTTP, on Node, Deno or Bun: `http_client.mjs URL [sse|plain]`. `sse` is the old transport;
 * `plain` leaves out what a server that answers in JSON cannot do.
 */
import process from "node:process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CreateMessageRequestSchema, LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

const [url, kind] = process.argv.slice(2);
const headers = { "x-peer-pid": String(process.pid) };
if (process.env.TOKEN) headers.authorization = `Bearer ${process.env.TOKEN}`;
const requestInit = { headers };
const transport = kind === "sse"
  ? new SSEClientTransport(new URL(url), {
    requestInit,
    eventSourceInit: { fetch: (url, init) => fetch(url, { ...init, headers: { ...headers, accept: "text/event-stream" } }) },
  })
  : new StreamableHTTPClientTransport(new URL(url), { requestInit });

const client = new Client({ name: "typescript1", version: "1.0.0" }, { capabilities: { sampling: {} } });
client.setRequestHandler(CreateMessageRequestSchema, () => ({
  role: "assistant",
  model: "none",
  content: { type: "text", text: "sampled ✓" },
}));
const announced = new Promise((resolve) => client.setNotificationHandler(LoggingMessageNotificationSchema, resolve));

const tool = (name, args = {}, options) => client.callTool({ name, arguments: args }, undefined, options);
await client.connect(transport);
await client.listTools();
await tool("echo", { text: "héllo → 世界 🙂" });
await Promise.all([1, 2, 3, 4, 5].map((n) => tool("echo", { text: `at once ${n}` })));
await tool("fail");
await client.request({ method: "no/such/method" }, { parse: (x) => x }).catch(() => {});
await client.readResource({ uri: "note://one" });
await tool("big", { size: 100_000 });
if (kind !== "plain") {
  await tool("steps", { count: 3, ms: 20 }, { onprogress: () => {} });
  await tool("sample");
  await tool("announce");
  await announced;
}
await client.ping();
if (kind !== "sse") await transport.terminateSession();
await client.close();
