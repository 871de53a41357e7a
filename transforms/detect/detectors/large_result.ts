/**
 * Results that fill a model's context.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall, McpSession } from "../../../pipeline/context.ts";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { PerTool } from "../per_tool.ts";
import { Quantile } from "../quantile.ts";
import { callName, serverName } from "../wording.ts";
import { several } from "../../../pipeline/wording.ts";
import { isObject } from "../../../pipeline/json.ts";

const LARGE = "mcp.result.large", UNUSUAL = "mcp.result.unusually_large";
/** Bytes of text that are about one token of a model. */
const BYTES_PER_TOKEN = 4;
/** The quantile that stands for "as large as it may be". */
const HIGH = 0.95;

const options = z.strictObject({
  // Claude Code cuts results of MCP tools at 25,000 tokens unless MAX_MCP_OUTPUT_TOKENS says otherwise
  max_tokens: z.int().min(1).default(25_000)
    .describe("Estimated tokens (4 bytes each) from which on any result is large."),
  factor: z.number().gt(1).default(10)
    .describe("How many times as large as 95 of 100 results of the tool a result must be."),
  min_tokens: z.int().min(0).default(4000).describe("Estimated tokens below which no result is unusually large."),
  warm_up: z.int().min(5).default(20).describe("Results of a tool from which on their usual size is known."),
});
type Options = z.output<typeof options>;

const rule = {
  category: "unbounded_consumption",
  references: ["OWASP-LLM10:2025"],
  target: "tool_result",
} as const;

/** The detector's declaration. */
const largeResult: DetectorDeclaration<typeof options> = defineDetector({
  name: "large_result",
  summary: "Results that fill a model's context, or are far larger than the tool's results are",
  state: "Five numbers for each tool of each server, at most 1000 tools a server.",
  options,
  rules: [
    { code: LARGE, severity: "low", summary: "A result takes a large part of a model's context", ...rule },
    { code: UNUSUAL, severity: "info", summary: "A result is far larger than results of its tool are", ...rule },
  ],
  create: (options, context) => new LargeResults(options, context),
});
export default largeResult;

class LargeResults implements Detector {
  readonly #options: Options;
  readonly #context: DetectorContext;
  readonly #tools: PerTool<Quantile>;

  constructor(options: Options, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
    this.#tools = new PerTool(context.tools, () => new Quantile(HIGH));
  }

  ended(call: LogicalCall, event: McpEvent | undefined, session: McpSession): void {
    if (event === undefined || event.type !== "response" || event.isError) return;
    const size = event.to("result") - event.from("result");
    const { max_tokens, min_tokens, factor, warm_up } = this.#options;
    const sizes = this.#tools.of(call, session);
    const usual = sizes.count < warm_up ? NaN : sizes.value / BYTES_PER_TOKEN;
    sizes.add(size);
    const least = Number.isNaN(usual) ? max_tokens : Math.min(max_tokens, Math.max(min_tokens, usual * factor));
    if (size < least * BYTES_PER_TOKEN) return;
    const tokens = Math.round((size - mediaSize(event.result)) / BYTES_PER_TOKEN);
    if (tokens < least) return;
    const about = `The result of ${callName(call)} of ${serverName(session.server)} has about `;
    const compared = Number.isNaN(usual) ? "" : `; 95 of 100 have ${several(Math.round(usual), "token")} or less`;
    this.#context.report(tokens >= max_tokens ? LARGE : UNUSUAL, {
      message: `${about}${several(tokens, "token")}${compared}`,
      details: { tokens, bytes: size, ...(compared !== "" && { usual_tokens: Math.round(usual) }) },
      event,
      call,
      session,
    });
  }
}

/** Bytes of a result that are pictures, sounds and other Base64, which are no text to a model. */
function mediaSize(result: Json | undefined): number {
  if (!isObject(result)) return 0;
  let size = 0;
  for (const list of [result["content"], result["contents"]]) {
    if (!Array.isArray(list)) continue;
    for (const block of list) if (isObject(block)) size += coded(block) + coded(block["resource"]);
  }
  return size;
}

/** `data` of an ImageContent or AudioContent, `blob` of BlobResourceContents (MCP schema). */
function coded(block: Json | undefined): number {
  if (!isObject(block)) return 0;
  const { data, blob } = block;
  return (typeof data === "string" ? data.length : 0) + (typeof blob === "string" ? blob.length : 0);
}
