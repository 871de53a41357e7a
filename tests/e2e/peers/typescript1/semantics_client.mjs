/**
 * A client of SDK 1.x that sends every method of a revision, makes the server send its own, and holds calls of all kinds:
 * `semantics_client.mjs REVISION (stdio | http URL | sse URL)`. `$METHODS` is `[{ name, sender }]`.
 */
import { fileURLToPath } from "node:url";
import process from "node:process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { any, Tasks } from "./semantics.mjs";

const [revision, kind, url] = process.argv.slice(2);
const methods = JSON.parse(process.env.METHODS);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const client = new Client({ name: "semantics1-client", version: "1.0.0" }, {
  capabilities: {
    roots: { listChanged: true },
    sampling: {},
    ...(revision >= "2025-06-18" && { elicitation: revision >= "2025-11-25" ? { form: {}, url: {} } : {} }),
    ...(revision >= "2025-11-25" && { tasks: { list: {}, cancel: {}, requests: { sampling: { createMessage: {} } } } }),
  },
});
const SAMPLED = { role: "assistant", model: "none", content: { type: "text", text: "sampled" } };
const tasks = new Tasks((method, params) => client.notification({ method, params }));
client.fallbackNotificationHandler = async () => {};
client.fallbackRequestHandler = async ({ method, params }, { signal, sendNotification }) => {
  if (method.startsWith("tasks/")) return await tasks.answer(method, params);
  if (method === "roots/list") return { roots: [{ uri: "file:///tmp", name: "tmp" }] };
  if (method === "elicitation/create") {
    await wait(50); // a person thinks
    return { action: "accept", content: { name: "Ada" } };
  }
  if (params.systemPrompt === "hang") await new Promise((resolve) => signal.addEventListener("abort", resolve));
  if (params.task) return await tasks.make(SAMPLED);
  const progressToken = params._meta?.progressToken;
  if (progressToken !== undefined) {
    await sendNotification({ method: "notifications/progress", params: { progressToken, progress: 1 } });
  }
  return SAMPLED;
};

const request = (method, params = {}, options) => client.request({ method, params }, any, options);
const tool = (name, args = {}, options) => request("tools/call", { name, arguments: args }, options);

const server = fileURLToPath(new URL("semantics_server.mjs", import.meta.url));
await client.connect(
  kind === "stdio"
    ? new StdioClientTransport({ command: process.execPath, args: [server, revision], stderr: "inherit" })
    : kind === "sse"
    ? new SSEClientTransport(new URL(url))
    : new StreamableHTTPClientTransport(new URL(url)),
);

const SENT = {
  ping: {},
  "tools/list": {},
  "tools/call": { name: "echo", arguments: { text: "once" } },
  "prompts/list": {},
  "prompts/get": { name: "greet", arguments: { name: "Ada" } },
  "resources/list": {},
  "resources/templates/list": {},
  "resources/read": { uri: "note://one" },
  "resources/subscribe": { uri: "note://one" },
  "resources/unsubscribe": { uri: "note://one" },
  "completion/complete": { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "name", value: "A" } },
  "logging/setLevel": { level: "debug" },
  "notifications/roots/list_changed": {},
};
/** What the calls below send. */
const ELSEWHERE = ["initialize", "notifications/initialized", "notifications/cancelled", "notifications/progress"];

for (const { name, sender } of methods) {
  if (sender !== "server" && !name.includes("tasks/") && !ELSEWHERE.includes(name)) {
    if (SENT[name] === undefined) throw new Error(`no parameters for ${name}`);
    if (name.startsWith("notifications/")) await client.notification({ method: name, params: SENT[name] });
    else await request(name, SENT[name]);
  }
  if (sender !== "client") await tool("send", { method: name }, name.endsWith("progress") ? { onprogress() {} } : {});
}

// calls of all kinds
await tool("fail");
await request("tools/call", { name: "echo", arguments: { text: "traced" }, _meta: {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
} });
await tool("steps", { count: 3 }, { onprogress() {} });
await tool("ask");
const stop = new AbortController();
const cancelled = tool("wait", { ms: 400 }, { signal: stop.signal });
await wait(50);
stop.abort("enough");
await cancelled.catch(() => {});
await request("no/such/method").catch(() => {});

if (revision >= "2025-11-25") {
  const asTask = () => request("tools/call", { name: "echo", arguments: { text: "as a task" }, task: { ttl: 60_000 } });
  const { task: { taskId } } = await asTask();
  await request("tasks/get", { taskId });
  await request("tasks/get", { taskId });
  await request("tasks/result", { taskId });
  await request("tasks/list");
  await request("tasks/cancel", { taskId: (await asTask()).task.taskId });
}
await wait(450); // the answer to the cancelled call, if the server gives one
await client.close();
