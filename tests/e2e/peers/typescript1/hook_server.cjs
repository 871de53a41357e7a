/**
 * A server of SDK 1.x's CommonJS build over stdio, whose tools do what a sensor is to tell of. `$ROOM` is a folder that it
 * may write to.
 */
const { execFile, execSync } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");
const http = require("node:http");
const { join } = require("node:path");
const process = require("node:process");
const { promisify } = require("node:util");
const { Worker } = require("node:worker_threads");
const { McpServer } = require("@modelcontextprotocol/sdk/server/mcp.js");
const { StdioServerTransport } = require("@modelcontextprotocol/sdk/server/stdio.js");
const { z } = require("zod");

const say = (text) => ({ content: [{ type: "text", text: String(text) }] });
const room = process.env.ROOM ?? ".";

const server = new McpServer({ name: "hooked", version: "1.2.3", title: "Hooked" }, { instructions: "Does things." });
const tool = (name, inputSchema, handler) =>
  server.registerTool(name, { description: `The tool ${name}.`, inputSchema, annotations: { readOnlyHint: false } }, handler);

tool("echo", { text: z.string() }, ({ text }) => say(text));
tool("fail", {}, () => {
  throw new RangeError("as asked");
});
tool("pid", {}, () => say(process.pid));
tool("write", { name: z.string(), times: z.number().default(1) }, ({ name, times }) => {
  for (let k = 0; k < times; k++) writeFileSync(join(room, name), "x");
  return say("written");
});
tool("secret", {}, () => {
  writeFileSync(join(room, ".env"), "A=b");
  return say(readFileSync(join(room, ".env"), "utf8"));
});
tool("run", { words: z.array(z.string()) }, async ({ words: [file, ...args] }) => {
  const { stdout } = await promisify(execFile)(file, args);
  return say(stdout);
});
tool("shell", { command: z.string() }, ({ command }) => say(execSync(command)));
tool("get", { url: z.string() }, ({ url }) =>
  new Promise((resolve, reject) => http.get(url, (answer) => resolve(say(answer.resume().statusCode))).on("error", reject)));
tool("fetch", { url: z.string() }, async ({ url }) => say((await fetch(url)).status));
tool("thread", {}, () =>
  new Promise((resolve, reject) => {
    const worker = new Worker("require('node:fs').writeFileSync(process.env.ROOM + '/thread', 'x')", { eval: true });
    worker.on("exit", (code) => resolve(say(code))).on("error", reject);
  }));
tool("big", { size: z.number() }, ({ size }) => say("x".repeat(size)));
server.registerPrompt("greet", { argsSchema: { name: z.string() } }, ({ name }) => ({
  messages: [{ role: "user", content: { type: "text", text: `Greet ${name}` } }],
}));
server.registerResource("note", "note://one", { description: "A note." }, ({ href }) => ({
  contents: [{ uri: href, text: "a note" }],
}));

server.connect(new StdioServerTransport());
