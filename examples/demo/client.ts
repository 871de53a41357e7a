/**
 * The client of `mcpsonde demo`: a real MCP client, which starts a real server and uses some of what it offers. It
 * knows nothing of mcpsonde.
 *
 * It waits for a line on its standard input before it starts the server.
 *
 * @module
 */
import { Client } from "npm:@modelcontextprotocol/sdk@1.32.2/client/index.js";
import { StdioClientTransport } from "npm:@modelcontextprotocol/sdk@1.32.2/client/stdio.js";
import { CreateMessageRequestSchema } from "npm:@modelcontextprotocol/sdk@1.32.2/types.js";

/** The server, as an argument of `deno run`. */
const SERVER = "npm:@modelcontextprotocol/server-everything@2026.8.31";
/** Between two steps, in milliseconds, so that a person can follow. */
const PACE = 350;

await Deno.stdin.read(new Uint8Array(1));

const client = new Client({ name: "demo-client", version: "1.0.0" }, { capabilities: { sampling: {} } });
client.setRequestHandler(CreateMessageRequestSchema, async () => {
  await pause(120);
  const content = { type: "text" as const, text: "A probe that reads along without being in the way." };
  return { role: "assistant" as const, model: "demo-model", content };
});

await client.connect(
  new StdioClientTransport({
    command: Deno.execPath(),
    args: ["run", "-A", "--quiet", "--no-config", "--no-lock", SERVER, "stdio"],
    env: Deno.env.toObject(),
    stderr: "ignore",
  }),
);

const steps: (() => Promise<unknown>)[] = [
  () => client.listTools(),
  () => client.callTool({ name: "echo", arguments: { message: "Hello from a real MCP client" } }),
  () => client.callTool({ name: "get-sum", arguments: { a: 19, b: 23 } }),
  () => client.readResource({ uri: "demo://resource/static/document/architecture.md" }),
  () => client.getPrompt({ name: "args-prompt", arguments: { city: "Zürich", state: "ZH" } }),
  () =>
    client.callTool({ name: "trigger-long-running-operation", arguments: { duration: 2, steps: 3 } }, undefined, {
      onprogress: () => {},
    }),
  () => client.callTool({ name: "trigger-sampling-request", arguments: { prompt: "What is a Sonde?", maxTokens: 40 } }),
  () => client.callTool({ name: "get-sum", arguments: { a: "nineteen", b: 23 } }),
  () => client.callTool({ name: "echo", arguments: { message: "\x1b[2Jan answer that tries to clear your screen" } }),
  () => client.readResource({ uri: "demo://no/such/resource" }),
  () => client.ping(),
];
for (const step of steps) {
  await pause(PACE);
  await step().catch(() => {}); // refusals are part of the show
}
await pause(PACE);
await client.close();

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
