/**
 * What a message does against the protocol, though it can be read.
 *
 * @module
 */
import type { McpContext, McpSession } from "../../../pipeline/context.ts";
import type { FindingEvent, McpEvent } from "../../../pipeline/event.ts";
import { ArgumentCheck } from "./arguments.ts";
import { checkLifecycle } from "./lifecycle.ts";
import { checkListing } from "./listing.ts";
import { checkMethod } from "./method.ts";
import { CHECK_RULES, type CheckCode, type Report } from "./rules.ts";
import { SessionState } from "./session_state.ts";
import { checkVersion } from "./version.ts";
import { checkWarnings } from "./warnings.ts";

/** What may be chosen. */
export interface CheckOptions {
  /** Whether arguments of tool calls are held against the tools' schemas. */
  readonly checkArguments: boolean;
}

const NONE: readonly FindingEvent[] = Object.freeze([]);

/** Checks messages one by one, in the order in which they were seen. */
export class ProtocolChecks {
  readonly #arguments: ArgumentCheck | undefined;
  readonly #states = new WeakMap<McpSession, SessionState>();
  #session: McpSession | undefined;
  #state = new SessionState();
  #event: McpEvent | undefined;
  #found: FindingEvent[] = [];

  /** Checks all unless told otherwise. */
  constructor({ checkArguments = true }: Partial<CheckOptions> = {}) {
    this.#arguments = checkArguments ? new ArgumentCheck() : undefined;
  }

  /** Loads what checks need. Resolves also if it cannot be loaded. */
  load(): Promise<void> {
    return this.#arguments?.load() ?? Promise.resolve();
  }

  /** True if {@linkcode load} is waited for: a server has listed tools, so calls of them may come next. */
  get waits(): boolean {
    return this.#arguments !== undefined && this.#arguments.isWanted;
  }

  /** What is wrong with messages that waited. */
  late(): readonly FindingEvent[] {
    const waiting = this.#arguments?.waiting ?? [];
    if (this.#arguments !== undefined) this.#arguments.waiting = [];
    for (const { event, session, tool } of waiting) {
      this.#enter(session);
      this.#event = event;
      this.#arguments?.judge(event, tool, this.#report);
    }
    return this.#take();
  }

  /** What is wrong with a message; mostly nothing, which is one shared array. */
  check(event: McpEvent, context: McpContext): readonly FindingEvent[] {
    const { session, era } = context;
    if (session !== this.#session) this.#enter(session);
    const state = this.#state;
    this.#event = event;
    if (event.warnings.length > 0) checkWarnings(event, era, state, this.#report);
    if (state.phase !== "done" || event.method === "initialize") checkLifecycle(event, context, state, this.#report);
    if (era !== state.era || event.method === "initialize") checkVersion(event, era, state, this.#report);
    if (event.type === "response") {
      if (event.request?.method?.endsWith("/list")) {
        checkListing(event, this.#report);
        this.#arguments?.prepare(session);
      }
    } else {
      checkMethod(event, context, this.#report);
      if (event.method === "tools/call" && event.type === "request") {
        this.#arguments?.check(event, session, state, this.#report);
      }
    }
    return this.#take();
  }

  #take(): readonly FindingEvent[] {
    if (this.#found.length === 0) return NONE;
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #enter(session: McpSession): void {
    let state = this.#states.get(session);
    if (state === undefined) this.#states.set(session, state = new SessionState());
    this.#session = session;
    this.#state = state;
  }

  #report: Report = (code, { what, evidence, subject = "" } = {}) => {
    const event = this.#event, session = this.#session;
    const count = this.#state.tally.count(subject === "" ? code : `${code} ${subject}`);
    if (count === undefined || event === undefined || session === undefined) return;
    this.#found.push(finding(code, event, session, count, what, evidence));
  };
}

function finding(
  code: CheckCode,
  event: McpEvent,
  session: McpSession,
  count: number,
  what: string = CHECK_RULES[code].does,
  evidence: string | undefined,
): FindingEvent {
  const { time, source, process, peer, stream } = event;
  const who = process === undefined ? "An unknown process" : `${process.name}[${process.pid}]`;
  return {
    kind: "finding",
    time,
    source,
    process,
    peer,
    rule: `mcp.protocol.${code}`,
    severity: CHECK_RULES[code].severity,
    message: count === 1 ? `${who} ${what}` : `${who} ${what}, for the ${count}th time in this session`,
    evidence,
    stream,
    detector: "protocol",
    category: "protocol_violation",
    target: "message",
    ...(count === 1 ? {} : { details: { count } }),
    event,
    session,
  };
}
