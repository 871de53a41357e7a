/**
 * What `wrap` and `unwrap` have in common as commands.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "../_context.ts";
import { EXIT, Failure } from "../_exit.ts";
import { SLUGS } from "./files.ts";
import type { WrapFlags } from "./run.ts";

/** Makes one of them. */
export function changeCommand(what: "wrap" | "unwrap", brief: string, fullDescription: string): Command<CliContext> {
  return buildCommand<WrapFlags, string[], CliContext>({
    docs: { brief, fullDescription },
    parameters: {
      positional: {
        kind: "array",
        parameter: {
          parse: (input) => {
            if (SLUGS.includes(input)) return input;
            throw new Failure(`no client "${input}"; there are ${SLUGS.join(", ")}`, EXIT.usage);
          },
          proposeCompletions: () => SLUGS,
          placeholder: "CLIENT",
          brief: `Only these clients: ${SLUGS.join(", ")}`,
        },
      },
      flags: {
        file: {
          kind: "parsed",
          parse: String,
          optional: true,
          variadic: true,
          placeholder: "FILE",
          brief: "Only this configuration, whose ever it is; may be given several times",
        },
        dryRun: { kind: "boolean", default: false, withNegated: false, brief: "Only show what would change" },
        yes: { kind: "boolean", default: false, withNegated: false, brief: "Do not ask" },
      },
      aliases: { y: "yes", n: "dryRun" },
    },
    async func(flags, ...clients) {
      const { change } = await import("./run.ts");
      this.process.exitCode = await change(what, flags, clients, this);
    },
  });
}
