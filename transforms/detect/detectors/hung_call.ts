/**
 * Calls that get neither an answer nor a sign of life.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall, McpSession } from "../../../pipeline/context.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { callName } from "../wording.ts";

const RULE = "mcp.call.hung";

const options = z.strictObject({
  after_s: z.number().min(0.1).default(30)
    .describe("Seconds without an answer or progress after which a call counts as hung."),
  max_calls: z.int().min(1).default(10_000)
    .describe("How many open calls are watched. Beyond it the oldest is no longer watched."),
});

/** The detector's declaration. */
const hungCall: DetectorDeclaration<typeof options> = defineDetector({
  name: "hung_call",
  summary: "Calls that have had neither an answer nor progress for a while",
  state: "The open calls, at most max_calls.",
  options,
  rules: [{
    code: RULE,
    severity: "medium",
    summary: "A call has had neither an answer nor progress for a while",
    category: "availability",
    references: [],
    target: "tool_call",
  }],
  create: (options, context) => new HungCalls(options, context),
});
export default hungCall;

/** Methods whose answer is meant to take as long as the session. */
const ENDLESS: ReadonlySet<string> = new Set(["subscriptions/listen"]);

class HungCalls implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  /** Open calls that have not been told, the oldest first. */
  readonly #open = new Map<LogicalCall, McpSession | undefined>();

  constructor(options: z.output<typeof hungCall.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  called(call: LogicalCall): void {
    if (ENDLESS.has(call.method)) return;
    if (this.#open.size >= this.#options.max_calls) {
      for (const oldest of this.#open.keys()) {
        this.#open.delete(oldest);
        break;
      }
    }
    this.#open.set(call, call.request.context?.session);
  }

  ended(call: LogicalCall): void {
    this.#open.delete(call);
  }

  tick(now: number): void {
    const limit = this.#options.after_s * 1000;
    for (const [call, session] of this.#open) {
      if (now - call.startTime < limit) break; // the rest began later
      if (now - call.lastTime < limit) continue; // there was progress
      this.#open.delete(call);
      const silent = Math.round((now - call.lastTime) / 1000);
      this.#context.report(RULE, {
        message: call.progress > 0
          ? `${callName(call)} has had no answer, and no progress for ${silent} s`
          : `${callName(call)} has had no answer for ${silent} s`,
        details: { method: call.method, silent_s: silent, progress: call.progress },
        event: call.request,
        call,
        session,
        time: now,
      });
    }
  }
}
