/**
 * Agents that go round in circles.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall, McpSession } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { isEmptyResult } from "../empty_result.ts";
import { RecentCalls } from "../recent_calls.ts";
import { callName, quoted, serverName } from "../wording.ts";
import { several } from "../../../pipeline/wording.ts";

const REPEATED = "mcp.call.repeated", PING_PONG = "mcp.call.ping_pong", EMPTY = "mcp.call.empty_results";
/** Sessions that are remembered, and tools of one session whose empty results are counted. */
const MOST_SESSIONS = 10_000, MOST_TOOLS = 1000;
/** Milliseconds of silence after which a session is forgotten. */
const FORGOTTEN = 600_000;

const options = z.strictObject({
  repeats: z.int().min(2).max(1000).default(10)
    .describe("How often the same tool is called with the same arguments before it is told."),
  rounds: z.int().min(2).max(1000).default(6)
    .describe("How often two calls take turns before it is told."),
  empty_results: z.int().min(2).default(10)
    .describe("How many empty results in a row of one tool are told. Tools that say that they write do not count."),
  within_s: z.number().min(1).default(60).describe("In how many seconds the calls must be."),
});
type Options = z.output<typeof options>;

const rule = {
  category: "unbounded_consumption",
  references: ["OWASP-LLM10:2025"],
  target: "tool_call",
} as const;

/** The detector's declaration. */
const runawayLoop: DetectorDeclaration<typeof options> = defineDetector({
  name: "runaway_loop",
  summary: "Agents that call the same again and again, take turns between two calls, or get nothing many times",
  state:
    "Of at most 10,000 sessions that were active in the last ten minutes: their latest calls (four times repeats or rounds), and the empty results of at most 1000 tools each.",
  options,
  rules: [
    {
      code: REPEATED,
      severity: "medium",
      summary: "A tool is called again and again with the same arguments",
      ...rule,
    },
    { code: PING_PONG, severity: "medium", summary: "Two calls take turns again and again", ...rule },
    { code: EMPTY, severity: "low", summary: "A tool returns nothing many times in a row", ...rule },
  ],
  create: (options, context) => new RunawayLoops(options, context),
});
export default runawayLoop;

/** Sessions whose states are at hand; a power of two. A lookup in a map by an object takes 40 ns. */
const LATEST = 64;

/** What is remembered of a session. */
interface State {
  readonly session: McpSession;
  /** Milliseconds since the epoch of its latest call. */
  lastTime: number;
  readonly calls: RecentCalls;
  /** Empty results in a row, by tool. */
  readonly empty: Map<string, number>;
}

class RunawayLoops implements Detector {
  readonly #options: Options;
  readonly #context: DetectorContext;
  readonly #sessions = new Map<McpSession, State>();
  /** Those of the latest sessions, by the low bits of their ids. */
  readonly #latest: (State | undefined)[] = new Array<State | undefined>(LATEST).fill(undefined);
  /** When sessions were last looked through for silent ones. */
  #swept = 0;

  constructor(options: Options, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  called(call: LogicalCall, event: McpEvent): void {
    const session = event.context?.session;
    if (call.method !== "tools/call" || session === undefined) return;
    const { repeats, rounds } = this.#options;
    const { calls } = this.#state(session, event.time);
    const loop = calls.add(call.print, event.time);
    if (loop === undefined) return;
    const about = { event, call, session };
    if (loop === "repeats") {
      this.#context.report(REPEATED, {
        ...about,
        message: `${callName(call)} of ${serverName(session.server)} was called ${several(repeats, "time")} with the ` +
          `same arguments within ${duration(calls.spanMs)}`,
        details: { calls: repeats, within_ms: Math.round(calls.spanMs) },
      });
    } else {
      this.#context.report(PING_PONG, {
        ...about,
        message: `Two calls to ${serverName(session.server)}, one of them ${callName(call)}, took turns ` +
          `${several(rounds, "time")}`,
        details: { rounds },
      });
    }
  }

  ended(call: LogicalCall, event: McpEvent | undefined, session: McpSession): void {
    if (event === undefined || call.method !== "tools/call") return;
    const isEmpty = isEmptyResult(event);
    const { empty } = this.#state(session, event.time);
    if (!isEmpty && empty.size === 0) return; // as a rule; reading the name takes time
    const { name } = call;
    if (name === undefined) return;
    if (!isEmpty) {
      empty.delete(name);
      return;
    }
    if (writes(session, name)) return;
    const before = empty.get(name) ?? 0;
    if (before === 0 && empty.size >= MOST_TOOLS) empty.clear();
    empty.set(name, before + 1);
    if (before + 1 !== this.#options.empty_results) return;
    this.#context.report(EMPTY, {
      message: `The tool ${quoted(name)} of ${serverName(session.server)} returned nothing ${
        several(before + 1, "time")
      } in a row`,
      details: { results: before + 1 },
      event,
      call,
      session,
    });
  }

  /** Forgets sessions that have been silent for long: a loop takes up again where it left off, or is none. */
  tick(now: number): void {
    if (now - this.#swept < FORGOTTEN / 10) return;
    this.#swept = now;
    const since = now - Math.max(FORGOTTEN, this.#options.within_s * 1000);
    for (const [session, { lastTime }] of this.#sessions) if (lastTime < since) this.#forget(session);
  }

  #state(session: McpSession, now: number): State {
    const place = session.id & LATEST - 1;
    let state = this.#latest[place];
    if (state?.session !== session) {
      state = this.#sessions.get(session) ?? this.#begin(session, now);
      this.#latest[place] = state;
    }
    if (now > state.lastTime) state.lastTime = now;
    return state;
  }

  #begin(session: McpSession, now: number): State {
    if (this.#sessions.size >= MOST_SESSIONS) {
      const [first] = this.#sessions.keys();
      if (first !== undefined) this.#forget(first);
    }
    const state = { session, lastTime: now, calls: new RecentCalls(this.#options), empty: new Map<string, number>() };
    this.#sessions.set(session, state);
    return state;
  }

  #forget(session: McpSession): void {
    this.#sessions.delete(session);
    const place = session.id & LATEST - 1;
    if (this.#latest[place]?.session === session) this.#latest[place] = undefined;
  }
}

/** True if the tool says that it changes something: then there may be nothing to return. */
function writes({ server }: McpSession, name: string): boolean {
  const annotations = server.tools.get(name)?.value["annotations"];
  return typeof annotations === "object" && annotations !== null && !Array.isArray(annotations) &&
    annotations["readOnlyHint"] === false;
}

function duration(ms: number): string {
  return several(Math.max(1, Math.round(ms / 1000)), "second");
}
