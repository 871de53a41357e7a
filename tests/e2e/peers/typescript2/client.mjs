/** SDK 2.x over stdio in the protocol era named by the first argument: `legacy` or a modern revision. */
import "./truth.mjs";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const [era] = process.argv.slice(2);
const mode = era === "legacy" ? "legacy" : { pin: era };
const client = new Client({ name: "typescript2", version: "1.0.0" }, { versionNegotiation: { mode } });
const server = fileURLToPath(new URL("server.mjs", import.meta.url));
await client.connect(new StdioClientTransport({ command: process.execPath, args: [server], stderr: "ignore" }));

const tool = (name, args) => client.callTool({ name, arguments: args });
await client.listTools();
await tool("add", { a: 1, b: 2 });
await Promise.all(["één", "两", "🙂"].map((text) => tool("echo", { text })));
await tool("fail", {});
await tool("none", {}).catch(() => {});
await client.listResources();
await client.readResource({ uri: "note://one" });
await client.readResource({ uri: "note://none" }).catch(() => {});
await client.listPrompts();
await client.getPrompt({ name: "greet", arguments: { name: "Ada" } });
await client.close();
