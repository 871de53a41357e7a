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
  create: (options, context) => new HungCalls(options, context),
});
export default hungCall;

/** Methods whose answer is meant to take as long as the session. */
const ENDLESS: ReadonlySet<string> = new Set(["subscriptions/listen"]);

/** Calls between which it is not looked which have ended. */
const ROOM = 256;

class HungCalls implements Detector {
  readonly #options: Options;
  readonly #context: DetectorContext;
  /**
   * Calls that were not told of, the oldest first. Those that have ended stay until they are many: a map that each call
   * came into and left would cost more than all else here, and keep them from being freed soon.
   */
  readonly #calls: LogicalCall[] = [];
  /** At how many it is looked which have ended. */
  #room = ROOM;
  /** Those whose answerer has answered last, by asking for input or with a task: the caller is to go on. */
  readonly #answered = new WeakSet<LogicalCall>();

  constructor(options: Options, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  called(call: LogicalCall, { context, time }: McpEvent): void {
    if (ENDLESS.has(call.method) || context === undefined) return;
    if (this.#calls.length >= this.#room) this.#tidy(time);
    this.#calls.push(call);
  }

  within(call: LogicalCall, { type }: McpEvent): void {
    if (type === "response") this.#answered.add(call);
    else if (type === "request") this.#answered.delete(call);
  }

  tick(now: number): void {
    this.#tidy(now);
    const { after_s, asking_after_s } = this.#options, calls = this.#calls;
    let asked: ReadonlySet<McpSession | undefined> | undefined, kept = 0;
    for (const [k, call] of calls.entries()) {
      if (now - call.startTime < after_s * 1000) { // so are the rest
        calls.copyWithin(kept, k);
        kept += calls.length - k;
        break;
      }
      const asks = doesAsk(call), after = asks ? asking_after_s : after_s;
      const isWaiting = now - call.lastTime < after * 1000 || this.#answered.has(call) ||
        !asks && (asked ??= askedIn(calls)).has(call.request.context?.session);
      if (isWaiting) calls[kept++] = call;
      else this.#tell(call, asks, now);
    }
    calls.length = kept;
  }

  #tell(call: LogicalCall, asks: boolean, now: number): void {
    const silent = Math.round((now - call.lastTime) / 1000), session = call.request.context?.session;
    if (session === undefined) return;
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

  /** Forgets those that have ended, and the oldest of too many. */
  #tidy(now: number): void {
    const calls = this.#calls;
    let kept = 0;
    for (const call of calls) {
      // what ends it may be a later message of the same batch
      if (call.outcome === undefined || call.lastTime > now) calls[kept++] = call;
    }
    const over = kept - this.#options.max_calls;
    if (over > 0) calls.copyWithin(0, over);
    calls.length = over > 0 ? kept - over : kept;
    this.#room = Math.min(this.#options.max_calls, calls.length) + Math.max(ROOM, calls.length);
  }
}

/** Whether a server asks. */
function doesAsk({ request: { context } }: LogicalCall): boolean {
  return context?.sender === "server";
}

/** Sessions whose server waits for something. */
function askedIn(calls: readonly LogicalCall[]): ReadonlySet<McpSession | undefined> {
  return new Set(calls.filter(doesAsk).map(({ request }) => request.context?.session));
}
