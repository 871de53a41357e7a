/**
 * Tools of one name on two servers that the same client uses: a model may take one for the other.
 *
 * @module
 */
import { z } from "zod";
import type { McpServer, McpSession } from "../../../pipeline/context.ts";
import type { Severity } from "../../../pipeline/event.ts";
import { sha256 } from "../../../protocols/canonical_json/mod.ts";
import {
  defineDetector,
  type DefinitionChange,
  type Detector,
  type DetectorContext,
  type DetectorDeclaration,
} from "../detector.ts";
import { nameSkeleton } from "../name_skeleton.ts";
import { quoted, serverName } from "../wording.ts";

const SAME = "mcp.tool.shadowed";
const ALIKE = "mcp.tool.lookalike";

const options = z.strictObject({
  max_clients: z.int().min(1).default(1000)
    .describe("How many clients are watched. Beyond it the one that was seen first is forgotten."),
  max_names: z.int().min(1).default(10_000)
    .describe("How many tools' names of one client's servers are remembered. Beyond it further ones are not."),
});

/** The detector's declaration. */
const toolShadowing: DetectorDeclaration<typeof options> = defineDetector({
  name: "tool_shadowing",
  summary: "Tools of the same name, or of names that look alike, on two servers of one client",
  state: "The names of the tools of each client's servers, at most max_clients times max_names.",
  options,
  rules: [{
    code: SAME,
    severity: "low",
    summary: "Two servers of one client have a tool of the same name, with different descriptions",
    category: "tool_poisoning",
    references: ["OWASP-MCP03:2025"],
    target: "tool_definition",
  }, {
    code: ALIKE,
    severity: "medium",
    summary: "Two tools of one client have names that look alike",
    category: "tool_poisoning",
    references: ["OWASP-MCP03:2025"],
    target: "tool_definition",
  }],
  create: (options, context) => new ToolShadowing(options, context),
});
export default toolShadowing;

/** A tool as it was listed. */
interface Listed {
  readonly server: McpServer;
  readonly name: string;
  /** Hash of its description. */
  readonly description: string;
}

/** The tools of one client's servers, by what their names look like. */
type Names = Map<string, Listed[]>;

/** Tools of one look that are compared. */
const ALIKE_KEPT = 16;

class ToolShadowing implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  readonly #clients = new Map<string, Names>();

  constructor(options: z.output<typeof toolShadowing.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  definitions(changes: readonly DefinitionChange[]): void {
    const session = changes[0]?.event.context?.session;
    if (session === undefined) return;
    for (const change of changes) {
      const { before, after, server } = change;
      if ((after ?? before)?.kind !== "tool") continue;
      const names = this.#namesOf(session);
      if (before !== undefined && after === undefined) remove(names, server, before.name);
      if (after === undefined) continue;
      const { description } = after.value;
      const text = typeof description === "string" ? description : "";
      this.#add(names, change, { server, name: after.name, description: sha256(text) }, text);
    }
  }

  #add(names: Names, { event }: DefinitionChange, tool: Listed, description: string): void {
    const skeleton = nameSkeleton(tool.name);
    const alike = names.get(skeleton) ?? [];
    const others = alike.filter((other) => !isOneTool(other, tool));
    const isKnown = others.length < alike.length; // what there is to tell of it was told
    for (const other of isKnown ? [] : others) {
      if (isOneServer(other, tool)) continue;
      const isSame = other.name === tool.name;
      const severity = isSame ? "low" : alikeSeverity(other, tool);
      if (severity === undefined) continue;
      this.#context.report(isSame ? SAME : ALIKE, {
        message: isSame
          ? `Tool ${quoted(tool.name)} is on ${serverName(tool.server)} and on ${serverName(other.server)}`
          : `Tool ${quoted(tool.name)} of ${serverName(tool.server)} looks like ${quoted(other.name)} of ${
            serverName(other.server)
          }`,
        severity,
        evidence: description,
        details: { tool: tool.name, other: other.name, server: tool.server.key, other_server: other.server.key },
        event,
      });
      break; // one is enough
    }
    const kept = [...others, tool].slice(-ALIKE_KEPT);
    if (names.has(skeleton) || names.size < this.#options.max_names) names.set(skeleton, kept);
  }

  #namesOf({ clientProcess }: McpSession): Names {
    const key = clientProcess === undefined ? "?" : `${clientProcess.pid} ${clientProcess.name}`;
    let names = this.#clients.get(key);
    if (names === undefined) {
      if (this.#clients.size >= this.#options.max_clients) {
        for (const oldest of this.#clients.keys()) if (this.#clients.delete(oldest)) break;
      }
      this.#clients.set(key, names = new Map());
    }
    return names;
  }
}

/** The same program twice, with other arguments or at another port, has the same tools. */
function isOneServer(a: Listed, b: Listed): boolean {
  if (a.server.key === b.server.key) return false;
  const isSameName = a.server.info !== undefined && a.server.info.name === b.server.info?.name;
  return a.name === b.name && (isSameName || a.description === b.description);
}

function isOneTool(a: Listed, b: Listed): boolean {
  return a.server.key === b.server.key && a.name === b.name;
}

/** Names that no eye tells apart are no accident; other spellings of one name may be. */
function alikeSeverity(a: Listed, b: Listed): Severity | undefined {
  if (!isAscii(a.name) || !isAscii(b.name)) return "high";
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (plain(a.name) === plain(b.name)) return a.server.key === b.server.key ? undefined : "low";
  return "medium"; // l for 1, O for 0
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false;
  return true;
}

function remove(names: Names, server: McpServer, name: string): void {
  const skeleton = nameSkeleton(name);
  const left = names.get(skeleton)?.filter((known) => known.server.key !== server.key || known.name !== name);
  if (left === undefined) return;
  if (left.length === 0) names.delete(skeleton);
  else names.set(skeleton, left);
}
