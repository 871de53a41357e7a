/** A server of both protocol eras: SDK 2.x serves whichever the client opens with. By itself it serves over stdio. */
import process from "node:process";
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

export function makeServer() {
  const server = new McpServer({ name: "typescript2", version: "1.0.0" }, { instructions: "Adds and echoes." });
  server.registerTool("add", {
    description: "a + b",
    inputSchema: z.object({ a: z.number(), b: z.number() }),
  }, ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }));
  server.registerTool("echo", {
    description: "what it was given",
    inputSchema: z.object({ text: z.string() }),
  }, ({ text }) => ({ content: [{ type: "text", text }] }));
  server.registerTool("fail", { description: "fails", inputSchema: z.object({}) }, () => {
    throw new Error("as asked");
  });
  server.registerResource("note", "note://one", { mimeType: "text/plain" }, (uri) => ({
    contents: [{ uri: uri.href, text: "a note" }],
  }));
  server.registerPrompt("greet", { argsSchema: z.object({ name: z.string() }) }, ({ name }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Greet ${name}` } }],
  }));
  return server;
}

if (process.argv[1] === import.meta.filename) serveStdio(makeServer);
