/**
 * Which rules are for a message.
 *
 * @module
 */
import type { Json, McpEvent } from "../../pipeline/event.ts";
import type { Policy } from "./policy.ts";
import type { Direction, Rule } from "./rule.ts";
import { Active } from "./run.ts";

/** Sets of rules that are remembered. */
const MOST = 1024;

/** Finds the rules for messages. */
export class Conditions {
  readonly #policy: Policy;
  readonly #known = new Map<string, Active>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** The rules for this message. */
  active(event: McpEvent): Active {
    const { rules, isConditional, always } = this.#policy;
    if (!isConditional) return always;
    let key = "";
    for (const rule of rules) key += fits(rule, event) ? "1" : "0";
    let active = this.#known.get(key);
    if (active === undefined) {
      active = new Active(rules.filter((_, k) => key[k] === "1"));
      if (this.#known.size >= MOST) this.#known.clear();
      this.#known.set(key, active);
    }
    return active;
  }
}

function fits({ conditions }: Rule, event: McpEvent): boolean {
  if (conditions === undefined) return true;
  const { tool, server, method, direction } = conditions;
  if (direction !== undefined && !direction.some((one) => goes(event, one))) return false;
  if (method !== undefined) {
    const name = event.method ?? event.request?.method;
    if (name === undefined || !method.some((glob) => glob(name))) return false;
  }
  if (server !== undefined && !serversOf(event).some((name) => server.some((glob) => glob(name)))) return false;
  if (tool === undefined) return true;
  const name = toolOf(event);
  return name !== undefined && tool.some((glob) => glob(name));
}

function goes(event: McpEvent, direction: Direction): boolean {
  switch (direction) {
    case "to_server":
      return senderOf(event) === "client";
    case "to_client":
      return senderOf(event) === "server";
    default:
      return event.type === direction;
  }
}

/** Who sent it: as `mcp` says, or as the exchange does, or by what is asked. */
function senderOf(event: McpEvent): "client" | "server" {
  if (event.context?.sender !== undefined) return event.context.sender;
  if (event.http !== undefined) return event.stream === event.http.stream ? "client" : "server";
  if (event.type === "response") return event.request !== undefined && asksClient(event.request) ? "client" : "server";
  return asksClient(event) ? "server" : "client";
}

/** True for what servers ask and tell. */
function asksClient({ method }: McpEvent): boolean {
  return method !== undefined &&
    /^(?:sampling|roots|elicitation)\/|^notifications\/(?:message$|tools\/|prompts\/|resources\/|tasks|elicitation\/|progress$)/
      .test(method);
}

/** The names that a server goes by. */
function serversOf(event: McpEvent): string[] {
  const server = event.context?.session.server;
  if (server !== undefined) {
    return [server.name, server.info?.name, server.process?.name, server.address].filter((name) => name !== undefined);
  }
  const party = senderOf(event) === "server" ? event.process : event.peer;
  return [event.http?.request?.authority, party?.name].filter((name) => name !== undefined);
}

/** The tool that a message calls or answers for. */
function toolOf(event: McpEvent): string | undefined {
  const call = event.context?.call;
  if (call !== undefined) return call.method === "tools/call" ? call.name : undefined;
  const request = event.type === "response" ? event.request : event;
  if (request?.method !== "tools/call") return undefined;
  const { params } = request;
  const name: Json | undefined = typeof params === "object" && params !== null && !Array.isArray(params)
    ? params["name"]
    : undefined;
  return typeof name === "string" ? name : undefined;
}
