/**
 * Tools that are not what they were when they were first seen, or accepted.
 *
 * @module
 */
import { z } from "zod";
import { path } from "../../../pipeline/component.ts";
import type { McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Json, McpEvent, Severity } from "../../../pipeline/event.ts";
import {
  Baseline,
  type BaselineList,
  compareLists,
  type Drift,
  type Entries,
  instructionsOf,
  setHash,
} from "../../../pipeline/baseline/mod.ts";
import { isHarmless } from "../../../pipeline/baseline/harmless.ts";
import {
  defineDetector,
  type DefinitionChange,
  type Detector,
  type DetectorContext,
  type DetectorDeclaration,
  type Found,
} from "../detector.ts";
import { quoted, serverName } from "../wording.ts";
import { several } from "../../../pipeline/wording.ts";

const CHANGED = "mcp.tool.changed";
const RENAMED = "mcp.tool.renamed";
const ADDED = "mcp.tool.added";
const REMOVED = "mcp.tool.removed";
const PROMPT = "mcp.prompt.changed";
const INSTRUCTIONS = "mcp.server.instructions_changed";

const CATEGORY = "tool_poisoning";
const REFERENCES = ["OWASP-MCP03:2025", "OWASP-LLM03:2025"];
/** Names that one finding lists. */
const NAMED = 20;
/** Different lists of one server that are known again. */
const SETS = 64;
/** Between two tries to write the file, in milliseconds. */
const PATIENCE = 60_000;

const options = z.strictObject({
  baseline: path().optional()
    .describe(
      "A file of what is accepted, which `mcpsonde baseline` shows and changes. A server that it does not know is trusted " +
        "as it is first seen, and added. Without a file, what is seen first in a run is held against the rest of it.",
    ),
});

/** The detector's declaration. */
const toolDrift: DetectorDeclaration<typeof options> = defineDetector({
  name: "tool_drift",
  summary: "Tools, prompts and instructions that change after they were first seen, or accepted",
  state:
    "The tools, prompts and instructions of at most 10,000 servers, 64 MiB in all; entries over 64 KiB as a hash only.",
  options,
  rules: [
    rule(CHANGED, "high", "A tool's description, schema or annotations have changed"),
    rule(RENAMED, "medium", "A tool goes by another name"),
    rule(ADDED, "low", "A server has a new tool"),
    rule(REMOVED, "info", "A server has a tool no more"),
    rule(PROMPT, "medium", "A server's prompts have changed"),
    { ...rule(INSTRUCTIONS, "high", "A server's instructions for the model have changed"), target: "server" },
  ],
  create: (options, context) => new ToolDrift(options, context),
});
export default toolDrift;

function rule(code: string, severity: Severity, summary: string) {
  return { code, severity, summary, category: CATEGORY, references: REFERENCES, target: "tool_definition" } as const;
}

/** Which list of a server a kind of entry is in. */
const LISTS: ReadonlyMap<string, "tools" | "prompts"> = new Map([["tool", "tools"], ["prompt", "prompts"]]);

/** A list of a server, as far as it was judged in this run. */
interface Judged {
  /** As it was last. */
  last: Entries;
  /** Hashes of all that it was: each is told once. */
  readonly sets: Set<string>;
}

class ToolDrift implements Detector {
  readonly #context: DetectorContext;
  readonly #baseline: Baseline;
  /** What was judged of each server in this run. */
  readonly #judged = new WeakMap<McpServer, { [list in BaselineList]?: Judged }>();
  #retry = 0;
  #isFull = false;

  constructor({ baseline }: z.output<typeof options>, context: DetectorContext) {
    this.#context = context;
    this.#baseline = open(baseline, context);
  }

  session({ server }: McpSession, event: McpEvent): void {
    const now = instructionsOf(server);
    if (now !== undefined) this.#meet(server, "instructions", now, event);
  }

  definitions(changes: readonly DefinitionChange[]): void {
    const [first] = changes;
    const list = LISTS.get((first?.after ?? first?.before)?.kind ?? "");
    if (first === undefined || list === undefined) return;
    const { server, event } = first;
    this.#meet(server, list, event.context?.list ?? server[list], event);
  }

  tick(now: number): void {
    if (this.#baseline.skipped > 0 && !this.#isFull) {
      this.#isFull = true;
      this.#context.log.warn("the baseline is full: servers that it does not know yet are not held against anything");
    }
    if (this.#baseline.isUnsaved && now >= this.#retry) this.#save(now);
  }

  end(now: number): void {
    this.#save(now);
  }

  /** Holds a list against what is accepted, or against what was judged before. */
  #meet(server: McpServer, list: BaselineList, now: Entries, event: McpEvent): void {
    const held = this.#baseline.meet(server, list, now, event.time) ?? now;
    let lists = this.#judged.get(server);
    if (lists === undefined) this.#judged.set(server, lists = {});
    const judged = lists[list] ??= { last: held, sets: new Set([setHash(held)]) };
    const { last, sets } = judged;
    judged.last = now;
    const set = setHash(now);
    if (sets.has(set)) return; // as accepted, or told already: a server may have several faces
    if (sets.size < SETS) sets.add(set);
    const drift = compareLists(last, now);
    if (drift === undefined) return;
    const more = { event, details: { set_before: setHash(last), set_after: set } };
    if (list === "tools") this.#tools(server, drift, more);
    else if (list === "prompts") this.#prompts(server, drift, more);
    else this.#instructions(server, drift, more);
  }

  #instructions(server: McpServer, { changed: [change] }: Drift, more: Omit<Found, "message">): void {
    if (change === undefined) return;
    this.#context.report(INSTRUCTIONS, {
      ...more,
      message: `The instructions of ${serverName(server)} are not what they were before`,
      evidence: change.fields[0]?.after,
      details: { ...more.details, changes: change.fields.map(plain) },
    });
  }

  #tools(server: McpServer, { added, removed, changed, renamed }: Drift, more: Omit<Found, "message">): void {
    for (const { name, before, after, fields } of changed) {
      const parts = [...new Set(fields.map(({ path }) => partOf(path)))];
      const what = parts.length === 0 ? "content" : parts.join(" and ");
      const shown = fields.find(({ path }) => path.endsWith("description")) ?? fields[0];
      this.#context.report(CHANGED, {
        ...more,
        message: `Tool ${quoted(name)} of ${serverName(server)} has another ${what} than before`,
        severity: isHarmless(before.value, after.value) ? "low" : severityOf(parts),
        evidence: shown?.after ?? shown?.before,
        details: { tool: name, ...more.details, changes: fields.map(plain) },
      });
    }
    for (const { from, to, isExact, fields } of renamed) {
      this.#context.report(RENAMED, {
        ...more,
        message: `Tool ${quoted(from)} of ${serverName(server)} is now ${quoted(to)}${
          isExact ? "" : ", with another content"
        }`,
        severity: isExact ? undefined : severityOf([...new Set(fields.map(({ path }) => partOf(path)))]),
        details: { from, to, ...more.details, changes: fields.map(plain) },
      });
    }
    this.#names(ADDED, "new", server, added, more);
    this.#names(REMOVED, "gone", server, removed, more);
  }

  #names(code: string, state: string, server: McpServer, names: readonly string[], more: Omit<Found, "message">): void {
    if (names.length === 0) return;
    this.#context.report(code, {
      ...more,
      message: `${several(names.length, "tool")} of ${serverName(server)} ${
        names.length === 1 ? "is" : "are"
      } ${state}: ${names.slice(0, 5).map(quoted).join(", ")}${names.length > 5 ? ", …" : ""}`,
      details: { ...more.details, tools: names.slice(0, NAMED) },
    });
  }

  #prompts(server: McpServer, { added, removed, changed, renamed }: Drift, more: Omit<Found, "message">): void {
    const names = [...changed.map(({ name }) => name), ...renamed.map(({ to }) => to), ...added, ...removed];
    const [one] = changed;
    this.#context.report(PROMPT, {
      ...more,
      message: `${several(names.length, "prompt")} of ${serverName(server)} differ from before: ${
        names.slice(0, 5).map(quoted).join(", ")
      }`,
      severity: changed.length + renamed.length > 0 ? undefined : "low",
      evidence: one?.fields[0]?.after,
      details: {
        ...more.details,
        added: added.slice(0, NAMED),
        removed: removed.slice(0, NAMED),
        changes: changed.flatMap(({ name, fields }) => fields.map((field) => ({ prompt: name, ...plain(field) }))),
      },
    });
  }

  #save(now: number): void {
    try {
      this.#baseline.save();
    } catch (error) {
      if (this.#retry === 0) this.#context.log.warn(`the baseline cannot be written: ${reason(error)}`);
      this.#retry = now + PATIENCE;
    }
  }
}

/** A file that cannot be read is told of and left as it is. */
function open(file: string | undefined, { log }: DetectorContext): Baseline {
  try {
    return new Baseline(file);
  } catch (error) {
    log.warn(`${file} cannot be read as a baseline, so this run has none of its own: ${reason(error)}`);
    return new Baseline();
  }
}

/** The part of a tool that a member belongs to: texts that a model reads are `description`, wherever they are. */
function partOf(path: string): string {
  if (/(^|\.)(description|title)$/.test(path) && path !== "title" && !path.startsWith("annotations.")) {
    return "description";
  }
  return path.split(".")[0] || "content";
}

/** Parts that a model reads in some clients, or that decide what may be passed. */
const CHECKED: ReadonlySet<string> = new Set(["inputSchema", "outputSchema", "annotations", "name", "title"]);

/** What a model reads can turn it; what it may pass, or what a person is told, less so; the rest is for the eye. */
function severityOf(parts: readonly string[]): Severity {
  if (parts.length === 0 || parts.includes("description")) return "high";
  return parts.some((part) => CHECKED.has(part)) ? "medium" : "low";
}

function plain({ path, before, after }: { path: string; before: string | undefined; after: string | undefined }) {
  const change: { [member: string]: Json } = { path };
  if (before !== undefined) change["before"] = before;
  if (after !== undefined) change["after"] = after;
  return change;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
