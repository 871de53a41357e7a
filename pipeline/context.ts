/**
 * What `transforms/mcp` knows about a message: the revision and session it belongs to, who serves it, and the logical
 * call that it is part of. Types only; the objects are shared between events and live: their maker fills them in as more
 * is seen, to everyone else they are read-only.
 *
 * @module
 */
import type { Json, McpEvent, Process } from "./event.ts";

/** What is known about one message. */
export interface McpContext {
  /** The revision of MCP in force, e.g. `2025-11-25`, as the peers name it; undefined until there is evidence. */
  readonly era: string | undefined;
  /** The session. Where the protocol has none (2026-07-28) it stands for one client process and one server. */
  readonly session: McpSession;
  /** Which side sent the message; undefined while it is not clear. */
  readonly sender: "client" | "server" | undefined;
  /** The logical call that the message is part of, if it is part of one. */
  readonly call: LogicalCall | undefined;
  /** True on the call's last message: this is where sinks write the call's record. */
  readonly endsCall: boolean;
  /** The caller's trace, where the message names one. */
  readonly trace: TraceContext | undefined;
  /** Of the response that ends a list of the server (`tools/list`): the list, by name, as it is from then on. */
  readonly list?: ReadonlyMap<string, Definition> | undefined;
}

/** W3C trace context: of `params._meta` if it is there, else of the HTTP request's headers. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits: the parent span. */
  readonly spanId: string;
  /** The flags byte. */
  readonly flags: number;
  /** `tracestate` as sent. */
  readonly state: string | undefined;
  /** Where it was found. */
  readonly from: "meta" | "http";
}

/** What a party says of itself: `clientInfo` or `serverInfo`. */
export interface Implementation {
  /** Its name as sent. */
  readonly name: string;
  /** For people. */
  readonly title: string | undefined;
  /** Its version as sent. */
  readonly version: string | undefined;
}

/** A client and a server that talk. */
export interface McpSession {
  /** Unique within one run. */
  readonly id: number;
  /** Who serves. */
  readonly server: McpServer;
  /** The client's process, where known. */
  readonly clientProcess: Process | undefined;
  /** What the client says of itself. */
  readonly clientInfo: Implementation | undefined;
  /** The client's capabilities as sent. */
  readonly clientCapabilities: Json | undefined;
  /** `Mcp-Session-Id`, where there is one. */
  readonly sessionId: string | undefined;
  /** The revision in force, once known. */
  readonly era: string | undefined;
  /** Whether `initialize` was answered and `notifications/initialized` sent; of 2026-07-28 true from the start. */
  readonly initialized: boolean;
  /** Milliseconds since the epoch of its first message that was seen. */
  readonly startTime: number;
  /** Milliseconds since the epoch of its latest message. */
  readonly lastTime: number;
}

/** One entry of a server's list. */
export interface Definition {
  /** What it is. */
  readonly kind: "tool" | "resource" | "resource_template" | "prompt";
  /** Its name; of a resource its URI, of a template its URI template. */
  readonly name: string;
  /** The entry as the server sent it. */
  readonly value: { readonly [member: string]: Json };
  /** SHA-256 of the entry in canonical form (RFC 8785), in hex. */
  readonly hash: string;
  /** What it costs in a model's context, in tokens (an estimate). Counted when first asked for; NaN until the counter is loaded. */
  readonly tokens: number;
  /** Milliseconds since the epoch of the list that had it first. */
  readonly firstSeen: number;
  /** Milliseconds since the epoch of the latest list that had it. */
  readonly lastSeen: number;
}

/** A server and what it offers: one entry of the inventory. */
export interface McpServer {
  /** Tells servers apart, and is the same in the next run: made of transport and command line, or of the address. */
  readonly key: string;
  /** What a person would call it: its own name if it gave one, else the process's or the host's. */
  readonly name: string;
  /** What it says of itself. */
  readonly info: Implementation | undefined;
  /** Its capabilities as sent. */
  readonly capabilities: Json | undefined;
  /** Its `instructions`. */
  readonly instructions: string | undefined;
  /** How it is reached. */
  readonly transport: McpEvent["transport"];
  /** Its process, if it runs here. */
  readonly process: Process | undefined;
  /** Of HTTP: authority and path, `localhost:3000/mcp`. */
  readonly address: string | undefined;
  /** True if it runs on another machine. */
  readonly remote: boolean;
  /** SHA-256 of the executable, or of the script that an interpreter runs, in hex; undefined where it is not known (yet). */
  readonly executableHash: string | undefined;
  /** The package it comes from, where that can be told: `npm:@modelcontextprotocol/server-everything@2026.1.14`. */
  readonly package: string | undefined;
  /** Revisions it has spoken. */
  readonly eras: readonly string[];
  /** Milliseconds since the epoch of its first message that was seen. */
  readonly firstSeen: number;
  /** Milliseconds since the epoch of its latest message. */
  readonly lastSeen: number;
  /** Grows whenever anything above or below changes, but for `lastSeen`: a copy made of it is good until then. */
  readonly version: number;
  /** By name. */
  readonly tools: ReadonlyMap<string, Definition>;
  /** By URI. */
  readonly resources: ReadonlyMap<string, Definition>;
  /** By URI template. */
  readonly resourceTemplates: ReadonlyMap<string, Definition>;
  /** By name. */
  readonly prompts: ReadonlyMap<string, Definition>;
}

/**
 * How a call ended. `tool_error`: a result with `isError`. `error`: a JSON-RPC error. `hung`: no answer when its session
 * ended or capture did.
 */
export type Outcome = "ok" | "tool_error" | "error" | "cancelled" | "hung";

/**
 * One call as its caller sees it: a request and its response, or the several requests that MCP 2026-07-28 makes of it
 * (input required, tasks).
 */
export interface LogicalCall {
  /** Unique within one run. */
  readonly id: number;
  /** Its method: `tools/call`, `resources/read`, `sampling/createMessage`. */
  readonly method: string;
  /** Tool or prompt name, or resource URI. Read out of the first request when asked for. */
  readonly name: string | undefined;
  /** The first request: it has the arguments. */
  readonly request: McpEvent;
  /** The response that ended it; undefined while it is open, and of calls that had none. */
  readonly response: McpEvent | undefined;
  /** Undefined while it is open. */
  readonly outcome: Outcome | undefined;
  /** Of a JSON-RPC error: its code. */
  readonly errorCode: number | undefined;
  /** Milliseconds since the epoch of the first request. */
  readonly startTime: number;
  /** Milliseconds since the epoch of its latest message. */
  readonly lastTime: number;
  /** Milliseconds that the server had it: between a request and its response, less what the server waited for the client. */
  readonly serverTime: number;
  /** Milliseconds that it waited for a person or for the client's model: elicitation, sampling, input required. */
  readonly humanTime: number;
  /** Requests that carried it: 1, or more where input was required or a task was polled. */
  readonly requests: number;
  /** Progress notifications that came. */
  readonly progress: number;
  /** The task it became, if it became one. */
  readonly taskId: string | undefined;
  /** The client's call that the server asks this for: sampling, elicitation, roots. As far as it can be told. */
  readonly within?: LogicalCall | undefined;
  /** Bytes of its messages from the caller. */
  readonly bytesIn: number;
  /** Bytes of its messages to the caller. */
  readonly bytesOut: number;
  /** Arguments in tokens (an estimate). Counted when first asked for; NaN until the counter is loaded. */
  readonly tokensIn: number;
  /** Result in tokens, likewise. */
  readonly tokensOut: number;
  /** 32 bits over the params of the first request without their `_meta`: the same in equal calls. Made when asked for. */
  readonly print: number;
}
