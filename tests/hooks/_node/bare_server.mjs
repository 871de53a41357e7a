/** An MCP server over stdio without any SDK. `slow` answers in two writes. */
import process from "node:process";
import { createInterface } from "node:readline";

const answers = {
  initialize: () => ({
    protocolVersion: "2025-06-18",
    capabilities: { tools: {} },
    serverInfo: { name: "bare", version: "1.0.0" },
  }),
  "tools/list": () => ({ tools: [{ name: "echo", inputSchema: { type: "object" } }] }),
  "tools/call": ({ arguments: { text } }) => ({ content: [{ type: "text", text }] }),
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = answers[method]?.(params);
  const error = { code: -32601, message: "Method not found" };
  const text = JSON.stringify({ jsonrpc: "2.0", id, ...(result ? { result } : { error }) }) + "\n";
  process.stdout.write(text.slice(0, 20));
  process.stdout.write(text.slice(20));
});
