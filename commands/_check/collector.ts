/**
 * Makes a report of what comes out of a pipeline.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type Event, type FindingEvent, SEVERITIES, type Severity } from "../../pipeline/event.ts";
import type { DetectorDeclaration } from "../../transforms/detect/detector.ts";
import type { FailOn, Issue, Report, ReportRule, Seen } from "./report.ts";

/** Issues that are kept. More are counted. */
const MOST = 10_000;
/** Calls whose name is that of a tool or prompt: resources are named by URIs, which may hold secrets. */
const NAMED: ReadonlySet<string> = new Set(["tools/call", "prompts/get"]);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Takes events and remembers what a report tells of them. */
export class Collector {
  readonly #issues = new Map<string, Mutable<Issue>>();
  /** Of rules that no detector declares: the first finding. */
  readonly #others = new Map<string, FindingEvent>();
  /** Ids and keys. */
  readonly #sessions = new Set<number>();
  readonly #servers = new Set<string>();
  readonly #gaps = new Map<string, number>();
  readonly #declared: ReadonlyMap<string, DetectorDeclaration>;
  #messages = 0;
  #calls = 0;
  #malformed = 0;
  #leftOut = 0;
  #from = Infinity;
  #to = -Infinity;

  /** A collector that knows the rules of these detectors. */
  constructor(detectors: readonly DetectorDeclaration[]) {
    this.#declared = new Map(detectors.flatMap((detector) => detector.rules.map(({ code }) => [code, detector])));
  }

  /** Takes an event. */
  add(event: Event): void {
    if (event.time < this.#from) this.#from = event.time;
    if (event.time > this.#to) this.#to = event.time;
    if (event.kind === "finding") this.#finding(event);
    else if (event.kind === "gap") this.#gaps.set(event.reason, (this.#gaps.get(event.reason) ?? 0) + 1);
    else if (event.kind === "mcp") {
      this.#messages++;
      if (event.type === "malformed") this.#malformed++;
      const { context } = event;
      if (context === undefined) return;
      if (context.call?.request === event) this.#calls++;
      this.#sessions.add(context.session.id);
      this.#servers.add(context.session.server.key);
    }
  }

  /** The report so far. */
  report({ capture, version, failOn, complete }: Pick<Report, "capture" | "version" | "failOn" | "complete">): Report {
    const issues = [...this.#issues.values()].sort((a, b) =>
      rank(b.severity) - rank(a.severity) || compare(a.rule, b.rule) || compare(a.server, b.server) ||
      compare(a.subject, b.subject) || a.first - b.first
    );
    const failed = issues.some(({ severity }) => isAtLeast(severity, failOn));
    const rules = this.#rules(issues);
    return { capture, version, failOn, failed, complete, rules, issues, leftOut: this.#leftOut, seen: this.#seen() };
  }

  #finding(finding: FindingEvent): void {
    const { rule, severity, session, call, details } = finding;
    if (!this.#declared.has(rule) && !this.#others.has(rule) && this.#others.size < MOST) {
      this.#others.set(rule, finding);
    }
    const server = session?.server.name ?? finding.process?.name;
    const subject = subjectOf(finding);
    const held = details?.["held_back"];
    const count = typeof held === "number" ? held : 1;
    const fingerprint = hash(rule, session?.server.key ?? server ?? "", subject ?? "");
    const issue = this.#issues.get(fingerprint);
    if (issue !== undefined) {
      issue.count += count;
      issue.last = finding.time;
      if (rank(severity) > rank(issue.severity)) issue.severity = severity;
      if ((finding.score ?? 0) > (issue.score ?? 0)) issue.score = finding.score;
      return;
    }
    if (this.#issues.size >= MOST) {
      this.#leftOut++;
      return;
    }
    const { message, evidence, score, time } = finding;
    const target = finding.target ?? (call === undefined ? undefined : "tool_call");
    this.#issues.set(fingerprint, {
      fingerprint,
      rule,
      severity,
      server,
      subject,
      target,
      message,
      evidence,
      details,
      score,
      count,
      first: time,
      last: time,
    });
  }

  /** The declared rules, and the others that something was found under. */
  #rules(issues: readonly Issue[]): ReportRule[] {
    const worst = new Map<string, Severity>();
    for (const { rule, severity } of issues.toReversed()) worst.set(rule, severity);
    const declared = [...new Set(this.#declared.values())].flatMap((detector) =>
      detector.rules.map(({ code, severity, summary, category, references }) => ({
        code,
        severity: worst.get(code) ?? severity,
        summary,
        detector: detector.name,
        about: detector.summary,
        category,
        references,
      }))
    );
    const others = [...this.#others.values()].map(({ rule, severity, message, detector, category, references }) => ({
      code: rule,
      severity: worst.get(rule) ?? severity,
      summary: OTHER[rule] ?? message,
      detector: detector ?? "protocol",
      about: undefined,
      category,
      references: references ?? [],
    }));
    return [...declared, ...others].sort((a, b) => compare(a.code, b.code));
  }

  #seen(): Seen {
    const isEmpty = this.#to < this.#from;
    return {
      messages: this.#messages,
      calls: this.#calls,
      sessions: this.#sessions.size,
      servers: this.#servers.size,
      malformed: this.#malformed,
      gaps: Object.fromEntries(this.#gaps),
      from: isEmpty ? undefined : this.#from,
      to: isEmpty ? undefined : this.#to,
    };
  }
}

/** Summaries of rules that other stages than `detect` have. */
const OTHER: Readonly<Record<string, string>> = {
  "mcp.stdio.stray_output": "A program writes lines that are not JSON-RPC into its MCP stream",
  "mcp.stdio.unanswered": "Requests were never answered",
  "mcp.http.failed": "A request was refused: its HTTP answer has no message",
  "mcp.http.header_mismatch": "The head of a request says something else than its body",
  "mcp.http.unanswered": "Requests over HTTP were never answered",
  "mcp.call.hung": "A call ended without an answer",
  "mcp.call.cancelled": "A call was cancelled by closing its stream",
};

/** Where a detector of definitions names what it is about. Details have been redacted. */
const SUBJECTS = ["tool", "prompt", "resource", "resource_template"] as const;

/** The tool, prompt or resource that a finding is about. */
function subjectOf({ call, details, event }: FindingEvent): string | undefined {
  for (const name of SUBJECTS) {
    const subject = details?.[name];
    if (typeof subject === "string") return subject;
  }
  const about = call ?? event?.context?.call;
  return about !== undefined && NAMED.has(about.method) ? about.name : undefined;
}

/** The first 128 bits of a SHA-256, in hexadecimal. */
function hash(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}

/** How bad, as a number. */
export function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Whether a severity is as bad as the threshold. */
export function isAtLeast(severity: Severity, failOn: FailOn): boolean {
  return failOn !== "never" && rank(severity) >= rank(failOn);
}

function compare(a: string | undefined, b: string | undefined): number {
  return a === b ? 0 : (a ?? "") < (b ?? "") ? -1 : 1;
}
