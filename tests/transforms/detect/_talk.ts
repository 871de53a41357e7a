/**
 * Conversations for the tests of detectors: messages as `jsonrpc` makes them, with contexts as `mcp` would give them, and
 * a clock that the test moves.
 */
import { createHash } from "node:crypto";
import type { Definition, LogicalCall, McpContext, McpServer, McpSession, Outcome } from "../../../pipeline/context.ts";
import type { Event, FindingEvent, Json, McpEvent, Process, Stream } from "../../../pipeline/event.ts";
import type { Message } from "../../../pipeline/message.ts";
import { scanMessage } from "../../../protocols/jsonrpc/mod.ts";
import { Field, peek, peekedFrom, peekedTo, printOf } from "../../../protocols/mcp/mod.ts";
import { Clock } from "../../../transforms/detect/clock.ts";
import type { DetectorDeclaration } from "../../../transforms/detect/detector.ts";
import { optionsOf } from "../../../transforms/detect/options.ts";
import { Runner } from "../../../transforms/detect/runner.ts";
import { classify } from "../../../transforms/jsonrpc/classify.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** An object as JSON has it. */
export type JsonObject = { readonly [member: string]: Json };

/** The fake server: its maps can be changed. */
export interface FakeServer extends Mutable<McpServer> {
  tools: Map<string, Definition>;
  resources: Map<string, Definition>;
  resourceTemplates: Map<string, Definition>;
  prompts: Map<string, Definition>;
}

const encoder = new TextEncoder();
const START = Date.UTC(2026, 10, 21, 12);
let ids = 1;

/** One client and one server. Each message takes a millisecond. */
export class Talk {
  /** The server. */
  readonly server: FakeServer;
  /** The session. */
  readonly session: Mutable<McpSession>;
  /** Milliseconds since the epoch: the next event's. */
  now: number = START;
  readonly #down: Stream = { id: ids++, medium: "unix", reverse: undefined };
  readonly #up: Stream = { id: ids++, medium: "unix", reverse: this.#down };
  readonly #client: Process = { pid: 1, comm: "claude", name: "claude" };
  readonly #process: Process;

  /** A session with a server, which is local over stdio unless told otherwise. */
  constructor(server: Partial<McpServer> = {}) {
    this.#down.reverse = this.#up;
    const name = server.name ?? "files";
    this.#process = { pid: 2, comm: "node", name };
    this.server = {
      key: `stdio ${name}`,
      name,
      info: undefined,
      capabilities: undefined,
      instructions: undefined,
      transport: "stdio",
      process: this.#process,
      address: undefined,
      remote: false,
      executableHash: undefined,
      package: undefined,
      eras: ["2025-11-25"],
      firstSeen: START,
      lastSeen: START,
      version: 1,
      ...server,
      tools: new Map(server.tools),
      resources: new Map(server.resources),
      resourceTemplates: new Map(server.resourceTemplates),
      prompts: new Map(server.prompts),
    };
    this.session = {
      id: ids++,
      server: this.server,
      clientProcess: this.#client,
      clientInfo: undefined,
      clientCapabilities: undefined,
      sessionId: undefined,
      era: "2025-11-25",
      initialized: true,
      startTime: START,
      lastTime: START,
    };
  }

  /** Lets seconds pass. */
  wait(seconds: number): this {
    this.now += seconds * 1000;
    return this;
  }

  /** A request, by default the client's, that begins a call. */
  request(method: string, params?: JsonObject, from: "client" | "server" = "client"): Message {
    const message = this.#message(from, { jsonrpc: "2.0", id: ids++, method, ...(params && { params }) });
    message.context = this.#context(from, newCall(message, params), false);
    return message;
  }

  /** A request that calls a tool. */
  call(name: string, args: JsonObject = {}): Message {
    return this.request("tools/call", { name, arguments: args });
  }

  /** The answer to a request; it ends the call, unless told otherwise. */
  answer(request: Message, result: Json = {}, ends = true): Message {
    const error = typeof result === "object" && result !== null && !Array.isArray(result) && result["isError"] === true;
    return this.#end(request, { result }, error ? "tool_error" : "ok", ends);
  }

  /** The answer to a tool's call: one block of text. */
  text(request: Message, text: string): Message {
    return this.answer(request, { content: [{ type: "text", text }] });
  }

  /** The answer to a request: a JSON-RPC error. */
  fail(request: Message, code = -32603, message = "it failed"): Message {
    return this.#end(request, { error: { code, message } }, "error", true);
  }

  /** A notification. */
  notify(method: string, params?: JsonObject, from: "client" | "server" = "client", call?: LogicalCall): Message {
    const message = this.#message(from, { jsonrpc: "2.0", method, ...(params && { params }) });
    message.context = this.#context(from, call, false);
    if (call !== undefined) touch(call, message);
    return message;
  }

  /** Progress of a call. */
  progress(request: Message): Message {
    const call = callOf(request);
    call.progress++;
    return this.notify("notifications/progress", { progressToken: 1, progress: call.progress }, "server", call);
  }

  /** The client withdraws a request, which ends its call. */
  cancel(request: Message): Message {
    const call = callOf(request);
    const message = this.notify("notifications/cancelled", { requestId: request.id as Json }, "client", call);
    call.outcome = "cancelled";
    request.cancelled = true;
    message.context = this.#context("client", call, true);
    return message;
  }

  /** A list of tools: the request, and the response after which the server has these and no others. */
  tools(tools: readonly JsonObject[], more: JsonObject = {}): Message[] {
    const request = this.request("tools/list");
    const before = this.server.tools;
    this.server.tools = new Map(tools.map((tool) => {
      const made = definition("tool", tool, this.now);
      const old = before.get(made.name);
      return [made.name, old?.hash === made.hash ? old : made];
    }));
    this.server.version++;
    return [request, this.answer(request, { tools: tools as Json, ...more })];
  }

  #end(request: Message, body: JsonObject, outcome: Outcome, ends: boolean): Message {
    const from = request.context?.sender === "server" ? "client" : "server";
    const message = this.#message(from, { jsonrpc: "2.0", id: request.id as Json, ...body });
    message.request = request;
    const call = callOf(request);
    touch(call, message);
    if (ends) {
      const code = (body["error"] as { code?: number } | undefined)?.code;
      call.response = message;
      call.outcome = outcome;
      call.errorCode = code;
      call.serverTime = message.time - call.startTime;
      call.bytesOut += message.end - message.start;
    }
    message.context = this.#context(from, call, ends);
    return message;
  }

  #context(sender: "client" | "server", call: LogicalCall | undefined, endsCall: boolean): McpContext {
    return { era: this.session.era, session: this.session, sender, call, endsCall, trace: undefined };
  }

  #message(from: "client" | "server", body: JsonObject): Message {
    const text = encoder.encode(JSON.stringify(body));
    // as in a shared buffer: other bytes stand before and after
    const buffer = new Uint8Array(text.length + 8).fill(0x23);
    buffer.set(text, 4);
    scanMessage(buffer, 4, 4 + text.length, 256);
    const [process, peer] = from === "client" ? [this.#client, this.#process] : [this.#process, this.#client];
    const stream = from === "client" ? this.#down : this.#up;
    return classify({ time: this.now++, source: "test", process, peer, stream }, buffer);
  }
}

/** A definition as a server's list has it. */
export function definition(kind: Definition["kind"], value: JsonObject, time: number): Definition {
  const hash = createHash("sha256").update(JSON.stringify(value)).digest("hex");
  const name = String(value["name"] ?? value["uri"] ?? value["uriTemplate"]);
  return { kind, name, value, hash, tokens: NaN, firstSeen: time, lastSeen: time };
}

/**
 * Runs the detectors over events, each a batch of its own; gives all events. Calls and sessions are live: where it
 * matters what they were at the time of an event, let the events come from a generator.
 */
export function run(
  detectors: readonly DetectorDeclaration[],
  events: Iterable<Event>,
  options: Readonly<Record<string, unknown>> = {},
): Event[] {
  const metrics = { dropped() {}, error() {}, set() {} };
  const log = { info() {}, warn() {}, error() {} };
  const checked = optionsOf(detectors).parse(options);
  const runner = new Runner(detectors, checked, { log, metrics }, new Clock(() => 0));
  const out: Event[] = [];
  for (const event of events) out.push(...runner.run([event]));
  return [...out, ...runner.end()];
}

/** What one detector, with these options, finds in events. */
export function found(
  detector: DetectorDeclaration,
  events: Iterable<Event>,
  options: Readonly<Record<string, unknown>> = {},
): FindingEvent[] {
  const made = run([detector], events, { max_findings_per_minute: 1000, detectors: { [detector.name]: options } });
  return made.filter((event): event is FindingEvent => event.kind === "finding" && event.detector === detector.name);
}

function newCall(request: McpEvent, params: JsonObject | undefined): Mutable<LogicalCall> {
  const name = params?.["name"] ?? params?.["uri"];
  return {
    id: ids++,
    method: request.method ?? "",
    name: typeof name === "string" ? name : undefined,
    request,
    response: undefined,
    outcome: undefined,
    errorCode: undefined,
    startTime: request.time,
    lastTime: request.time,
    serverTime: 0,
    humanTime: 0,
    requests: 1,
    progress: 0,
    taskId: undefined,
    bytesIn: request.end - request.start,
    bytesOut: 0,
    tokensIn: NaN,
    tokensOut: NaN,
    print: printOfParams(request),
  };
}

function printOfParams(event: McpEvent): number {
  const { buffer } = event;
  const from = event.from("params"), to = event.to("params");
  const hasMeta = from >= 0 && (peek(buffer, from, to) & 1 << Field.meta) !== 0;
  return printOf(buffer, from, to, hasMeta ? peekedFrom(Field.meta) : from, hasMeta ? peekedTo(Field.meta) : from);
}

function callOf(request: Message): Mutable<LogicalCall> {
  const call = request.context?.call;
  if (call === undefined) throw new TypeError("not the request of a call");
  return call;
}

function touch(call: Mutable<LogicalCall>, message: McpEvent): void {
  call.lastTime = message.time;
}
