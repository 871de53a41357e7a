/**
 * Secrets and personal data that leave this machine in what a client sends to a server.
 *
 * @module
 */
import { z } from "zod";
import type { McpSession } from "../../../pipeline/context.ts";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { SENSITIVE } from "../../../protocols/sensitive/mod.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { hint, type Leak, SensitiveSearch } from "../leaks/sensitive_search.ts";
import { quoted, serverName } from "../wording.ts";
import { several } from "../../../pipeline/wording.ts";

const SECRET = "mcp.argument.secret", PERSONAL = "mcp.argument.personal_data";
const REFERENCES = ["OWASP-LLM02:2025", "OWASP-MCP01:2025", "ATLAS-AML.T0057"];
/** Leaks remembered of one session. */
const MOST_TOLD = 500;
const NAMES = SENSITIVE.map(({ name }) => name);

const options = z.strictObject({
  local: z.boolean().default(false)
    .describe("Whether what goes to servers on this machine is told too: many of them pass it on."),
  kinds: z.array(z.enum(NAMES as [string, ...string[]])).default(
    SENSITIVE.filter(({ onByDefault }) => onByDefault).map(({ name }) => name),
  ).describe("Kinds of values to look for."),
  named: z.boolean().default(true)
    .describe("Whether values are told whose names say that they are secrets: `password`, `api_key`."),
  allow: z.array(z.string()).default([])
    .describe("Servers that may get secrets, by their names."),
});

/** The detector's declaration. */
const secretLeaving: DetectorDeclaration<typeof options> = defineDetector({
  name: "secret_leaving",
  summary: "Secrets and personal data in what is sent to servers elsewhere",
  state: `Of each session up to ${MOST_TOLD} places and kinds that were told.`,
  options,
  rules: [
    {
      code: SECRET,
      severity: "high",
      summary: "A secret is sent to a server elsewhere",
      category: "sensitive_info_disclosure",
      references: REFERENCES,
      target: "tool_call",
    },
    {
      code: PERSONAL,
      severity: "medium",
      summary: "A card, account or identity number, or another value about a person, is sent to a server elsewhere",
      category: "sensitive_info_disclosure",
      references: REFERENCES,
      target: "tool_call",
    },
  ],
  types: ["request", "response"],
  create: (options, context) => new SecretsLeaving(options, context),
});
export default secretLeaving;

class SecretsLeaving implements Detector {
  readonly #local: boolean;
  readonly #allowed: ReadonlySet<string>;
  readonly #context: DetectorContext;
  /** Made when there is a server to look at: it takes some milliseconds. */
  #search: SensitiveSearch | undefined;
  readonly #makeSearch: () => SensitiveSearch;
  readonly #told = new WeakMap<McpSession, Set<string>>();

  constructor({ local, kinds, named, allow }: z.output<typeof options>, context: DetectorContext) {
    this.#local = local;
    this.#allowed = new Set(allow);
    this.#context = context;
    const wanted = new Set(kinds);
    const looked = SENSITIVE.filter(({ name }) => wanted.has(name));
    this.#makeSearch = () => new SensitiveSearch(looked, named);
  }

  message(event: McpEvent): void {
    const session = event.context?.session;
    if (session === undefined || event.context?.sender !== "client") return;
    if (!(session.server.remote || this.#local) || this.#allowed.has(session.server.name)) return;
    // Requests with arguments, and answers: what a person or a model was asked for.
    const member = event.type === "request" ? "params" : event.type === "response" ? "result" : undefined;
    if (member === undefined) return;
    const from = event.from(member);
    if (from < 0) return;
    const search = this.#search ??= this.#makeSearch();
    const bits = search.look(event.buffer, from, event.to(member));
    if (bits === 0) return;
    const value = contentOf(event[member]);
    if (value === undefined) return;
    for (const leak of search.find(bits, value)) this.#tell(leak, event, session);
  }

  #tell(leak: Leak, event: McpEvent, session: McpSession): void {
    const call = event.context?.call;
    const tool = call?.name;
    const what = tool === undefined ? event.method ?? event.request?.method ?? "an answer" : quoted(tool);
    if (!this.#isNews(session, `${what}\0${leak.path}\0${leak.kind}`)) return;
    const named = leak.kind === "named_secret";
    this.#context.report(leak.group === "secret" ? SECRET : PERSONAL, {
      message: `${leak.summary} in ${quoted(leak.path)} of ${what} goes to ${serverName(session.server)}` +
        (session.server.remote ? " on another machine" : ""),
      severity: named ? "medium" : undefined,
      score: named ? 0.6 : 0.9,
      evidence: `${leak.path}: ${hint(leak.value)}`,
      details: {
        kind: leak.kind,
        argument: leak.path,
        ...(tool !== undefined && { tool }),
        server: session.server.name,
      },
      event,
      call,
      session,
    });
  }

  /** Whether this was not told of the session before. */
  #isNews(session: McpSession, key: string): boolean {
    let told = this.#told.get(session);
    if (told === undefined) this.#told.set(session, told = new Set());
    if (told.has(key)) return false;
    if (told.size >= MOST_TOLD) {
      if (told.size === MOST_TOLD) {
        this.#context.log.warn(
          `secret_leaving: more than ${several(MOST_TOLD, "place")} in one session; no more are told`,
        );
        told.add("");
      }
      return false;
    }
    told.add(key);
    return true;
  }
}

/** Arguments where there are some, else all but what the protocol itself put there. */
function contentOf(value: Json | undefined): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (value["arguments"] !== undefined && value["inputResponses"] === undefined) return value["arguments"];
  const { _meta, clientInfo: _info, capabilities: _capabilities, ...content } = value;
  return content;
}
