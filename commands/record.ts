/**
 * `mcpsonde record -o FILE`: keeps the raw bytes that a session exchanged, so that it can be replayed.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { type CaptureFlags, captureFlags, captureOptions } from "./_flags.ts";
import { HINT, mustBeAbleToCapture } from "./_machine.ts";

interface Flags extends CaptureFlags {
  readonly out: string;
}

/** Records. */
export const record: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Record the raw bytes of MCP sessions, for mcpsonde replay",
    fullDescription:
      `Captures from the kernel and writes the chunks as they are, undecoded, to a file that mcpsonde replay reads. The file
holds what the peers said, secrets included.

  sudo mcpsonde record -o bug.capture
  sudo mcpsonde record -o bug.capture --comm claude`,
  },
  parameters: {
    flags: {
      out: { kind: "parsed", parse: String, placeholder: "FILE", brief: "Where to write the capture" },
      ...captureFlags,
    },
    aliases: { o: "out" },
  },
  async func(flags) {
    await mustBeAbleToCapture(flags.libbpf);
    const { builtins, planPipeline } = await import("../pipeline/mod.ts");
    const { planned, runPlan } = await import("./_run_pipeline.ts");
    const plan = planned(
      await planPipeline({
        sources: { kernel: { type: "ebpf", ...captureOptions(flags) } },
        sinks: { file: { type: "record", path: flags.out } },
      }, { registry: builtins() }),
    );
    const greeting = `recording MCP to ${flags.out}; Ctrl-C stops`;
    this.process.exitCode = await runPlan(plan, this, { greeting, hint: HINT });
  },
});
