/**
 * What one server gave, in what another gets.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall, McpServer, McpSession } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import {
  defineDetector,
  type DefinitionChange,
  type Detector,
  type DetectorContext,
  type DetectorDeclaration,
} from "../detector.ts";
import { findSensitive, SENSITIVE, type SensitiveKind } from "../../../protocols/sensitive/mod.ts";
import { MAX_TEXT, ONE_IN, Prints, STRETCH } from "../../../protocols/text_prints/mod.ts";
import { type Client, Clients, serverKey } from "../flows/clients.ts";
import { isOutward, isPublic } from "../flows/directions.ts";
import type { Origin, Shared } from "../flows/memory.ts";
import { callName, quoted, serverName } from "../wording.ts";

const FLOW = "mcp.flow.between_servers";
/** From so many characters on it is worse. */
const MUCH = 1000;
/** Bytes around what is shown of a shared text. */
const SHOWN = 200;
/** Servers remembered that a flow to was told of. */
const MOST_TOLD = 16;

const options = z.strictObject({
  to: z.enum(["outward", "remote", "any"]).default("outward")
    .describe(
      "Which calls are looked at: those that may carry things off this machine (of servers elsewhere, of tools that say " +
        "so by `openWorldHint` or by their names), those of servers elsewhere only, or any.",
    ),
  min_chars: z.int().min(64).max(100_000).default(80)
    .describe("Letters and digits that the two have to share, at least about so many."),
  max_bytes: z.int().min(1024).max(MAX_TEXT).default(32 * 1024)
    .describe("How much of a result and of arguments is looked at, in bytes from the beginning."),
  within_s: z.number().positive().default(3600).describe("How long results are remembered, in seconds."),
  public_sources: z.boolean().default(false)
    .describe("Whether what web pages, searches and documentation gave is told, too."),
  allow: z.array(z.string()).default([]).describe("Servers that may get what others gave, by their names."),
});

/** The detector's declaration. */
const toxicFlow: DetectorDeclaration<typeof options> = defineDetector({
  name: "toxic_flow",
  summary: "Text of one server's result in the arguments of another server's tool",
  state: "Of up to 64 clients 16,384 fingerprints each, those of about 130,000 characters.",
  options,
  rules: [{
    code: FLOW,
    severity: "medium",
    summary: "Text that one server gave goes to another, which may carry it away",
    category: "sensitive_info_disclosure",
    references: ["OWASP-LLM02:2025", "OWASP-LLM06:2025", "OWASP-MCP10:2025", "ATLAS-AML.T0086"],
    target: "tool_call",
  }],
  create: (options, context) => new ToxicFlows(options, context),
});
export default toxicFlow;

const SECRETS = SENSITIVE.filter(({ group, onByDefault }) => group === "secret" && onByDefault);

/** What the caller itself wrote, or a definition says. */
const NO_FLOW: Origin = { server: undefined, serverName: "", name: undefined, call: 0, time: 0 };

class ToxicFlows implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  readonly #allowed: ReadonlySet<string>;
  readonly #clients = new Clients();
  #made: Prints | undefined;

  constructor(options: z.output<typeof toxicFlow.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
    this.#allowed = new Set(options.allow);
  }

  session(session: McpSession): void {
    this.#clients.of(session);
  }

  called(call: LogicalCall, event: McpEvent): void {
    const from = event.from("params"), to = event.to("params"), session = event.context?.session;
    if (session === undefined || event.context?.sender === "server") return;
    if (from < 0 || to - from < this.#options.min_chars || !isCall(call)) return;
    const client = this.#clients.of(session);
    if (client === undefined || client.servers.size < 2) return;
    this.#take(event, from, to);
    if (this.#prints.length < this.#options.min_chars) return;
    this.#judge(client, call, event, session);
    client.memory.add(this.#prints, NO_FLOW);
  }

  ended(call: LogicalCall, event: McpEvent | undefined, session: McpSession): void {
    if (event === undefined || !isCall(call) || call.outcome !== "ok" || event.context?.sender === "client") return;
    const from = event.from("result"), to = event.to("result");
    if (from < 0 || to - from < this.#options.min_chars) return;
    const client = this.#clients.of(session), { server } = session;
    if (client === undefined || client.servers.size < 2) return;
    this.#take(event, from, to);
    client.memory.add(this.#prints, originOf(call, server, event.time));
  }

  /** What tools say of themselves is in the model's context of everything. */
  definitions(changes: readonly DefinitionChange[]): void {
    const event = changes[0]?.event, session = event?.context?.session;
    if (event === undefined || session === undefined) return;
    const from = event.from("result"), client = this.#clients.of(session);
    if (from < 0 || client === undefined) return;
    this.#take(event, from, event.to("result"));
    client.memory.add(this.#prints, NO_FLOW);
  }

  /** Made when there is something to look at. */
  get #prints(): Prints {
    return this.#made ??= new Prints();
  }

  #take(event: McpEvent, from: number, to: number): void {
    this.#prints.take(event.buffer, from, Math.min(to, from + this.#options.max_bytes));
  }

  #judge(client: Client, call: LogicalCall, event: McpEvent, session: McpSession): void {
    const { within_s, min_chars, to } = this.#options, { server } = session, key = serverKey(server);
    // Chosen stretches lie apart: what is between the outer ones and the text's borders is not counted.
    const enough = Math.max(STRETCH, min_chars - 2 * ONE_IN);
    const shared = client.memory.shared(this.#prints, key, event.time - within_s * 1000);
    if (shared.length === 0 || this.#allowed.has(server.name)) return;
    const most = shared.find(({ chars, origin }) => chars >= enough && !origin.told?.has(key));
    if (most === undefined) return;
    if (to !== "any" && !(to === "remote" ? server.remote : isOutward(server, call.name))) return;
    if (!this.#options.public_sources && isPublic(most.origin.serverName, most.origin.name)) return;
    const told = most.origin.told ??= new Set();
    if (told.size < MOST_TOLD) told.add(key);
    this.#report(most, call, event, session);
  }

  #report({ origin, chars, first, last }: Shared, call: LogicalCall, event: McpEvent, session: McpSession): void {
    const { server } = session;
    const source = origin.name === undefined ? "a result" : `the result of ${quoted(origin.name)}`;
    const secret = secretIn(event);
    const where = server.remote ? `${serverName(server)} on another machine` : serverName(server);
    this.#context.report(FLOW, {
      message: `About ${chars.toLocaleString("en-GB")} letters and digits of ${source} of server ` +
        `${quoted(origin.serverName)} go to ${where} in ${callName(call)}` +
        (secret === undefined ? "" : `, and there is a secret in it (${secret.name})`),
      severity: server.remote || chars >= MUCH || secret !== undefined ? "high" : undefined,
      score: secret === undefined ? Math.min(0.95, 0.5 + chars / 2000) : 0.95,
      evidence: excerpt(event, first, last),
      details: {
        from_server: origin.serverName,
        ...(origin.name !== undefined && { from_tool: origin.name }),
        from_call: origin.call,
        to_server: server.name,
        ...(call.name !== undefined && { to_tool: call.name }),
        chars,
        ...(secret !== undefined && { secret: secret.name }),
        seconds: Math.round((event.time - origin.time) / 1000),
      },
      event,
      call,
      session,
    });
  }
}

/** Whether it is a call with arguments and results that say something. */
function isCall({ method }: LogicalCall): boolean {
  return method === "tools/call" || method === "resources/read" || method === "prompts/get";
}

function originOf({ name, id }: LogicalCall, server: McpServer, time: number): Origin {
  return { server: serverKey(server), serverName: server.name, name, call: id, time };
}

/** A kind of secret that the arguments have. */
function secretIn(event: McpEvent): SensitiveKind | undefined {
  const from = event.from("params");
  const text = new TextDecoder().decode(event.buffer.subarray(from, Math.min(event.to("params"), from + MAX_TEXT)));
  return findSensitive(text, SECRETS)[0]?.kind;
}

/** The beginning of what is shared, as it was sent. */
function excerpt(event: McpEvent, first: number, last: number): string {
  const params = event.from("params"), from = params + Math.max(0, first - STRETCH);
  return new TextDecoder().decode(
    event.buffer.subarray(from, Math.max(params + first, Math.min(params + last, from + SHOWN))),
  );
}
