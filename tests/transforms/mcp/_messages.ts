/** Messages, sessions and servers for the tests of the inventory, the checks and the detectors that need them. */
import type { McpContext, McpSession } from "../../../pipeline/context.ts";
import type { HttpExchange, McpEvent, Process, Stream } from "../../../pipeline/event.ts";
import type { Message } from "../../../pipeline/message.ts";
import { scanMessage } from "../../../protocols/jsonrpc/mod.ts";
import { classify } from "../../../transforms/jsonrpc/classify.ts";
import { Executables } from "../../../transforms/mcp/inventory/executables/mod.ts";
import type { InventoryLimits } from "../../../transforms/mcp/inventory/limits.ts";
import { Inventory, type LiveServer, type ServerAt } from "../../../transforms/mcp/inventory/mod.ts";

export const client: Process = { pid: 1, comm: "claude", name: "claude" };
export const server: Process = { pid: 2, comm: "node", name: "server", args: ["node", "/srv/server.js"] };

const encoder = new TextEncoder();
const down: Stream = { id: 1, medium: "unix", reverse: undefined };
const up: Stream = { id: 2, medium: "unix", reverse: down };
down.reverse = up;

let now = 1_000_000;

/** A message as the scanner makes it. Time goes on by a millisecond each. */
export function message(value: unknown, sender: "client" | "server", time: number = now++): Message {
  const buffer = encoder.encode(typeof value === "string" ? value : JSON.stringify(value));
  scanMessage(buffer, 0, buffer.length, 256);
  const ends = sender === "client"
    ? { process: client, peer: server, stream: down }
    : { process: server, peer: client, stream: up };
  return classify({ time, source: "test", ...ends }, buffer);
}

let nextId = 1;

/** A client's request. */
export function request(method: string, params?: unknown, id: unknown = nextId++): Message {
  return message({ jsonrpc: "2.0", id, method, params }, "client");
}

/** A server's answer to a request. */
export function answer(asked: Message, result: unknown, time?: number): Message {
  const response = message({ jsonrpc: "2.0", id: asked.id, result }, "server", time);
  response.request = asked;
  return response;
}

/** A server's answer to a method. */
export function reply(method: string, result: unknown, params?: unknown, time?: number): Message {
  return answer(request(method, params), result, time);
}

/** The answer to `initialize`. */
export function initialized(name: string, more: Record<string, unknown> = {}): Message {
  return reply("initialize", { protocolVersion: "2025-11-25", serverInfo: { name, version: "1" }, ...more });
}

/** A tool as a server lists it. */
export function tool(name: string, description = "Does it.", more: Record<string, unknown> = {}): object {
  return { name, description, inputSchema: { type: "object", properties: {} }, ...more };
}

/** An inventory that looks at no files. */
export function inventory(limits: Partial<InventoryLimits> = {}): Inventory {
  const nothing = () => Promise.resolve({ hash: undefined, package: undefined });
  return new Inventory(limits, new Executables(nothing));
}

/** A session whose parts a test may set. */
export type TestSession = { -readonly [field in keyof McpSession]: McpSession[field] };

let sessions = 1;

/** A session with a server. */
export function session(of: McpSession["server"], more: Partial<McpSession> = {}): TestSession {
  return {
    id: sessions++,
    server: of,
    clientProcess: client,
    clientInfo: undefined,
    clientCapabilities: undefined,
    sessionId: undefined,
    era: "2025-11-25",
    initialized: true,
    startTime: now,
    lastTime: now,
    ...more,
  };
}

/** Where a server over stdio is. */
export function stdio(process: Process | undefined = server, time: number = now): ServerAt {
  return { transport: "stdio", process, address: undefined, remote: false, time };
}

/** Where a server over HTTP is. */
export function http(address: string, more: Partial<ServerAt> = {}): ServerAt {
  return { transport: "http", process: undefined, address, remote: true, time: now, ...more };
}

/** A server over stdio in an inventory of its own, and a session with it. */
export function pair(limits: Partial<InventoryLimits> = {}): { all: Inventory; at: LiveServer; of: TestSession } {
  const all = inventory(limits);
  const at = all.server(stdio());
  return { all, at, of: session(at) };
}

/** What `transforms/mcp` would say of a message. */
export function context(of: McpSession, sender: McpContext["sender"], more: Partial<McpContext> = {}): McpContext {
  return { era: of.era, session: of, sender, call: undefined, endsCall: false, trace: undefined, ...more };
}

/** A message with its context. */
export function within(event: Message, of: McpSession, more: Partial<McpContext> = {}): McpEvent {
  event.context = context(of, event.process === client ? "client" : "server", more);
  return event;
}

/** An exchange over HTTP with these request headers. */
export function exchange(headers: Record<string, string>): HttpExchange {
  return {
    id: 1,
    version: "1.1",
    request: { method: "POST", target: "/mcp", authority: "localhost", headers: Object.entries(headers) },
    response: undefined,
    times: {},
    client,
    server,
    stream: down,
  };
}
