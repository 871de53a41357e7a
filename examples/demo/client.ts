/**
 * The client of `mcpsonde demo`: a real MCP client, which uses a server that it starts, over stdio, and then one that
 * listens, over HTTP and HTTPS. It knows nothing of mcpsonde.
 *
 * It waits for a line of JSON on its standard input before it begins: what `weather.ts` printed, or `{}`.
 *
 * @module
 */
import { Client } from "npm:@modelcontextprotocol/sdk@1.32.2/client/index.js";
import { StdioClientTransport } from "npm:@modelcontextprotocol/sdk@1.32.2/client/stdio.js";
import { StreamableHTTPClientTransport } from "npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp.js";
import type { Transport } from "npm:@modelcontextprotocol/sdk@1.32.2/shared/transport.js";
import { CreateMessageRequestSchema } from "npm:@modelcontextprotocol/sdk@1.32.2/types.js";

/** The server over stdio, as an argument of `deno run`. */
const SERVER = "npm:@modelcontextprotocol/server-everything@2026.8.31";
/** Between two steps, in milliseconds, so that a person can follow. */
const PACE = 350;

type Step = (client: Client) => Promise<unknown>;

/** What `weather.ts` printed. */
interface Weather {
  readonly http?: string;
  readonly https?: string;
  readonly certificate?: string;
}

async function use(transport: Transport, steps: readonly Step[]): Promise<void> {
  const client = new Client({ name: "demo-client", version: "1.0.0" }, { capabilities: { sampling: {} } });
  client.setRequestHandler(CreateMessageRequestSchema, async () => {
    await pause(120);
    const content = { type: "text" as const, text: "A probe that reads along without being in the way." };
    return { role: "assistant" as const, model: "demo-model", content };
  });
  try {
    await client.connect(transport);
    for (const step of steps) {
      await pause(PACE);
      await step(client);
    }
    await pause(PACE);
  } catch {
    // Refusals are part of the show.
  } finally {
    await client.close();
  }
}

function stdio(): Transport {
  return new StdioClientTransport({
    command: Deno.execPath(),
    args: ["run", "-A", "--quiet", "--no-config", "--no-lock", SERVER, "stdio"],
    env: Deno.env.toObject(),
    stderr: "ignore",
  });
}

function http(url: string, token?: string, certificate?: string): Transport {
  const connections = Deno.createHttpClient(certificate === undefined ? {} : { caCerts: [certificate] });
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
    fetch: (input: string | URL, init?: RequestInit) => fetch(input, { ...init, client: connections }),
  });
}

function tool(name: string, args: Record<string, unknown>): Step {
  return (client) => client.callTool({ name, arguments: args });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function line(): Promise<string> {
  let text = "";
  for await (const part of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.endsWith("\n")) break;
  }
  return text;
}

const weather: Weather = JSON.parse(await line());
const token = Deno.env.get("DEMO_TOKEN");

await use(stdio(), [
  tool("get-sum", { a: 19, b: 23 }),
  tool("trigger-sampling-request", { prompt: "What is a Sonde?", maxTokens: 40 }),
]);
if (weather.http !== undefined) {
  await use(http(weather.http), []);
  await pause(PACE);
  await use(http(weather.http, token), [
    (client) =>
      client.callTool({ name: "forecast", arguments: { city: "Zürich" } }, undefined, {
        onprogress: () => {},
      }),
  ]);
}
if (weather.https !== undefined) {
  await use(http(weather.https, token, weather.certificate), [
    tool("forecast", { city: "Genève" }),
    tool("forecast", { city: "\x1b[2J, to clear your screen" }),
  ]);
}
Deno.exit();
