/**
 * A client of SDK 2.x that sends every method of 2026-07-28 and holds calls of all kinds:
 * `semantics_client.mjs (stdio | http URL)`. What the SDK does not speak, tasks, it hands to its transport as messages.
 */
import { fileURLToPath } from "node:url";
import process from "node:process";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const REVISION = "2026-07-28", META = "io.modelcontextprotocol/";
const [kind, url] = process.argv.slice(2);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const capabilities = { elicitation: { form: {} }, sampling: {}, roots: {} };
const client = new Client({ name: "semantics2-client", version: "1.0.0" }, {
  capabilities,
  versionNegotiation: { mode: { pin: REVISION } },
});
client.setRequestHandler("elicitation/create", async () => {
  await wait(50); // a person thinks
  return { action: "accept", content: { name: "Ada" } };
});
client.setRequestHandler("sampling/createMessage", () => ({
  role: "assistant",
  model: "none",
  content: { type: "text", text: "sampled" },
}));
client.setRequestHandler("roots/list", () => ({ roots: [{ uri: "file:///tmp", name: "tmp" }] }));
let told = 0;
client.fallbackNotificationHandler = async () => void told++;

const server = fileURLToPath(new URL("semantics_server.mjs", import.meta.url));
const transport = kind === "stdio"
  ? new StdioClientTransport({ command: process.execPath, args: [server], stderr: "inherit" })
  : new StreamableHTTPClientTransport(new URL(url));
await client.connect(transport);

const answers = new Map();
const { onmessage } = transport;
transport.onmessage = (message, ...rest) => {
  const answered = answers.get(message.id);
  if (answered && message.method === undefined) answered(message.result ?? message.error);
  else onmessage.call(transport, message, ...rest);
};
let rawId = 0;

/** A request past the SDK. */
async function raw(method, params) {
  const id = `raw-${++rawId}`;
  const answer = new Promise((resolve) => answers.set(id, resolve));
  const _meta = {
    [`${META}protocolVersion`]: REVISION,
    [`${META}clientInfo`]: { name: "semantics2-client", version: "1.0.0" },
    [`${META}clientCapabilities`]: { ...capabilities, extensions: { [`${META}tasks`]: {} } },
  };
  await transport.send({ jsonrpc: "2.0", id, method, params: { ...params, _meta } });
  return await answer;
}

const tool = (name, args = {}, options, more = {}) => client.callTool({ name, arguments: args, ...more }, options);

await client.discover();
await client.listTools();
await client.listPrompts();
await client.listResources();
await client.listResourceTemplates();
await client.getPrompt({ name: "greet", arguments: { name: "Ada" } });
await client.readResource({ uri: "note://one" });
await client.complete({ ref: { type: "ref/prompt", name: "greet" }, argument: { name: "name", value: "A" } });

const changes = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true, resourceSubscriptions: ["note://one"] };
const subscription = await client.listen(changes);
await tool("change");
for (let i = 0; i < 200 && told < 4; i++) await wait(10);
await subscription.close();

await tool("echo", { text: "once" });
await tool("fail");
await tool("echo", { text: "traced" }, undefined, {
  _meta: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
});
await tool("steps", { count: 3 }, { onprogress() {} });
await tool("log", {}, undefined, { _meta: { [`${META}logLevel`]: "debug" } });
await tool("ask");
await tool("confirm");
const stop = new AbortController();
const cancelled = tool("wait", { ms: 400 }, { signal: stop.signal });
await wait(50);
stop.abort("enough");
await cancelled.catch(() => {});
await client.request({ method: "no/such/method", params: {} }, { "~standard": { version: 1, vendor: "any", validate: (value) => ({ value }) } })
  .catch(() => {});

const slow = async (ends) => (await raw("tools/call", { name: "slow", arguments: { ends } })).taskId;
const done = await slow("completed");
await raw("tasks/get", { taskId: done });
await raw("tasks/get", { taskId: done });
await wait(50); // a person thinks
await raw("tasks/update", { taskId: done, inputResponses: { who: { action: "accept", content: { name: "Ada" } } } });
await raw("tasks/get", { taskId: done });
await raw("tasks/get", { taskId: await slow("failed") });
const given = await slow("cancelled");
await raw("tasks/cancel", { taskId: given });
await raw("tasks/get", { taskId: given });
await wait(450); // the answer to the cancelled call, if the server gives one
await client.close();
