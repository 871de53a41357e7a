/**
 * `mcpsonde validate FILE`: checks a pipeline file without running it.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";

/** Checks a file. */
export const validate: Command<CliContext> = buildCommand<Record<never, never>, [string], CliContext>({
  docs: {
    brief: "Check a pipeline file, and name every mistake in it",
    fullDescription:
      `Checks a pipeline file without running it: its syntax, the types and options of every stage, plug-ins (they are
loaded), \${ENV} and \${file:…}. Every mistake is told with its line and column. Exits with 2 if there is one.

  mcpsonde validate mon.jsonc`,
  },
  parameters: {
    positional: { kind: "tuple", parameters: [{ parse: String, placeholder: "FILE", brief: "The pipeline file" }] },
  },
  async func(_flags, file) {
    const { builtins, loadPipeline } = await import("../pipeline/mod.ts");
    const { formatProblem } = await import("../pipeline/config/problem.ts");
    const { planned } = await import("./_run_pipeline.ts");
    const { sources, transforms, sinks, warnings } = planned(await loadPipeline(file, { registry: builtins() }));
    for (const warning of warnings ?? []) this.process.stderr.write(`mcpsonde: warning: ${formatProblem(warning)}\n`);
    const named = (stages: readonly { readonly type: string }[]) => stages.map(({ type }) => type).join(", ");
    const flow = [sources, transforms, sinks].filter((stages) => stages.length > 0).map(named).join(" → ");
    this.process.stdout.write(`${file}: right (${flow})\n`);
  },
});
