/**
 * `mcpsonde run -- CMD…`: starts a program and watches it as well as this machine allows.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { filterFlags } from "./_filter.ts";
import { STDOUT } from "./_flags.ts";
import { redactFlags } from "./_redact.ts";
import type { RunFlags } from "./_run/watch.ts";
import { WAYS } from "./_run/way.ts";

/** Runs. */
export const run: Command<CliContext> = buildCommand<RunFlags, string[], CliContext>({
  docs: {
    brief: "Start a program and watch it as well as this machine allows",
    fullDescription:
      `Starts a server or a client, whose standard streams are its own, and watches it and its children: from the kernel and
from inside where that may be done, else from inside alone (Python and Node), else as mcpsonde proxy does. Says which on standard
error. Messages are shown there too, or go to FILE. Ends as the program ends.

  mcpsonde run -- python server.py
  mcpsonde run -o session.jsonl -- claude
  mcpsonde run --by proxy -- ./server`,
    customUsage: ["[OPTIONS] -- CMD [ARGS…]"],
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: { parse: String, placeholder: "CMD", brief: "The program and its arguments, after --" },
    },
    flags: {
      by: { kind: "enum", values: WAYS, optional: true, brief: "How to watch, instead of the best way" },
      out: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Write all messages to this JSONL file",
      },
      verbose: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Show params, results and errors in full",
      },
      tree: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Show calls as a tree, as they end, with what belongs to them",
      },
      ...filterFlags,
      ...redactFlags,
    },
    aliases: { o: "out", v: "verbose" },
  },
  async func(flags, ...command) {
    if (command.length === 0) throw new Failure("name the program: mcpsonde run -- CMD", EXIT.usage);
    if (flags.out === STDOUT) throw new Failure("standard output is the program's: name a file", EXIT.usage);
    const { bestWay, withoutKernel } = await import("./_run/way.ts");
    const { env } = this.process;
    let chosen = flags.by === undefined ? await bestWay(command, env) : { way: flags.by, why: undefined };
    if (chosen.way !== "proxy") {
      const { CannotWatch, watch } = await import("./_run/watch.ts");
      try {
        await watch(chosen, flags, command, this);
      } catch (error) {
        if (!(error instanceof CannotWatch) || chosen.way !== "kernel" || flags.by !== undefined) throw error;
        chosen = await withoutKernel("capture cannot start", command, env);
        if (chosen.way !== "proxy") await watch(chosen, flags, command, this);
      }
    }
    const why = chosen.why === undefined ? "" : ` (not from the kernel: ${chosen.why})`;
    this.process.stderr.write(`mcpsonde: watching ${command[0]} as a proxy${why}\n`);
    const { proxyStdio } = await import("./_proxy/stdio.ts");
    await proxyStdio({ ...flags, dryRun: false }, command);
  },
});
