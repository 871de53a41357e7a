/**
 * The first use of a tool, and of a server.
 *
 * @module
 */
import { z } from "zod";
import { path } from "../../../pipeline/component.ts";
import type { LogicalCall, McpSession } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import { type BaselineServer, loadBaseline } from "../../../pipeline/baseline/mod.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { PerTool } from "../per_tool.ts";
import { quoted, serverName } from "../wording.ts";

const TOOL = "mcp.tool.first_use";
const SERVER = "mcp.server.first_use";

/** Longer names are no tool's: a client may send anything. */
const NAME = 1024;

const options = z.strictObject({
  learn_s: z.number().min(0).default(3600)
    .describe("For how many seconds from the first message on uses are learned, and not told."),
  baseline: path().optional()
    .describe(
      "A baseline file: servers that it has are known, and so are their tools. With it there is nothing to learn, so " +
        "`learn_s` does not count.",
    ),
  max_servers: z.int().min(1).default(10_000).describe("How many servers are remembered. Of others nothing is told."),
  max_tools: z.int().min(1).default(2000).describe(
    "How many tools of one server are remembered. Of others nothing is told.",
  ),
});

/** The detector's declaration. */
const firstUse: DetectorDeclaration<typeof options> = defineDetector({
  name: "first_use",
  summary: "A tool or a server that is used for the first time",
  state: "The names of tools that were used, at most max_servers times max_tools.",
  options,
  rules: [{
    code: TOOL,
    severity: "info",
    summary: "A tool is used for the first time",
    category: "anomaly",
    references: [],
    target: "tool_call",
  }, {
    code: SERVER,
    severity: "info",
    summary: "A server is used for the first time",
    category: "anomaly",
    references: [],
    target: "server",
  }],
  create: (options, context) => new FirstUse(options, context),
});
export default firstUse;

class FirstUse implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  /** Tools that were used, by server. */
  readonly #used = new Map<string, Set<string>>();
  readonly #baseline: ReadonlyMap<string, BaselineServer> | undefined;
  /** Tools that are among those that were used, to be found quickly. */
  readonly #known: PerTool<{ isUsed: boolean }>;
  /** When learning ends; NaN before the first message. */
  #learnt = NaN;

  constructor(options: z.output<typeof firstUse.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
    this.#baseline = load(options.baseline, context);
    this.#known = new PerTool(context.tools, () => ({ isUsed: false }));
  }

  session(session: McpSession, event: McpEvent): void {
    const { server } = session;
    const isNew = !this.#used.has(server.key);
    if (!isNew || this.#toolsOf(server.key) === undefined) return;
    if (this.#isLearning(event.time) || this.#baseline?.has(server.key)) return;
    this.#context.report(SERVER, {
      message: `${capital(serverName(server))} is used for the first time`,
      details: { server: server.key, ...(server.package === undefined ? {} : { package: server.package }) },
      event,
      session,
    });
  }

  called(call: LogicalCall, event: McpEvent): void {
    const session = event.context?.session;
    if (call.method !== "tools/call" || session === undefined) return;
    const known = this.#known.of(call, session);
    if (known.isUsed) return;
    const { server } = session;
    const { name } = call;
    const tools = this.#toolsOf(server.key);
    known.isUsed = name !== undefined && tools?.has(name) === true;
    if (name === undefined || name.length > NAME || tools === undefined || tools.has(name)) return;
    if (tools.size >= this.#options.max_tools) return;
    tools.add(name);
    if (this.#isLearning(event.time) || this.#baseline?.get(server.key)?.accepted.tools?.has(name)) return;
    this.#context.report(TOOL, {
      message: `Tool ${quoted(name)} of ${serverName(server)} is used for the first time`,
      details: { tool: name, server: server.key },
      call,
      event,
    });
  }

  #toolsOf(key: string): Set<string> | undefined {
    let tools = this.#used.get(key);
    if (tools === undefined && this.#used.size < this.#options.max_servers) this.#used.set(key, tools = new Set());
    return tools;
  }

  #isLearning(time: number): boolean {
    if (this.#baseline !== undefined) return false;
    if (Number.isNaN(this.#learnt)) this.#learnt = time + this.#options.learn_s * 1000;
    return time < this.#learnt;
  }
}

/** A file that cannot be read is told of; a file that is not there yet is an empty one. */
function load(file: string | undefined, { log }: DetectorContext): ReadonlyMap<string, BaselineServer> | undefined {
  if (file === undefined) return undefined;
  try {
    return loadBaseline(file) ?? new Map();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(`${file} cannot be read as a baseline, so first uses are learned for a while: ${reason}`);
    return undefined;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
