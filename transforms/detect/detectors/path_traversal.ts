/**
 * Paths in arguments that leave where a tool should stay.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall, McpSession } from "../../../pipeline/context.ts";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import type { Needle } from "../../../protocols/byte_search/mod.ts";
import { calledTool, PROSE, QUERY, textsOf } from "../content/arguments.ts";
import { judgePath } from "../content/paths.ts";
import { isOutside, rootsOf } from "../content/roots.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { quoted } from "../wording.ts";

const TRAVERSAL = "mcp.argument.path_traversal",
  SENSITIVE = "mcp.argument.sensitive_path",
  OUTSIDE = "mcp.argument.outside_roots";
const REFERENCES = ["OWASP-MCP05:2025", "OWASP-LLM06:2025", "ATLAS-AML.T0053", "CWE-22"];

const options = z.strictObject({
  threshold: z.number().min(0.05).max(1).default(0.6)
    .describe("Score, 0 to 1, from which a path counts as traversal."),
  roots: z.boolean().default(true)
    .describe("Whether absolute paths outside of the roots that the client has listed are told."),
  max_sessions: z.int().min(1).default(1000)
    .describe("Sessions whose roots are remembered. Beyond it the oldest are forgotten."),
});

/** Bytes of which every path that is told has some. */
const NEEDLES: readonly Needle[] = [
  "../",
  ".. /",
  ".. \\",
  "..\\",
  "..;",
  "..%",
  "%2e",
  "%252",
  "%c0%",
  "%00",
  "\\u0000",
  "/etc/",
  "/proc/",
  "/root",
  "/dev/",
  "/run/",
  "/var/log",
  ".ssh",
  ".aws",
  ".kube",
  ".azure",
  ".gnupg",
  ".docker",
  "gcloud",
  "id_rsa",
  "id_ed25519",
  ".netrc",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  "_history",
  "credentials",
  ".git/",
  ".htpasswd",
  "windows\\\\",
  "windows/",
  "boot.ini",
  "ntuser",
  "wallet.dat",
  "mcp.json",
  "claude_desktop",
  "web-inf",

  ":\\\\",
  { foreign: true },
];

/** The detector's declaration. */
const pathTraversal: DetectorDeclaration<typeof options> = defineDetector({
  name: "path_traversal",
  summary: "Arguments with paths that climb out of their directory, name secrets, or lie outside of the roots",
  state: "The roots of sessions whose client has listed some, at most max_sessions.",
  options,
  rules: [
    {
      code: TRAVERSAL,
      severity: "high",
      summary: "A path in an argument climbs out of its directory",
      category: "path_traversal",
      references: REFERENCES,
      target: "tool_call",
    },
    {
      code: SENSITIVE,
      severity: "high",
      summary: "A path in an argument names a file of the system or of a person's secrets",
      category: "path_traversal",
      references: [...REFERENCES, "OWASP-LLM02:2025"],
      target: "tool_call",
    },
    {
      code: OUTSIDE,
      severity: "medium",
      summary: "An absolute path in an argument is outside of the client's roots",
      category: "path_traversal",
      references: REFERENCES,
      target: "tool_call",
    },
  ],
  callNeedles: NEEDLES,
  create: (options, context) => new PathTraversals(options, context),
});
export default pathTraversal;

class PathTraversals implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  /** Paths of the roots by session, the oldest first. */
  readonly #roots = new Map<McpSession, readonly string[]>();

  constructor(options: z.output<typeof pathTraversal.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
  }

  ended(call: LogicalCall, event: McpEvent | undefined): void {
    if (call.method === "roots/list" && event?.type === "response") this.#learn(event);
  }

  called(call: LogicalCall, event: McpEvent, isSuspicious: boolean): void {
    const { method } = call;
    if (method !== "tools/call" && method !== "resources/read") return;
    const session = event.context?.session;
    const roots = session === undefined ? undefined : this.#roots.get(session);
    if (!isSuspicious && roots === undefined) return;
    const called = method === "tools/call" ? calledTool(event) : { name: method, args: onlyUri(event.params) };
    if (called === undefined) return;
    const { name, args } = called;
    for (const { key, path: where, text } of textsOf(args)) {
      if (PROSE.has(key) || QUERY.has(key) || COMMANDS.has(key)) continue;
      const found = { event, call, session, evidence: text };
      const verdict = isSuspicious ? judgePath(text) : undefined;
      if (verdict !== undefined && verdict.score >= this.#options.threshold) {
        return this.#context.report(verdict.kind === "sensitive" ? SENSITIVE : TRAVERSAL, {
          ...found,
          message: `Argument ${quoted(where)} of ${quoted(name)} ${verdict.says}`,
          score: verdict.score,
          details: { tool: name, argument: where },
        });
      }
      if (roots !== undefined && isOutside(text, roots)) {
        return this.#context.report(OUTSIDE, {
          ...found,
          message: `Argument ${quoted(where)} of ${quoted(name)} is outside of the client's roots`,
          score: 0.7,
          details: { tool: name, argument: where, roots: roots.slice(0, 10) },
        });
      }
    }
  }

  #learn({ context, result }: McpEvent): void {
    if (!this.#options.roots || context === undefined) return;
    const { session } = context, roots = rootsOf(result);
    this.#roots.delete(session);
    if (roots.length === 0) return;
    if (this.#roots.size >= this.#options.max_sessions) {
      for (const oldest of this.#roots.keys()) {
        this.#roots.delete(oldest);
        break;
      }
    }
    this.#roots.set(session, roots);
  }
}

/** Arguments that hold command lines or programs. */
const COMMANDS: ReadonlySet<string> = new Set("command commands cmd cmdline commandline script scripts sql".split(" "));

function onlyUri(params: Json | undefined): Json {
  const isObject = params !== null && typeof params === "object" && !Array.isArray(params);
  return isObject && typeof params.uri === "string" && /^file:/i.test(params.uri) ? { uri: params.uri } : {};
}
