/** SDK 1.x drives server-everything through everything that goes over stdio. */
import "./truth.mjs";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";

const server = fileURLToPath(import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js"));
const client = new Client({ name: "typescript1", version: "1.0.0" }, {
  capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
});
client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: "file:///tmp", name: "tmp" }] }));
client.setRequestHandler(CreateMessageRequestSchema, () => ({
  role: "assistant",
  model: "none",
  content: { type: "text", text: "sampled ✓" },
}));
client.setRequestHandler(ElicitRequestSchema, () => ({ action: "decline" }));
// By itself, or as most configurations start it: through npx, with a shell in between.
const command = process.env.SERVER === "npx"
  ? { command: "npx", args: ["--no", "mcp-server-everything", "stdio"], cwd: import.meta.dirname }
  : { command: process.execPath, args: [server, "stdio"] };
const transport = new StdioClientTransport({ ...command, stderr: "ignore" });

const tool = (name, args = {}, options) => client.callTool({ name, arguments: args }, undefined, options);
await client.connect(transport);
await client.listTools();
await client.listResources();
await client.listResourceTemplates();
await client.listPrompts();
await tool("echo", { message: "héllo → 世界 🙂" });
await Promise.all([1, 2, 3, 4, 5].map((b) => tool("get-sum", { a: 1, b })));
await tool("get-tiny-image");
await tool("get-sum", { a: "no number" }).catch(() => {});
await client.request({ method: "no/such/method" }, { parse: (x) => x }).catch(() => {});
const { resources } = await client.listResources();
await client.readResource({ uri: resources[0].uri });
await client.getPrompt({ name: "simple-prompt" });
await tool("trigger-long-running-operation", { duration: 0.2, steps: 4 }, { onprogress: () => {} });
await tool("trigger-sampling-request", { prompt: "hi", maxTokens: 10 });
await tool("get-roots-list");
await tool("trigger-elicitation-request");
const controller = new AbortController();
const cancelled = tool("trigger-long-running-operation", { duration: 1, steps: 1 }, { signal: controller.signal });
setTimeout(() => controller.abort("enough"), 50);
await cancelled.catch(() => {});
await client.sendRootsListChanged();
await client.setLoggingLevel("debug");
await client.ping();
await client.close();
