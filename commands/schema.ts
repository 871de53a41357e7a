/**
 * `mcpsonde schema`: the JSON Schema of pipeline files.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";

/** Prints the schema. */
export const schema: Command<CliContext> = buildCommand<Record<never, never>, [], CliContext>({
  docs: {
    brief: "Print the JSON Schema of pipeline files, for editors",
    fullDescription: `Prints the JSON Schema of pipeline files. An editor that knows it completes and checks them.

  mcpsonde schema > pipeline.schema.json        # then "$schema": "./pipeline.schema.json" in the pipeline file`,
  },
  parameters: {},
  async func() {
    const { builtins } = await import("../pipeline/builtins.ts");
    const { pipelineSchema } = await import("../pipeline/schema.ts");
    this.process.stdout.write(JSON.stringify(pipelineSchema(await builtins().list()), null, 2) + "\n");
  },
});
