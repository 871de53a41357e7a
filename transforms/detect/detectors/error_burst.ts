/**
 * Tools and servers that fail far more than they usually do.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall, McpServer, McpSession } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { ErrorRate } from "../error_rate.ts";
import { PerTool } from "../per_tool.ts";
import { QuickMap } from "../quick_map.ts";
import { callName, serverName } from "../wording.ts";
import { several } from "../../../pipeline/wording.ts";

const TOOL = "mcp.call.error_burst", SERVER = "mcp.server.error_burst";

const options = z.strictObject({
  within_s: z.number().min(1).default(60).describe("The seconds that are looked at."),
  errors: z.int().min(2).default(5).describe("Failed calls in them from which on it may be a burst."),
  share: z.number().gt(0).max(1).default(0.5).describe("Share of the calls in them that must have failed."),
  factor: z.number().min(1).default(3)
    .describe("How many times as large as usual the share must be; usual is the last hour or so."),
});
type Options = z.output<typeof options>;

const rule = { category: "availability", references: [] } as const;

/** The detector's declaration. */
const errorBurst: DetectorDeclaration<typeof options> = defineDetector({
  name: "error_burst",
  summary: "Tools and servers whose calls fail far more often than usual",
  state: "A few counters for each server, and for each of at most 1000 tools of it.",
  options,
  rules: [
    {
      code: TOOL,
      severity: "medium",
      summary: "Calls of a tool fail far more often than usual",
      target: "tool_call",
      ...rule,
    },
    {
      code: SERVER,
      severity: "medium",
      summary: "Calls of several tools of a server fail far more often than usual",
      target: "server",
      ...rule,
    },
  ],
  create: (options, context) => new ErrorBursts(options, context),
});
export default errorBurst;

/** A server's counters. */
interface Whole {
  readonly rate: ErrorRate;
  /** What failed last, and whether something else did before within the window. */
  failed: string;
  other: number;
}

class ErrorBursts implements Detector {
  readonly #options: Options;
  readonly #context: DetectorContext;
  readonly #tools: PerTool<ErrorRate>;
  readonly #servers = new QuickMap<McpServer, Whole>();

  constructor(options: Options, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
    this.#tools = new PerTool(context.tools, () => new ErrorRate(options));
  }

  ended(call: LogicalCall, event: McpEvent | undefined, session: McpSession): void {
    const { outcome } = call;
    if (event === undefined || outcome === undefined || outcome === "cancelled") return;
    const { time } = event;
    const failed = outcome !== "ok";
    const tool = this.#tools.of(call, session);
    const whole = this.#whole(session);
    const bursts = tool.add(time, failed);
    const allBurst = whole.rate.add(time, failed);
    if (failed) this.#remember(whole, call, time);
    const about = { event, call, session };
    if (bursts) {
      whole.rate.told = true; // once is enough
      this.#context.report(TOOL, {
        ...about,
        message: `${callName(call)} of ${serverName(session.server)} ${this.#said(tool)}`,
        details: numbers(tool),
      });
    } else if (allBurst && time - whole.other <= this.#options.within_s * 1000) {
      this.#context.report(SERVER, {
        ...about,
        message: `Calls of several tools of ${serverName(session.server)} fail: it ${this.#said(whole.rate)}`,
        details: numbers(whole.rate),
      });
    }
  }

  #said({ errors, calls, usual }: ErrorRate): string {
    const share = Number.isNaN(usual) ? "" : `; usually ${(usual * 100).toFixed(usual < 0.1 ? 1 : 0)} % do`;
    return `failed ${several(errors, "time")} in ${several(calls, "call")} within ${this.#options.within_s} s${share}`;
  }

  /** Notes when two different tools failed. */
  #remember(whole: Whole, { method, name = method }: LogicalCall, time: number): void {
    if (whole.failed !== "" && whole.failed !== name) whole.other = time;
    whole.failed = name;
  }

  #whole(session: McpSession): Whole {
    const { server } = session;
    let whole = this.#servers.get(server, session);
    if (whole === undefined) {
      this.#servers.set(server, whole = { rate: new ErrorRate(this.#options), failed: "", other: -Infinity });
    }
    return whole;
  }
}

function numbers({ errors, calls, usual }: ErrorRate): { readonly [name: string]: number } {
  return { errors, calls, ...(!Number.isNaN(usual) && { usual_share: Number(usual.toFixed(4)) }) };
}
