/**
 * How a detector is declared, once, in its own file under `detectors/`.
 *
 * @module
 */
import type { z } from "zod";
import type { Log } from "../../pipeline/component.ts";
import type { Definition, LogicalCall, McpServer, McpSession } from "../../pipeline/context.ts";
import type { EventBase, FindingEvent, McpEvent, McpType, Severity } from "../../pipeline/event.ts";
import type { Needle } from "../../protocols/byte_search/mod.ts";
import type { ToolTable } from "./tools.ts";

/** One kind of finding that a detector makes. */
export interface Rule {
  /** Stable dotted name: `mcp.tool.changed`. */
  readonly code: string;
  /** How bad it is, unless the detector says otherwise of one finding or the user of all. */
  readonly severity: Severity;
  /** One line, for reports and the reference. */
  readonly summary: string;
  /** Kind of risk, e.g. `prompt_injection`. */
  readonly category: string;
  /** Entries of public catalogues: `OWASP-LLM01:2025`, `OWASP-MCP03:2025`, `ATLAS-AML.T0051`. */
  readonly references: readonly string[];
  /** What is judged. */
  readonly target: NonNullable<FindingEvent["target"]>;
}

/** What is found: the rest comes from its rule and from the event. */
export interface Found {
  /** One sentence for a person. */
  readonly message: string;
  /** Instead of the rule's. */
  readonly severity?: Severity | undefined;
  /** How sure, 0 to 1. */
  readonly score?: number | undefined;
  /** The text that caused it; it is shortened. */
  readonly evidence?: string | undefined;
  /** More, by name. What is about a definition names it by `tool`, `prompt`, `resource` or `resource_template`. */
  readonly details?: FindingEvent["details"];
  /** The message it was found in. */
  readonly event?: McpEvent | undefined;
  /** The call it is about. */
  readonly call?: LogicalCall | undefined;
  /** The session it is about. */
  readonly session?: McpSession | undefined;
  /** Milliseconds since the epoch; the event's, or now, if absent. */
  readonly time?: number | undefined;
}

/** What a detector gets besides its options. */
export interface DetectorContext {
  /** Makes a finding of the rule with this code, right after the event at hand. A code that is not declared throws. */
  report(code: string, found: Found): void;
  /** For what an operator should know. */
  readonly log: Log;
  /** For what is remembered of tools. */
  readonly tools: ToolTable;
  /** The real time, milliseconds since the epoch: that of events is of another day where a capture is replayed. */
  wallTime(): number;
}

/** An entry of a server's list that came, went or changed. */
export interface DefinitionChange {
  /** Whose. */
  readonly server: McpServer;
  /** Undefined if it is new. */
  readonly before: Definition | undefined;
  /** Undefined if it is gone. */
  readonly after: Definition | undefined;
  /** True if this is the first list of its kind that was seen of the server. */
  readonly first: boolean;
  /** The response that has the list. */
  readonly event: McpEvent;
}

/**
 * A detector at work. It is asked only for what it has methods for. None may throw, wait, or keep state without a bound;
 * one that throws all the same is reported once and goes on.
 */
export interface Detector {
  /** A message: of the declaration's `types`, and if it has `needles`, only one that holds some of them. */
  message?(event: McpEvent): void;
  /** The first request of a logical call, and whether its params hold some of the declaration's `callNeedles`. */
  called?(call: LogicalCall, event: McpEvent, holds: boolean): void;
  /**
   * A message of a logical call that neither begins nor ends it: another round, a task that is polled, progress, or what
   * comes when the call has ended already.
   */
  within?(call: LogicalCall, event: McpEvent): void;
  /** The last message of a logical call; `event` is undefined if none came (`outcome` is `hung`). */
  ended?(call: LogicalCall, event: McpEvent | undefined, session: McpSession): void;
  /** Everything that changed by one list, whole: renames show as one gone and one new. */
  definitions?(changes: readonly DefinitionChange[]): void;
  /** A session's first message, and again when its server or client has said who it is. */
  session?(session: McpSession, event: McpEvent): void;
  /** An event that is no message: `http`, `gap`, later `sensor` and `effect`. */
  other?(event: EventBase): void;
  /** Time has passed: about once a second of the events' clock. Milliseconds since the epoch. */
  tick?(now: number): void;
  /** Resolves when what it loads in the background is there. It is waited for before `end`, for a second or two. */
  ready?(): Promise<void>;
  /** The end of the input. */
  end?(now: number): void;
}

/** A detector's declaration. */
export interface DetectorDeclaration<Schema extends z.ZodObject = z.ZodObject> {
  /** The name in the pipeline file and in findings: snake_case. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** What it remembers, and the bound of that, in one sentence. */
  readonly state: string;
  /** Its options; each has a default. */
  readonly options: Schema;
  /** The findings it makes. */
  readonly rules: readonly Rule[];
  /** The types of message that `message` is for; all, if absent. */
  readonly types?: readonly McpType[] | undefined;
  /**
   * What a message must hold at least one of for `message` to be called: ASCII texts of 3 characters or more, without
   * regard to case, or what else `protocols/byte_search` finds. Cheap: all detectors' needles are looked for in one pass
   * over the bytes of `params`, `result` or `error`. Absent: every message is shown.
   */
  readonly needles?: readonly Needle[] | undefined;
  /** What `called` wants to know of params whether they hold some of. Looked for in the same pass. */
  readonly callNeedles?: readonly Needle[] | undefined;
  /** Makes a detector. What it throws is shown to the operator with the place in the pipeline file. */
  create(options: z.output<Schema>, context: DetectorContext): Detector;
}

/** Declares a detector. */
export function defineDetector<Schema extends z.ZodObject>(
  declaration: DetectorDeclaration<Schema>,
): DetectorDeclaration<Schema> {
  return declaration;
}
