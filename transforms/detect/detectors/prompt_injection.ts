/**
 * Content that gives orders to the model.
 *
 * @module
 */
import { z } from "zod";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { shortened } from "../../../pipeline/shortened.ts";
import { INJECTION_NEEDLES } from "../content/injection_needles.ts";
import { opinionOf } from "../content/injection/mod.ts";
import { Reasons } from "../content/report.ts";
import { textsIn } from "../content/texts.ts";

import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { callName, quoted } from "../wording.ts";

const RESULT = "mcp.content.prompt_injection",
  ARGUMENT = "mcp.argument.prompt_injection",
  REQUEST = "mcp.request.prompt_injection";
const REFERENCES = ["OWASP-LLM01:2025", "OWASP-MCP06:2025", "ATLAS-AML.T0051.001", "ATLAS-AML.T0099"];

const options = z.strictObject({
  threshold: z.number().min(0.05).max(1).default(0.55)
    .describe("Score, 0 to 1, from which content counts as prompt injection."),
  arguments: z.boolean().default(true)
    .describe("Whether arguments of calls are judged too: what a model has taken up and passes on."),
  max_chars: z.int().min(256).max(1 << 20).default(65_536)
    .describe("Characters of one text that are read; of a longer one its beginning and its end."),
  max_message_chars: z.int().min(256).max(1 << 24).default(262_144)
    .describe("Characters of one message that are read, all texts together."),
});

/** The detector's declaration. */
const promptInjection: DetectorDeclaration<typeof options> = defineDetector({
  name: "prompt_injection",
  summary: "Results, resources, prompts, errors and server requests whose text gives orders to the model",
  state: "Nothing.",
  options,
  rules: [
    {
      code: RESULT,
      severity: "high",
      summary: "What a server returned gives orders to the model",
      category: "prompt_injection",
      references: REFERENCES,
      target: "tool_result",
    },
    {
      code: REQUEST,
      severity: "high",
      summary: "What a server asks of the client's model or user gives orders to the model",
      category: "prompt_injection",
      references: REFERENCES,
      target: "message",
    },
    {
      code: ARGUMENT,
      severity: "medium",
      summary: "The arguments of a call give orders to a model",
      category: "prompt_injection",
      references: REFERENCES,
      target: "tool_call",
    },
  ],
  needles: INJECTION_NEEDLES,
  create: (options, context) => new PromptInjections(options, context),
});
export default promptInjection;

/** What servers ask of clients, with text of theirs. */
const ASKED: ReadonlySet<string> = new Set(["sampling/createMessage", "elicitation/create"]);
/** Notifications with text of the server's. */
const TOLD: ReadonlySet<string> = new Set([
  "notifications/message",
  "notifications/progress",
  "notifications/tasks/status",
]);
/** Lists and greetings: what they say is judged as definitions. */
const DEFINING: ReadonlySet<string> = new Set([
  "initialize",
  "server/discover",
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
  "roots/list",
]);
/** What is said of a text as a whole, and how much before or after single signs it is told. */
const ORDER = "reads like an order to a model", ORDER_WEIGHT = 0.3;
/** Characters of it that are shown. */
const MOST_TOLD = 160;
/** Shortest text that may hold an order, in characters. */
const SHORTEST = 8;

class PromptInjections implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;

  constructor(options: z.output<typeof promptInjection.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  message(event: McpEvent): void {
    if (event.type === "response") this.#response(event);
    else if (event.method === undefined) return;
    else if (event.type === "notification") {
      if (TOLD.has(event.method)) this.#judge(REQUEST, `Server's ${event.method}`, event.params, event);
    } else if (ASKED.has(event.method)) this.#judge(REQUEST, `Server's ${event.method}`, event.params, event);
    else if (this.#options.arguments && (event.method === "tools/call" || event.method === "prompts/get")) {
      const { params } = event;
      const isObject = params !== null && typeof params === "object" && !Array.isArray(params);
      const name = isObject && typeof params.name === "string" ? ` ${quoted(params.name)}` : "";
      if (isObject) this.#judge(ARGUMENT, `Arguments of ${event.method}${name}`, params.arguments, event);
    }
  }

  #response(event: McpEvent): void {
    const { request, context } = event;
    const method = request?.method;
    if (event.isError) this.#judge(RESULT, `Error of ${name(event)}`, event.error, event);
    else if (method === undefined || !DEFINING.has(method) && context?.sender !== "client") {
      this.#judge(RESULT, `Result of ${name(event)}`, event.result, event);
    }
  }

  #judge(code: string, what: string, value: Json | undefined, event: McpEvent): void {
    const { threshold, max_chars: maxChars, max_message_chars: mostChars } = this.#options;
    const reasons = new Reasons();
    let score = 0;
    for (const { path, text } of textsIn(value, { mostChars, shortest: SHORTEST })) {
      // What single texts have is not added up: a list of harmless texts stays harmless.
      const opinion = opinionOf(text, threshold, maxChars);
      if (opinion.score < threshold) continue;
      score = Math.max(score, opinion.score);
      if (opinion.rules !== undefined) reasons.add(path, opinion.rules);
      const sentences = shortened(opinion.text.replace(/\s+/g, " ").trim(), MOST_TOLD);
      reasons.put({ name: "order", says: ORDER, weight: ORDER_WEIGHT, text: sentences, path });
    }
    if (score < threshold) return;
    this.#context.report(code, {
      message: `${what} ${reasons.says}`,
      score: Math.round(score * 1000) / 1000,
      evidence: reasons.all[0]?.text,
      details: reasons.details,
      event,
      call: event.context?.call,
      session: event.context?.session,
    });
  }
}

function name({ context, request }: McpEvent): string {
  const call = context?.call;
  return call !== undefined ? callName(call) : request?.method ?? "a request that was not seen";
}
