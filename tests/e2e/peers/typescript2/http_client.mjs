/** SDK 2.x as a client over HTTP, in the protocol era named by the second argument: `http_client.mjs URL ERA`. */
import process from "node:process";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const [url, era] = process.argv.slice(2);
const mode = era === "legacy" ? "legacy" : { pin: era };
const client = new Client({ name: "typescript2", version: "1.0.0" }, { versionNegotiation: { mode } });
const requestInit = { headers: { "x-peer-pid": String(process.pid) } };
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));

const tool = (name, args) => client.callTool({ name, arguments: args });
await client.listTools();
await tool("add", { a: 1, b: 2 });
await Promise.all(["één", "两", "🙂"].map((text) => tool("echo", { text })));
await tool("fail", {});
await tool("none", {}).catch(() => {});
await tool("été", {}).catch(() => {}); // its name goes into a header in Base64
await client.listResources();
await client.readResource({ uri: "note://one" });
await client.readResource({ uri: "note://none" }).catch(() => {});
await client.getPrompt({ name: "greet", arguments: { name: "Ada" } });
await client.close();
