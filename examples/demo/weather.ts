/**
 * The server that the client of `mcpsonde demo` uses over HTTP: streamable HTTP in clear on one port and, if `tls` is
 * an argument, through TLS on another, with a certificate of its own making. It wants a token.
 *
 * Once it listens it prints a line of JSON: `{ http, https?, certificate? }`, two URLs and a certificate in PEM. Runs on
 * Deno, and bundled on Node.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { McpServer } from "npm:@modelcontextprotocol/sdk@1.32.2/server/mcp.js";
import { StreamableHTTPServerTransport } from "npm:@modelcontextprotocol/sdk@1.32.2/server/streamableHttp.js";
import { generate } from "npm:selfsigned@5.5.0";
import { z } from "npm:zod@4.6.7";

const TOKEN = process.env.DEMO_TOKEN;
/** Steps of a forecast, and how long one takes, in milliseconds. */
const STEPS = 2, STEP = 250;
const DAY = 86_400_000;

/** What a tool is told of its call, as far as it matters here. */
interface Extra {
  readonly _meta?: { readonly progressToken?: string | number };
  sendNotification(notification: { method: "notifications/progress"; params: Progress }): Promise<void>;
}

interface Progress {
  [key: string]: unknown;
  progressToken: string | number;
  progress: number;
  total: number;
}

const sessions = new Map<string, StreamableHTTPServerTransport>();

function makeServer(): McpServer {
  const server = new McpServer({ name: "weather", version: "1.0.0" });
  const inputSchema = { city: z.string() };
  server.registerTool("forecast", { inputSchema }, async ({ city }: { city: string }, extra: Extra) => {
    const progressToken = extra._meta?.progressToken;
    if (city.includes("\x1b")) throw new Error(`no city: ${city}`);
    for (let progress = 1; progressToken !== undefined && progress <= STEPS; progress++) {
      await new Promise((resolve) => setTimeout(resolve, STEP));
      const params = { progressToken, progress, total: STEPS };
      await extra.sendNotification({ method: "notifications/progress", params });
    }
    return { content: [{ type: "text", text: `sun, 24 °C in ${city}` }] };
  });
  return server;
}

async function newSession(): Promise<StreamableHTTPServerTransport> {
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id: string) => void sessions.set(id, transport),
  });
  await makeServer().connect(transport);
  return transport;
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) {
    request.resume();
    response.writeHead(401, { "www-authenticate": 'Bearer realm="weather"' }).end();
    return;
  }
  const transport = sessions.get(String(request.headers["mcp-session-id"])) ?? await newSession();
  await transport.handleRequest(request, response);
}

async function listen(server: http.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function makeCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + DAY),
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
    ],
  });
  return { key: made.private, cert: made.cert };
}

const onRequest = (request: IncomingMessage, response: ServerResponse) => void handle(request, response);
const says = { http: `http://127.0.0.1:${await listen(http.createServer(onRequest))}/mcp` };
if (process.argv.includes("tls")) {
  const pair = await makeCertificate();
  const port = await listen(https.createServer(pair, onRequest));
  print({ ...says, https: `https://localhost:${port}/mcp`, certificate: pair.cert });
} else print(says);

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
