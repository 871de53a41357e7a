/**
 * From arguments to an exit code.
 *
 * @module
 */
import {
  type Application,
  buildApplication,
  buildRouteMap,
  type Command,
  ExitCode,
  help,
  run,
  version,
} from "@stricli/core";
import { complete } from "./_complete.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { overview } from "./_overview.ts";
import { TEXT } from "./_text.ts";
import deno from "../deno.json" with { type: "json" };

/** Every subcommand by its name. */
export type Commands = Readonly<Record<string, Command<CliContext>>>;

/** The command that runs when none is named. */
const DEFAULT = "monitor";
/** What the completion scripts call: `mcpsonde __complete -- WORD…`. */
const COMPLETE = "__complete";

/** Builds the application that stricli runs. */
export function application(commands: Commands): Application<CliContext> {
  const root = buildRouteMap<string, CliContext>({
    routes: commands,
    docs: { brief: "See what MCP clients and servers do" },
  });
  const formatting = {
    useAliasInUsageLine: true,
    onlyRequiredInUsageLine: true,
    caseStyle: "convert-camel-to-kebab",
  } as const;
  return buildApplication<CliContext>(root, {
    name: "mcpsonde",
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true },
    completion: { includeAliases: true },
    localization: { text: TEXT },
    determineExitCode: (error) => error instanceof Failure ? error.code : EXIT.failed,
  }, {
    help: help({ brief: TEXT.briefs.help, formatting }),
    version: version({ brief: TEXT.briefs.version, alias: false, info: { currentVersion: deno.version } }),
  });
}

/** Runs the command that the arguments name, and returns what to exit with. */
export async function main(commands: Commands, args: readonly string[], context: CliContext): Promise<number> {
  const app = application(commands);
  const [first, ...rest] = args;
  if (first === COMPLETE) {
    context.process.stdout.write(await complete(app, rest[0] === "--" ? rest.slice(1) : rest, DEFAULT, context));
    return EXIT.ok;
  }
  if (first === "--help" || first === "-h" || (first === "help" && rest.length === 0)) {
    context.process.stdout.write(overview(commands, deno.version));
    return EXIT.ok;
  }
  await run(app, route(first, rest), context);
  return exitCode(context.process.exitCode);
}

function route(first: string | undefined, rest: readonly string[]): string[] {
  if (first === undefined) return [DEFAULT];
  if (first === "help") return [...rest, "--help"];
  if (first.startsWith("-") && first !== "--version") return [DEFAULT, first, ...rest];
  return [first, ...rest];
}

function exitCode(code: number | undefined): number {
  if (code === ExitCode.UnknownCommand || code === ExitCode.InvalidArgument) return EXIT.usage;
  return code === undefined ? EXIT.ok : code < 0 ? EXIT.failed : code;
}
