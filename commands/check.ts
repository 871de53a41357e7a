/**
 * `mcpsonde check CAPTURE`: looks for what is hostile, leaking or stuck in a recorded capture, for CI.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { Event, PipelinePlan } from "../pipeline/mod.ts";
import type { FailOn, Report } from "./_check/report.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import deno from "../deno.json" with { type: "json" };

const FORMATS = ["text", "sarif", "junit", "json"] as const;
const THRESHOLDS = ["info", "low", "medium", "high", "critical", "never"] as const satisfies readonly FailOn[];

interface Flags {
  readonly format: typeof FORMATS[number];
  readonly failOn: FailOn;
  readonly out?: string;
  readonly pipeline?: string;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

const detectors = { optional: true, variadic: ",", placeholder: "DETECTOR", proposeCompletions: names } as const;

/** Checks. */
export const check: Command<CliContext> = buildCommand<Flags, [string], CliContext>({
  docs: {
    brief: "Find what is hostile, leaking or stuck in a recorded capture",
    fullDescription:
      `Runs the detectors over a capture and reports what they find, by severity. Secrets are redacted. Needs no rights.

Exits with ${EXIT.found} if a finding is as bad as --fail-on, with 0 if none is. With --out the report goes to a file, and if that
is not in text, the text is shown as well.

  mcpsonde check bug.capture
  mcpsonde check bug.capture --format sarif -o mcpsonde.sarif --fail-on medium
  mcpsonde check bug.capture --only tool_drift,hung_call
  mcpsonde check bug.capture --pipeline guard.jsonc     its transforms, with the capture as the source

mcpsonde components detect lists the detectors.`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, placeholder: "CAPTURE", brief: "The recorded capture" }],
    },
    flags: {
      format: { kind: "enum", values: FORMATS, default: "text", brief: "How to report" },
      failOn: { kind: "enum", values: THRESHOLDS, default: "high", brief: "The mildest finding that fails the check" },
      out: { kind: "parsed", parse: String, optional: true, placeholder: "FILE", brief: "Write the report to a file" },
      pipeline: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Use the transforms of this pipeline file",
      },
      only: { kind: "parsed", parse: String, ...detectors, brief: "Run these detectors only" },
      except: { kind: "parsed", parse: String, ...detectors, brief: "Leave these detectors out" },
    },
    aliases: { o: "out", p: "pipeline", f: "format" },
  },
  async func(flags, capture) {
    const { DETECTORS } = await import("../transforms/detect/detectors.ts");
    const { Collector } = await import("./_check/collector.ts");
    const { runPlan } = await import("./_run_pipeline.ts");
    const collector = new Collector(DETECTORS);
    const plan = await planOf(flags, capture, collector);
    const code = await runPlan(plan, this, {
      reads: { label: "check", path: capture, source: "capture", writesLines: false },
    });
    const report = collector.report({
      capture,
      version: deno.version,
      failOn: flags.failOn,
      complete: code === EXIT.ok,
    });
    const { stdout, env } = this.process;
    const text = async (isTerminal: boolean) => {
      const { palette } = await import("../sinks/console/palette.ts");
      const { hasColours } = await import("../sinks/console/terminal.ts");
      const { outputColumns, WIDEST } = await import("./_table.ts");
      const { text } = await import("./_check/text.ts");
      const terminal = { isTTY: isTerminal, columns: () => undefined, env: (name: string) => env[name] };
      return text(report, palette(hasColours("auto", terminal)), isTerminal ? outputColumns() : WIDEST);
    };
    const { out, format } = flags;
    const written = format === "text" ? await text(out === undefined && stdout.isTTY) : await formatted(report, format);
    if (out === undefined) stdout.write(written);
    else {
      await write(out, written);
      if (format !== "text") stdout.write(await text(stdout.isTTY));
    }
    this.process.exitCode = code !== EXIT.ok ? code : report.failed ? EXIT.found : EXIT.ok;
  },
});

interface Taker {
  add(event: Event): void;
}

/** The capture, through the default transforms or those of a file, to the collector. */
async function planOf(flags: Flags, capture: string, collector: Taker): Promise<PipelinePlan> {
  const { builtins, defineSink, loadPipeline, planPipeline } = await import("../pipeline/mod.ts");
  const { planned } = await import("./_run_pipeline.ts");
  const { z } = await import("zod");
  const { pipeline, only, except } = flags;
  const registry = builtins().add(defineSink({
    type: "report",
    summary: "Collects findings for a report",
    options: z.strictObject({}),
    create: () => async (input) => {
      for await (const batch of input) for (const event of batch) collector.add(event);
    },
  }));
  const ends = { sources: { capture: { type: "replay", path: capture } }, sinks: { report: { type: "report" } } };
  if (pipeline === undefined) {
    await mustBeDetectors([...only ?? [], ...except ?? []]);
    const detect = { type: "detect", ...(only && { only }), ...(except && { except }) };
    const transforms = [
      { type: "http" },
      { type: "jsonrpc" },
      { type: "mcp" },
      detect,
      { type: "redact" },
    ];
    return planned(await planPipeline({ ...ends, transforms }, { registry }));
  }
  if (only !== undefined || except !== undefined) {
    throw new Failure(`--pipeline FILE holds all options itself: write only or except into ${pipeline}`, EXIT.usage);
  }
  const file = planned(await loadPipeline(pipeline, { registry }));
  const has = (type: string) => file.transforms.some(({ component }) => component.type === type);
  if (!has("detect")) {
    throw new Failure(`${pipeline} has no detect among its transforms: nothing is judged`, EXIT.usage);
  }
  const { sources, transforms, sinks } = planned(
    await planPipeline({ ...ends, transforms: has("redact") ? [] : [{ type: "redact" }] }, { registry }),
  );
  return { ...file, sources, transforms: [...file.transforms, ...transforms], sinks };
}

async function formatted(report: Report, format: "sarif" | "junit" | "json"): Promise<string> {
  switch (format) {
    case "sarif":
      return (await import("./_check/sarif.ts")).sarif(report);
    case "junit":
      return (await import("./_check/junit.ts")).junit(report);
    case "json":
      return (await import("./_check/json.ts")).json(report);
  }
}

/** Writes a file that only its owner may read, like all that holds what peers said. */
async function write(path: string, text: string): Promise<void> {
  const { rm, stat, writeFile } = await import("node:fs/promises");
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (error) {
    // half a report is worse than none
    if ((await stat(path).catch(() => undefined))?.isFile()) await rm(path, { force: true }).catch(() => {});
    throw new Failure(`the report cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function mustBeDetectors(given: readonly string[]): Promise<void> {
  const { expectedOneOf } = await import("../pipeline/config/nearest.ts");
  const known = await names("");
  const wrong = given.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new Failure(`no detector "${wrong}"; ${expectedOneOf(wrong, known)}`, EXIT.usage);
}

async function names(partial: string): Promise<string[]> {
  const { DETECTORS } = await import("../transforms/detect/detectors.ts");
  return DETECTORS.map(({ name }) => name).filter((name) => name.startsWith(partial));
}
