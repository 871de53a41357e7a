/**
 * `mcpsonde test`: runs the project's checks and tests.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import { fileURLToPath } from "node:url";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";

/** Runs the tests. */
export const test: Command<CliContext> = buildCommand<Record<never, never>, string[], CliContext>({
  docs: {
    brief: "Run mcpsonde's own checks and tests",
    fullDescription:
      `Runs every check and test, or the named ones: format, lint, types, deno, node, e2e, … Tests that need the kernel are
skipped where it does not allow them. The launcher gets what they use: compilers, vitest, MCP clients and servers.

  mcpsonde test
  mcpsonde test deno e2e`,
    customUsage: ["[STEP]..."],
  },
  parameters: {
    positional: { kind: "array", parameter: { parse: String, placeholder: "STEP", brief: "A step to run" } },
  },
  async func(_flags, ...steps) {
    const root = fileURLToPath(new URL("..", import.meta.url));
    const script = `${root}tests/run.ts`;
    if (!await Deno.stat(script).then((info) => info.isFile, () => false)) {
      throw new Failure("the tests are not part of this installation; they are in the source repository", EXIT.machine);
    }
    const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--no-lock", script, ...steps], cwd: root });
    const { code } = await child.spawn().status;
    if (code !== 0) this.process.exitCode = code === EXIT.usage ? EXIT.usage : EXIT.failed;
  },
});
