/**
 * `mcpsonde doctor`: what this machine has, what each source can do here, and the fix for what is wrong.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { EXIT } from "./_exit.ts";

/** One line of the report. `warn`: works, but less well than it could. */
export interface Check {
  readonly name: string;
  readonly ok: boolean | "warn";
  readonly found: string;
  /** What to do about it; absent when all is well. */
  readonly fix?: string;
}

/** Reports on the machine. */
export const doctor: Command<CliContext> = buildCommand<Record<never, never>, [], CliContext>({
  docs: {
    brief: "Show what this machine allows, and the fix for what is missing",
    fullDescription:
      `Looks at everything that capture depends on, loads the eBPF programs for a moment, and says what each source can
do here. Exits with 3 if capture from the kernel cannot work.

  sudo mcpsonde doctor`,
  },
  parameters: {},
  async func() {
    const { examine, report } = await import("./_doctor.ts");
    const findings = await examine();
    const { stdout, env } = this.process;
    stdout.write(report(findings, stdout.isTTY && !env["NO_COLOR"]));
    if (findings.kernel.some((check) => check.ok === false)) this.process.exitCode = EXIT.machine;
  },
});
