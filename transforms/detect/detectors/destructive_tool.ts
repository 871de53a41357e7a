/**
 * Calls that delete or overwrite by tools that do not say so.
 *
 * @module
 */
import { z } from "zod";
import type { Definition, LogicalCall, McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { type CalledTool, calledTool } from "../content/arguments.ts";
import { findDestruction, isDestructiveTool } from "../content/destructive.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { quoted } from "../wording.ts";

const CALLED = "mcp.tool.destructive_unmarked",
  ARGUMENT = "mcp.argument.destructive",
  LYING = "mcp.tool.read_only_writes";
const REFERENCES = ["OWASP-LLM06:2025", "OWASP-MCP02:2025", "ATLAS-AML.T0101"];

const options = z.strictObject({
  only_contradictions: z.boolean().default(false)
    .describe("Whether only tools are told that deny to be destructive, not those that say nothing of it."),
});

/** Bytes of which every argument that is told has some. */
const NEEDLES = [
  "delete",
  "drop ",
  "dropdatabase",
  "dropcollection",
  '"del ',
  "expunge",
  "drop/",
  "drop\\n",
  "truncate",
  "update ",
  "alter ",
  "insert ",
  "rm -",
  "rm\\",
  "remove",
  "rmtree",
  "unlink",
  "rimraf",
  "flush",
  "destroy",
  "--hard",
  "clean -",
  "--force",
  "push -f",
  "push",

  "branch",
  "stash",
  "prune",
  "uninstall",
  " rb ",
  "s3 rm",
  "terminate",
  "deregister",
  "purge",
  "wipe",
  "erase",
  "shred",
  "mkfs",
  "of=/dev",
  "format ",
  "shutdown",
  "reboot",
  "poweroff",
  "kill",
  "userdel",
  "deluser",
  "crontab",
  "drain",
  "down ",
  "volumes",
  "rmi",
  "xargs",
  "del /",
  "rd /",
  "revoke ",
  "grant ",
  "create ",
  "replace ",
  "merge ",
  '"rm',
  "state rm",
  "unpublish",
  "iptables",
  "checkout",
  "restore",
  "filter-",
  "reflog",
  "remov",
];

/** The detector's declaration. */
const destructiveTool: DetectorDeclaration<typeof options> = defineDetector({
  name: "destructive_tool",
  summary: "Calls that delete or overwrite, of tools whose annotations do not say so",
  state: "What was concluded of a definition, as long as the definition is known.",
  options,
  rules: [
    {
      code: CALLED,
      severity: "medium",
      summary:
        "A tool that deletes or overwrites by its name or description was called, and is not marked as destructive",
      category: "excessive_agency",
      references: REFERENCES,
      target: "tool_call",
    },
    {
      code: ARGUMENT,
      severity: "medium",
      summary: "An argument makes a tool delete or overwrite that is not marked as destructive",
      category: "excessive_agency",
      references: REFERENCES,
      target: "tool_call",
    },
    {
      code: LYING,
      severity: "high",
      summary: "A tool that is marked as read-only was made to delete or overwrite",
      category: "excessive_agency",
      references: [...REFERENCES, "OWASP-MCP03:2025"],
      target: "tool_call",
    },
  ],
  callNeedles: NEEDLES,
  create: (options, context) => new DestructiveTools(options, context),
});
export default destructiveTool;

interface Marks {
  readonly destructive: boolean | undefined;
  readonly readOnly: boolean;
  /** By its name or description. */
  readonly destroys: boolean;
}

class DestructiveTools implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  readonly #marks = new WeakMap<Definition, Marks>();
  /** Of each server, at which version of its entry it had no tool that destroys unmarked. */
  readonly #harmless = new WeakMap<McpServer, number>();

  constructor(options: z.output<typeof destructiveTool.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  called(call: LogicalCall, event: McpEvent, holds: boolean): void {
    const session = event.context?.session;
    if (call.method !== "tools/call" || session === undefined) return;
    if (!this.#isHarmless(session.server) && this.#judgeTool(call, event, session)) return;
    const called = holds ? calledTool(event) : undefined;
    if (called !== undefined) this.#judgeArguments(called, call, event, session);
  }

  /** Tells of a tool that destroys by its own words. */
  #judgeTool(call: LogicalCall, event: McpEvent, session: McpSession): boolean {
    const { name } = call, definition = name === undefined ? undefined : session.server.tools.get(name);
    const marks = definition === undefined ? undefined : this.#marksOf(definition);
    if (name === undefined || marks === undefined || !this.#isUnmarked(marks)) return false;
    this.#context.report(marks.readOnly ? LYING : CALLED, {
      message: `Tool ${quoted(name)} deletes or overwrites, and is ${saidOf(marks)}`,
      score: marks.readOnly || marks.destructive === false ? 0.9 : 0.7,
      details: { tool: name, ...annotationsOf(marks) },
      event,
      call,
      session,
    });
    return true;
  }

  #judgeArguments({ name, args }: CalledTool, call: LogicalCall, event: McpEvent, session: McpSession): void {
    const definition = session.server.tools.get(name);
    const marks = definition === undefined ? UNKNOWN : this.#marksOf(definition);
    if (marks.destructive === true && !marks.readOnly) return;
    if (this.#options.only_contradictions && !marks.readOnly && marks.destructive !== false) return;
    const found = findDestruction(name, args, marks.readOnly);
    if (found === undefined) return;
    const { says, score, text, path } = found;
    this.#context.report(marks.readOnly ? LYING : ARGUMENT, {
      message: `Argument ${quoted(path)} of ${quoted(name)} ${says}, and the tool is ${saidOf(marks)}`,
      score,
      evidence: text,
      details: { tool: name, argument: path, ...annotationsOf(marks) },
      event,
      call,
      session,
    });
  }

  #isUnmarked({ destroys, destructive, readOnly }: Marks): boolean {
    if (!destroys || destructive === true && !readOnly) return false;
    return !this.#options.only_contradictions || destructive === false || readOnly;
  }

  #isHarmless(server: McpServer): boolean {
    if (this.#harmless.get(server) === server.version) return true;
    for (const definition of server.tools.values()) if (this.#isUnmarked(this.#marksOf(definition))) return false;
    this.#harmless.set(server, server.version);
    return true;
  }

  #marksOf(definition: Definition): Marks {
    let marks = this.#marks.get(definition);
    if (marks === undefined) this.#marks.set(definition, marks = marksOf(definition));
    return marks;
  }
}

const UNKNOWN: Marks = { destructive: undefined, readOnly: false, destroys: false };

function marksOf({ name, value }: Definition): Marks {
  const { annotations, description } = value;
  const isObject = annotations !== null && typeof annotations === "object" && !Array.isArray(annotations);
  const hint = (which: string): Json | undefined => isObject ? annotations[which] : undefined;
  const destructive = hint("destructiveHint");
  return {
    destructive: typeof destructive === "boolean" ? destructive : undefined,
    readOnly: hint("readOnlyHint") === true,
    destroys: isDestructiveTool(name, typeof description === "string" ? description.slice(0, 2000) : ""),
  };
}

function saidOf({ readOnly, destructive }: Marks): string {
  return readOnly
    ? "marked as read-only"
    : destructive === false
    ? "marked as not destructive"
    : "not marked as destructive";
}

function annotationsOf({ readOnly, destructive }: Marks): { [name: string]: Json } {
  return { read_only_hint: readOnly, destructive_hint: destructive ?? null };
}
