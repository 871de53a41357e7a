/**
 * Definitions that give orders to the model.
 *
 * @module
 */
import { z } from "zod";
import type { Definition, McpServer, McpSession } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import { judgeDefinition, judgeInstructions } from "../content/definition.ts";
import type { Reasons } from "../content/report.ts";
import {
  defineDetector,
  type DefinitionChange,
  type Detector,
  type DetectorContext,
  type DetectorDeclaration,
} from "../detector.ts";
import { quoted, serverName } from "../wording.ts";

const DEFINITION = "mcp.definition.poisoned", INSTRUCTIONS = "mcp.instructions.poisoned";
const REFERENCES = ["OWASP-MCP03:2025", "OWASP-LLM01:2025", "ATLAS-AML.T0110", "ATLAS-AML.T0051.001"];
/** Names of tools that are remembered, of all servers. */
const MOST_NAMES = 20_000;

const options = z.strictObject({
  threshold: z.number().min(0.05).max(1).default(0.6)
    .describe("Score, 0 to 1, from which a definition counts as poisoned."),
  max_chars: z.int().min(256).max(1 << 20).default(65_536)
    .describe("Characters of one text that are read; of a longer one its beginning and its end."),
});

/** The detector's declaration. */
const poisonedDescription: DetectorDeclaration<typeof options> = defineDetector({
  name: "poisoned_description",
  summary: "Tools, prompts, resources and server instructions whose text gives orders to the model",
  state: `Names of tools by server, at most ${MOST_NAMES}; of each server the instructions judged last.`,
  options,
  rules: [
    {
      code: DEFINITION,
      severity: "high",
      summary: "The definition of a tool, prompt or resource gives orders to the model",
      category: "tool_poisoning",
      references: REFERENCES,
      target: "tool_definition",
    },
    {
      code: INSTRUCTIONS,
      severity: "high",
      summary: "A server's instructions give orders that have nothing to do with its use",
      category: "tool_poisoning",
      references: REFERENCES,
      target: "server",
    },
  ],
  create: (options, context) => new PoisonedDescriptions(options, context),
});
export default poisonedDescription;

class PoisonedDescriptions implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  /** By tool name the keys of the servers that have it. */
  readonly #names = new Map<string, Set<string>>();
  readonly #judged = new WeakMap<McpServer, string>();

  constructor(options: z.output<typeof poisonedDescription.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  definitions(changes: readonly DefinitionChange[]): void {
    for (const { server, after } of changes) if (after?.kind === "tool") this.#remember(after.name, server.key);
    for (const { server, after, event } of changes) if (after !== undefined) this.#judge(server, after, event);
  }

  session({ server }: McpSession, event: McpEvent): void {
    const { instructions } = server;
    if (instructions === undefined || this.#judged.get(server) === instructions) return;
    this.#judged.set(server, instructions);
    const reasons = judgeInstructions(instructions, this.#options.max_chars);
    this.#report(INSTRUCTIONS, `The instructions of ${serverName(server)}`, reasons, event);
  }

  #judge(server: McpServer, definition: Definition, event: McpEvent): void {
    const reasons = judgeDefinition(definition, {
      maxChars: this.#options.max_chars,
      isOwn: (name) => this.#names.get(name)?.has(server.key) ?? false,
      isForeign: (name) => {
        const servers = this.#names.get(name);
        return servers !== undefined && !servers.has(server.key);
      },
    });
    const what = `${KINDS[definition.kind]} ${quoted(definition.name)} of ${serverName(server)}`;
    this.#report(DEFINITION, what, reasons, event, { [definition.kind]: definition.name });
  }

  #report(code: string, what: string, reasons: Reasons, event: McpEvent, of: Record<string, string> = {}): void {
    const { score } = reasons;
    if (score < this.#options.threshold) return;
    this.#context.report(code, {
      message: `${what} ${reasons.says}`,
      score,
      severity: score >= 0.9 ? "critical" : "high",
      evidence: reasons.all[0]?.text,
      details: { ...of, ...reasons.details },
      event,
    });
  }

  #remember(name: string, key: string): void {
    const servers = this.#names.get(name);
    if (servers !== undefined) {
      if (servers.size < 64) servers.add(key);
    } else {
      if (this.#names.size >= MOST_NAMES) {
        for (const oldest of this.#names.keys()) {
          this.#names.delete(oldest);
          break;
        }
      }
      this.#names.set(name, new Set([key]));
    }
  }
}

const KINDS: Readonly<Record<Definition["kind"], string>> = {
  tool: "Tool",
  prompt: "Prompt",
  resource: "Resource",
  resource_template: "Resource template",
};
