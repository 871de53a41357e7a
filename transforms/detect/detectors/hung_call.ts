/**
 * Calls that get neither an answer nor a sign of life.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall, McpSession } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { callName, serverName } from "../wording.ts";

// `transforms/mcp` tells of calls that ended without an answer: `mcp.call.hung`
const RULE = "mcp.call.stuck";

const options = z.strictObject({
  after_s: z.number().min(0.1).default(30)
    .describe("Seconds without an answer or progress after which a call is stuck."),
  asking_after_s: z.number().min(0.1).default(600)
    .describe("The same for what a server asks of a person or a model: elicitation, sampling."),
  max_calls: z.int().min(1).default(10_000)
    .describe("How many open calls are watched. Beyond it the oldest is no longer watched."),
});
type Options = z.output<typeof options>;

/** The detector's declaration. */
const hungCall: DetectorDeclaration<typeof options> = defineDetector({
  name: "hung_call",
  summary: "Open calls that have had neither an answer nor progress for a while, and wait for nobody else",
  state: "The open calls, at most max_calls.",
  options,
  rules: [{
    code: RULE,
    severity: "medium",
    summary: "An open call has had neither an answer nor progress for a while",
    category: "availability",
    references: [],
    target: "tool_call",
  }],
  types: ["request", "response"],
  create: (options, context) => new HungCalls(options, context),
});
export default hungCall;

/** Methods whose answer is meant to take as long as the session. */
const ENDLESS: ReadonlySet<string> = new Set(["subscriptions/listen"]);

/** An open call that was not told of. */
interface Open {
  readonly session: McpSession;
  /** True if a server asks. */
  readonly asks: boolean;
  /** True while the answerer has answered, by asking for input or with a task: the caller is to go on. */
  answered: boolean;
}

class HungCalls implements Detector {
  readonly #options: Options;
  readonly #context: DetectorContext;
  /** The oldest first. */
  readonly #open = new Map<LogicalCall, Open>();
  /** How many things a session's server waits for. */
  readonly #asked = new WeakMap<McpSession, number>();

  constructor(options: Options, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  called(call: LogicalCall, { context }: McpEvent): void {
    if (ENDLESS.has(call.method) || context === undefined) return;
    if (this.#open.size >= this.#options.max_calls) {
      for (const [oldest, open] of this.#open) {
        this.#forget(oldest, open);
        break;
      }
    }
    const { session } = context;
    const asks = context.sender === "server";
    this.#open.set(call, { session, asks, answered: false });
    if (asks) this.#asked.set(session, (this.#asked.get(session) ?? 0) + 1);
  }

  message(message: McpEvent): void {
    const { type, context } = message;
    // the usual is done with already: a request that begins its call, a response that ends it
    if (context?.call === undefined || context.endsCall || context.call.request === message) return;
    const open = this.#open.get(context.call);
    if (open !== undefined) open.answered = type === "response";
  }

  ended(call: LogicalCall): void {
    const open = this.#open.get(call);
    if (open !== undefined) this.#forget(call, open);
  }

  tick(now: number): void {
    const { after_s, asking_after_s } = this.#options;
    for (const [call, open] of this.#open) {
      if (now - call.startTime < after_s * 1000) break; // the rest began later
      if (now - call.lastTime < (open.asks ? asking_after_s : after_s) * 1000) continue; // there was progress
      const isWaiting = open.answered || (!open.asks && (this.#asked.get(open.session) ?? 0) > 0);
      if (isWaiting) continue;
      this.#forget(call, open);
      this.#tell(call, open, now);
    }
  }

  #tell(call: LogicalCall, { session, asks }: Open, now: number): void {
    const silent = Math.round((now - call.lastTime) / 1000);
    const who = asks ? `${callName(call)} by ${serverName(session.server)}` : callName(call);
    this.#context.report(RULE, {
      message: call.progress > 0
        ? `${who} has had no answer, and no progress for ${silent} s`
        : `${who} has had no answer for ${silent} s`,
      details: { method: call.method, silent_s: silent, progress: call.progress },
      event: call.request,
      call,
      session,
      time: now,
    });
  }

  #forget(call: LogicalCall, { session, asks }: Open): void {
    this.#open.delete(call);
    if (asks) this.#asked.set(session, (this.#asked.get(session) ?? 1) - 1);
  }
}
