/**
 * `mcpsonde`, the command that runs when none is named: watches MCP traffic, through a pipeline file or the default
 * pipeline.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { buildCommand, type Command } from "@stricli/core";
import type { PipelineConfig } from "../pipeline/config/plan.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { type FilterFlags, filterFlags, filterTransforms } from "./_filter.ts";
import {
  type CaptureFlags,
  captureFlags,
  captureOptions,
  type ShowFlags,
  showFlags,
  showOptions,
  STDOUT,
} from "./_flags.ts";
import { freeSocket } from "./_hooks.ts";
import { HINT, mustBeAbleToCapture } from "./_machine.ts";
import { type RedactFlags, redactFlags, redactTransforms } from "./_redact.ts";

interface Flags extends CaptureFlags, ShowFlags, FilterFlags, RedactFlags {
  readonly pipeline?: string;
  readonly out?: string;
}

const GREETING = "watching MCP on this machine, over stdio and HTTP; Ctrl-C stops and sums up";

/** Watches. */
export const monitor: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Watch the MCP traffic of this machine (what runs when no command is named)",
    fullDescription: `Watches the MCP traffic of this machine, or runs a pipeline file.

Without --pipeline: captures from the kernel, decodes HTTP and JSON-RPC, shows a line for each message, and with --out writes
all messages to a JSONL file too. Needs root, or CAP_BPF and CAP_PERFMON, for HTTPS CAP_SYS_PTRACE too. Listens besides for
what the sensors and proxies of the same user tell, unless another mcpsonde does or only some processes are asked for.

  sudo mcpsonde
  sudo mcpsonde --comm claude,cursor --verbose
  sudo mcpsonde --filter 'tool:search* latency>500ms'
  sudo mcpsonde --pid 4711 -o messages.jsonl
  sudo mcpsonde -o - | jq .method
  mcpsonde --pipeline mon.jsonc`,
    customUsage: ["[OPTIONS]", "--pipeline FILE"],
  },
  parameters: {
    flags: {
      pipeline: { kind: "parsed", parse: String, optional: true, placeholder: "FILE", brief: "Run this pipeline file" },
      out: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Write all messages to a JSONL file too; - shows only these",
      },
      ...filterFlags,
      ...redactFlags,
      ...showFlags,
      ...captureFlags,
    },
    aliases: { o: "out", v: "verbose", p: "pipeline" },
  },
  async func(flags) {
    const { builtins, loadPipeline, planPipeline } = await import("../pipeline/mod.ts");
    const { planned, runPlan } = await import("./_run_pipeline.ts");
    const registry = builtins();
    if (flags.pipeline !== undefined) {
      refuseOthers(flags);
      const plan = planned(await loadPipeline(flags.pipeline, { registry }));
      this.process.exitCode = await runPlan(plan, this);
      return;
    }
    await mustBeAbleToCapture(flags.libbpf);
    const plan = planned(
      await planPipeline(
        defaultPipeline(flags, await acceptedTools(this.process.env), await socketFor(flags, this.process.env)),
        { registry },
      ),
    );
    this.process.exitCode = await runPlan(plan, this, { greeting: GREETING, hint: HINT });
  },
});

/** The baseline's file, if `mcpsonde baseline accept` has made one. */
export async function acceptedTools(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const { defaultBaseline } = await import("../pipeline/baseline/file.ts");
  const path = defaultBaseline(env);
  return await stat(path).then(() => path, () => undefined);
}

/** Where to listen for sensors and proxies: nowhere if some processes only are wanted, as anybody may send. */
async function socketFor(flags: Flags, env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const { only, except } = captureOptions(flags);
  return only === undefined && except === undefined ? await freeSocket(env) : undefined;
}

/**
 * All that mcpsonde understands, to the console, and to a file with `--out`. A slow terminal may not hold up the file, nor
 * the ring. `baseline`: the file of the tools that were accepted; `socket`: where to listen for sensors and proxies.
 */
export function defaultPipeline(flags: Flags, baseline?: string, socket?: string): PipelineConfig {
  return {
    sources: {
      kernel: { type: "ebpf", ...captureOptions(flags) },
      ...(socket === undefined ? {} : { hooks: { type: "pipe", path: socket } }),
    },
    transforms: [
      { type: "http" },
      { type: "jsonrpc" },
      ...(socket === undefined ? [] : [{ type: "merge" }]),
      { type: "mcp" },
      { type: "detect", ...(baseline === undefined ? {} : { detectors: { tool_drift: { baseline } } }) },
      ...redactTransforms(flags),
      ...filterTransforms(flags),
    ],
    sinks: {
      ...(flags.out === STDOUT ? {} : { screen: { type: "console", when_full: "drop", ...showOptions(flags) } }),
      ...(flags.out === undefined ? {} : { file: { type: "jsonl", path: flags.out } }),
    },
  };
}

function refuseOthers(flags: Flags): void {
  const options = {
    ...captureOptions(flags),
    filter: flags.filter,
    redact: flags.redact ? undefined : false,
    out: flags.out,
    verbose: flags.verbose || undefined,
    tree: flags.tree || undefined,
    width: flags.width,
  };
  const other = Object.entries(options).find(([, value]) => value !== undefined)?.[0];
  if (other === undefined) return;
  throw new Failure(`--pipeline FILE holds all options itself: write "${other}" into ${flags.pipeline}`, EXIT.usage);
}
