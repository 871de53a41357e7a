/**
 * `mcpsonde replay FILE`: shows a recorded capture as if it happened now.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { type FilterFlags, filterFlags, filterTransforms } from "./_filter.ts";
import { type ShowFlags, showFlags, showOptions, STDOUT } from "./_flags.ts";
import { type RedactFlags, redactFlags, redactTransforms } from "./_redact.ts";

interface Flags extends ShowFlags, FilterFlags, RedactFlags {
  readonly out?: string;
  readonly speed: "max" | "real";
}

/** Replays. */
export const replay: Command<CliContext> = buildCommand<Flags, [string], CliContext>({
  docs: {
    brief: "Show a recorded capture, or turn it into JSONL",
    fullDescription:
      `Decodes what mcpsonde record wrote, and shows it or, with --out, also writes it as JSONL. Needs no rights.

  mcpsonde replay bug.capture --verbose
  mcpsonde replay bug.capture --filter 'status:(error|tool_error)'
  mcpsonde replay bug.capture -o bug.jsonl
  mcpsonde replay bug.capture -o - | jq .method`,
  },
  parameters: {
    positional: { kind: "tuple", parameters: [{ parse: String, placeholder: "FILE", brief: "The recorded capture" }] },
    flags: {
      out: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Write all messages to a JSONL file too; - shows only these",
      },
      speed: { kind: "enum", values: ["max", "real"], default: "max", brief: "real keeps the times between messages" },
      ...filterFlags,
      ...redactFlags,
      ...showFlags,
    },
    aliases: { o: "out", v: "verbose" },
  },
  async func(flags, file) {
    const { builtins, planPipeline } = await import("../pipeline/mod.ts");
    const { planned, runPlan } = await import("./_run_pipeline.ts");
    const plan = planned(
      await planPipeline({
        sources: { file: { type: "replay", path: file, speed: flags.speed } },
        transforms: [
          { type: "http" },
          { type: "jsonrpc" },
          { type: "mcp" },
          { type: "detect" },
          ...redactTransforms(flags),
          ...filterTransforms(flags),
        ],
        sinks: {
          ...(flags.out === STDOUT ? {} : { screen: { type: "console", ...showOptions(flags) } }),
          ...(flags.out === undefined ? {} : { out: { type: "jsonl", path: flags.out } }),
        },
      }, { registry: builtins() }),
    );
    const reads = { label: "replay", path: file, source: "file", writesLines: true };
    this.process.exitCode = await runPlan(plan, this, { reads });
  },
});
