/** An MCP client without any SDK, which starts the server that its arguments name. Prints what it is answered. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import process from "node:process";

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const send = (message) => child.stdin.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");

async function ask(id, method, params = {}) {
  send({ id, method, params });
  const { value } = await lines.next();
  process.stdout.write(value + "\n");
}

await ask(0, "initialize", {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "bare-client", version: "1" },
});
send({ method: "notifications/initialized" });
await ask(1, "tools/list");
await ask("two", "tools/call", { name: "echo", arguments: { text: "héllo" } });
await ask(3, "no/such/method");
child.stdin.end();
