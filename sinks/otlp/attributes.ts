/**
 * The attributes of calls: semantic-conventions-genai @0393513, docs/gen-ai/mcp.md (in development). What begins with
 * `mcpsonde.` is ours.
 *
 * @module
 */
import type { LogicalCall, McpContext, McpSession } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import { isObject } from "../../pipeline/json.ts";
import { isModern } from "../../protocols/mcp/mod.ts";
import { type Attributes, brief, maybeBrief } from "./values.ts";

/** How a call ended. */
export interface Ending {
  /** `error.type`; undefined if it ended well. */
  readonly error: string | undefined;
  /** `rpc.response.status_code`: the code of a JSON-RPC error. */
  readonly code: string | undefined;
  /** What the error says of itself. */
  readonly message: string | undefined;
}

const WELL: Ending = { error: undefined, code: undefined, message: undefined };
const TOOL_ERROR: Ending = { ...WELL, error: "tool_error" };
const CANCELLED: Ending = { ...WELL, error: "cancelled" };

/** How it ended, by what the messages at hand say, which may have been redacted. `said`: of one that ended without a message. */
export function endingOf(call: LogicalCall, last: McpEvent | undefined, said?: string): Ending {
  switch (call.outcome) {
    case "tool_error":
      return TOOL_ERROR;
    case "cancelled": // of a subscription that is how it ends
      return call.method === "subscriptions/listen" ? WELL : CANCELLED;
    case "hung":
      return { error: "timeout", code: undefined, message: maybeBrief(said) };
    case "error": {
      const { errorCode } = call;
      const status = call.request.http?.response?.status;
      const code = errorCode === undefined ? undefined : String(errorCode);
      const other = status !== undefined && status >= 400 ? String(status) : "_OTHER";
      const error = last?.error;
      const message = isObject(error) ? error["message"] : undefined;
      return { error: code ?? other, code, message: maybeBrief(typeof message === "string" ? message : said) };
    }
    default:
      return WELL;
  }
}

/** What is the same in spans and metrics of all calls of a method and name. */
export function calledAttributes(method: string, name: string | undefined): Attributes {
  return {
    "mcp.method.name": brief(method),
    "gen_ai.operation.name": method === "tools/call" ? "execute_tool" : undefined,
    "gen_ai.tool.name": method === "tools/call" ? maybeBrief(name) : undefined,
    "gen_ai.prompt.name": method === "prompts/get" ? maybeBrief(name) : undefined,
  };
}

/** The span's name: of low cardinality, so without URIs. */
export function spanName(method: string, name: string | undefined): string {
  const isNamed = name !== undefined && (method === "tools/call" || method === "prompts/get");
  return isNamed ? `${brief(method)} ${brief(name)}` : brief(method);
}

/** How messages of a session travel. */
export function networkAttributes({ transport, http, stream }: McpEvent): Attributes {
  if (transport === "stdio") return { "network.transport": "pipe" };
  return {
    "network.transport": stream.medium === "unix" || stream.medium === "pipe" ? stream.medium : "tcp",
    "network.protocol.name": "http",
    "network.protocol.version": http?.version,
  };
}

/** Where the server is, as its client calls it. Of HTTP only. */
export function serverAddress(event: McpEvent): Attributes {
  const { http, stream } = event;
  if (http === undefined) return {};
  const to = http.stream.to ?? http.stream.reverse?.from;
  const { host, port } = hostPort(http.request?.authority ?? "");
  const address = host === "" ? to?.address : brief(host);
  if (address === undefined) return {};
  return { "server.address": address, "server.port": port ?? to?.port ?? (stream.medium === "tls" ? 443 : 80) };
}

/** Where the client is. Its port is an attribute too: {@linkcode clientPort}. */
export function clientAddress({ http }: McpEvent): Attributes {
  const from = http?.stream.from ?? http?.stream.reverse?.to;
  return { "client.address": from?.address };
}

/** The client's port: another one for each connection. */
export function clientPort({ http }: McpEvent): number | undefined {
  return (http?.stream.from ?? http?.stream.reverse?.to)?.port;
}

/** The session. Since 2026-07-28 there is none, and no id must be told. */
export function sessionAttributes(session: McpSession, era: string | undefined): Attributes {
  const hasSession = era === undefined || !isModern(era);
  return {
    "mcp.protocol.version": maybeBrief(era),
    "mcp.session.id": hasSession ? maybeBrief(session.sessionId) : undefined,
  };
}

/** Who talks to whom: no convention has a name for it. */
export function partyAttributes({ server, clientInfo, clientProcess }: McpSession): Attributes {
  return {
    "mcpsonde.server.name": brief(server.name),
    "mcpsonde.client.name": maybeBrief(clientInfo?.name ?? clientProcess?.name),
  };
}

/** What only some calls have. */
export function callAttributes(call: LogicalCall): Attributes {
  return {
    "mcpsonde.call.requests": call.requests > 1 ? call.requests : undefined,
    "mcpsonde.call.progress": call.progress > 0 ? call.progress : undefined,
    "mcpsonde.call.wait_time": call.humanTime > 0 ? call.humanTime / 1000 : undefined,
    "mcpsonde.task.id": maybeBrief(call.taskId),
  };
}

/** The era in force, for a call. */
export function eraOf(context: McpContext | undefined, session: McpSession): string | undefined {
  return session.era ?? context?.era;
}

function hostPort(authority: string): { readonly host: string; readonly port: number | undefined } {
  const match = /^(.*?)(?::(\d{1,5}))?$/s.exec(authority);
  const host = (match?.[1] ?? "").replace(/^\[(.*)\]$/s, "$1");
  const port = match?.[2];
  return { host, port: port === undefined ? undefined : Number(port) };
}
