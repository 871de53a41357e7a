/**
 * Shell commands in arguments where none belong, and commands that no one should run.
 *
 * @module
 */
import { z } from "zod";
import type { Definition, LogicalCall } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import type { Needle } from "../../../protocols/byte_search/mod.ts";
import { type Argument, calledTool, nameWords, PROSE, QUERY, RUNNABLE, textsOf } from "../content/arguments.ts";
import { type CommandVerdict, judgeArgument, judgeCommand, PROGRAMS } from "../content/commands.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { quoted } from "../wording.ts";

const INJECTED = "mcp.argument.shell_injection", DANGEROUS = "mcp.argument.dangerous_command";
const REFERENCES = ["OWASP-MCP05:2025", "OWASP-LLM06:2025", "ATLAS-AML.T0050"];

const options = z.strictObject({
  threshold: z.number().min(0.05).max(1).default(0.6)
    .describe("Score, 0 to 1, from which an argument is told."),
  shell_tools: z.array(z.string()).default([])
    .describe("Tools that run commands, besides those that are told by their names and parameters."),
});

/** What each command that is told has something of. */
const NEEDLES: readonly Needle[] = [
  { chained: [...PROGRAMS, "for", "while", "until", "if"] },
  " -i",
  "\\t-i",
  "ext::",
  "rm -",
  ":|:",
  ": | :",
  "%0|",
  "iex",
  "mkfs",
  "/dev/",
  "del /",
  "rd /",
  "alias.",
  "--exec",
  "--checkpoint",
  "-pack=",
  "-pack ",
  "proxycommand",
  "ld_preload",
  "--rsh",
  "--pager",
  "--eval",
  "sshcommand",
  "--use-compress",
  "--output",
  "--script",
  "--plugin",
  "--init-command",
  "--load-module",
  "-tt ",
  ".shell ",
  ".system ",
  ";/",
  "; /",
  "|/",
  "| /",
  "&& /",
  ";{",
  "; {",
  "%0a",
  "%0d",
  "/dev/",
  "curl ",
  "wget ",
  "format ",
  " -e /bin",
  "-e sh",
  "alias.",
  "powershell",
  "certutil",
  "mshta",
  " -e bash",
  "--no-preserve",
  "crontab",
  "chmod",
];

/** The detector's declaration. */
const shellMetacharacters: DetectorDeclaration<typeof options> = defineDetector({
  name: "shell_metacharacters",
  summary: "Arguments that break out into a shell, and commands that no one should run",
  state: "Nothing.",
  options,
  rules: [
    {
      code: INJECTED,
      severity: "high",
      summary: "An argument that is no command has one in it",
      category: "command_injection",
      references: [...REFERENCES, "CWE-78"],
      target: "tool_call",
    },
    {
      code: DANGEROUS,
      severity: "high",
      summary: "A command downloads and runs, opens a way in, sends secrets out, or destroys",
      category: "command_injection",
      references: REFERENCES,
      target: "tool_call",
    },
  ],
  callNeedles: NEEDLES,
  create: (options, context) => new ShellMetacharacters(options, context),
});
export default shellMetacharacters;

class ShellMetacharacters implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  readonly #shells: ReadonlySet<string>;

  constructor(options: z.output<typeof shellMetacharacters.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
    this.#shells = new Set(options.shell_tools);
  }

  called(call: LogicalCall, event: McpEvent, holds: boolean): void {
    if (!holds || call.method !== "tools/call") return;
    const called = calledTool(event);
    if (called === undefined) return;
    const { name, args } = called, session = event.context?.session;
    const isShell = this.#shells.has(name) || runsCommands(name, session?.server.tools.get(name));
    const texts = textsOf(args);
    for (const argument of texts) {
      const { path, key } = argument;
      const runs = isShell && (RUNNABLE.has(key) || texts.length === 1 && !PROSE.has(key) && !NAMES.test(key)) ||
        RUNNABLE.has(key) && !LISTS.has(key);
      const verdict = runs ? judgeCommand(argument.text) : judge(argument);
      if (verdict === undefined || verdict.score < this.#options.threshold) continue;
      return this.#context.report(runs ? DANGEROUS : INJECTED, {
        message: `Argument ${quoted(path)} of ${quoted(name)} ${verdict.says}`,
        score: verdict.score,
        evidence: verdict.text,
        details: { tool: name, argument: path },
        event,
        call,
        session,
      });
    }
  }
}

/** Arguments that are names, whatever the tool does. */
const NAMES = /name$|namespace|host|path|file|dir|cwd|url|id$|pod|container|image|branch|user|port/;
/** Arguments of a program: unless the tool is a shell, nothing reads them as a command line. */
const LISTS: ReadonlySet<string> = new Set("args argv arguments".split(" "));
/** Prose that is short, and may reach a command line as one argument. */
const TITLES: ReadonlySet<string> = new Set(
  "title subject caption question name label summary input source data entry log page".split(" "),
);
/** Words in names of tools that run commands or programs. */
const RUNNERS: ReadonlySet<string> = new Set(
  ("shell bash sh zsh terminal exec execute command commands cmd powershell ssh repl eval script process console " +
    "subprocess cli kubectl docker tmux keys pty tty").split(" "),
);
/** Said of tools whose business is to run what they are given. */
const RUNS = /\b(?:runs?|executes?|executing|running)\b[^.]{0,40}\b(?:commands?|shell|scripts?|programs?|code|bash)\b/i;

function judge({ key, text }: Argument): CommandVerdict | undefined {
  if (TITLES.has(key)) return judgeArgument(text, key !== "name" && key !== "label" || text.length > 60);
  if (PROSE.has(key)) return undefined;
  if (QUERY.has(key) && key !== "pattern" && key !== "glob" && key !== "search") return undefined;
  return judgeArgument(text, QUERY.has(key) || text.length > 400);
}

function runsCommands(name: string, definition: Definition | undefined): boolean {
  const words = nameWords(name);
  if (words.some((word) => RUNNERS.has(word))) return true;
  const schema = definition?.value.inputSchema;
  const properties = schema !== null && typeof schema === "object" && !Array.isArray(schema)
    ? schema.properties
    : undefined;
  const names = properties !== null && typeof properties === "object" && !Array.isArray(properties)
    ? Object.keys(properties)
    : [];
  if (names.some((name) => name === "command" || name === "cmd" || name === "script")) return true;
  const description = definition?.value.description;
  return typeof description === "string" && RUNS.test(description.slice(0, 400));
}
