/**
 * `mcpsonde redact --try FILE`: shows what redaction does to a capture.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { Event } from "../pipeline/event.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";

interface Flags {
  readonly try: string;
  readonly pipeline?: string;
  readonly rules?: string;
  readonly examples: number;
  readonly reveal: boolean;
  readonly color: "auto" | "always" | "never";
}

const MOST_EXAMPLES = 1000;

/** Tries redaction. */
export const redact: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "Show what redaction does to a recorded capture",
    fullDescription:
      `Runs the rules of redact over a capture, or over a file with one JSON-RPC message a line, and shows how often each rule
and each built-in kind hides something, with examples. Without --rules and --pipeline: the built-in set. Needs no rights.

  mcpsonde redact --try bug.capture
  mcpsonde redact --try bug.capture --rules rules.jsonc      { "rules": [{ "key": "customer*", "action": "hash" }] }
  mcpsonde redact --try bug.capture --pipeline mon.jsonc     those of its first redact`,
  },
  parameters: {
    flags: {
      try: { kind: "parsed", parse: String, placeholder: "FILE", brief: "The recorded capture, or lines of messages" },
      pipeline: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Take the rules of this pipeline file",
      },
      rules: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Take the options of redact in this file",
      },
      examples: {
        kind: "parsed",
        parse: examples,
        default: "2",
        placeholder: "N",
        brief: "How many examples of each are shown",
      },
      reveal: { kind: "boolean", default: false, withNegated: false, brief: "Show what is hidden, whole" },
      color: { kind: "enum", values: ["auto", "always", "never"], default: "auto", brief: "When to colour" },
    },
    aliases: { p: "pipeline", r: "rules", n: "examples" },
  },
  async func(flags) {
    const { ofFile, ofPipeline } = await import("./_redact_try/rules.ts");
    const { Trial } = await import("./_redact_try/trial.ts");
    const { report } = await import("./_redact_try/text.ts");
    const { compilePolicy } = await import("../transforms/redact/policy.ts");
    const { options: defaults } = await import("../transforms/redact/options.ts");
    const { pipeline, rules, reveal } = flags;
    if (pipeline !== undefined && rules !== undefined) {
      throw new Failure("--pipeline and --rules both say what the rules are: give one of them", EXIT.usage);
    }
    const options = pipeline !== undefined
      ? await ofPipeline(pipeline)
      : rules !== undefined
      ? await ofFile(rules)
      : await defaults.parseAsync({});
    const trial = new Trial(await compilePolicy(options), flags.examples);
    const code = await run(flags.try, (event) => trial.add(event), this);
    const { palette } = await import("../sinks/console/palette.ts");
    const { hasColours } = await import("../sinks/console/terminal.ts");
    const { outputColumns, WIDEST } = await import("./_table.ts");
    const { stdout, env } = this.process;
    const terminal = { isTTY: stdout.isTTY, columns: () => undefined, env: (name: string) => env[name] };
    const names = options.rules.map(({ name }, k) => name ?? `rules[${k}]`);
    const look = {
      paint: palette(hasColours(flags.color, terminal)),
      columns: stdout.isTTY ? outputColumns() : WIDEST,
      reveal,
    };
    stdout.write(report(trial, names, look));
    this.process.exitCode = code;
  },
});

/** Sends what is in the file through the transforms that stand before redact. */
async function run(path: string, take: (event: Event) => void, context: CliContext): Promise<number> {
  const { builtins, defineSink, planPipeline } = await import("../pipeline/mod.ts");
  const { planned, runPlan } = await import("./_run_pipeline.ts");
  const { z } = await import("zod");
  const { isLines, lines } = await import("./_redact_try/lines.ts");
  const registry = builtins().add(lines).add(defineSink({
    type: "trial",
    summary: "Tries rules",
    options: z.strictObject({}),
    create: () => async (input) => {
      for await (const batch of input) for (const event of batch) take(event);
    },
  }));
  const type = await isLines(path) ? lines.type : "replay";
  const plan = await planPipeline({
    sources: { file: { type, path } },
    transforms: [{ type: "http" }, { type: "jsonrpc" }, { type: "mcp" }, { type: "detect" }],
    sinks: { trial: { type: "trial" } },
  }, { registry });
  return await runPlan(planned(plan), context);
}

function examples(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > MOST_EXAMPLES) {
    throw new RangeError(`expected a whole number from 0 to ${MOST_EXAMPLES}`);
  }
  return number;
}
