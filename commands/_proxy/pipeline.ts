/**
 * What looks at the messages that a proxy moves.
 *
 * @module
 */
import { dirname } from "node:path";
import {
  buildPipeline,
  builtins,
  formatProblem,
  loadPipeline,
  type PipelineConfig,
  type PipelinePlan,
  planPipeline,
} from "../../pipeline/mod.ts";
import type { PolicyConfig } from "../../pipeline/policy/mod.ts";
import { processContext } from "../_context.ts";
import { EXIT, Failure } from "../_exit.ts";
import { filterTransforms } from "../_filter.ts";
import { stderrLog } from "../_log.ts";
import { redactTransforms } from "../_redact.ts";
import { planned } from "../_run_pipeline.ts";
import { defaultFile, listeningSocket, makeRoom, ROTATION } from "./destination.ts";
import type { ProxyFlags } from "./flags.ts";

/** A pipeline file that was read before the server is started, as it may hold a policy. */
export interface Prepared {
  readonly plan: PipelinePlan;
  readonly name: string | undefined;
  readonly policy: PolicyConfig | undefined;
  readonly queueBytes: number;
}

/** Reads and checks a pipeline file that has a source for the server. */
export async function prepare(path: string): Promise<Prepared> {
  const plan = planned(await loadPipeline(path, { registry: builtins() }));
  const source = plan.sources.find(({ type, options }) => type === "stdio" && options["command"] === undefined);
  if (source === undefined) {
    throw new Failure(
      `${path} has no source { "type": "stdio" } without a command, for the one given here`,
      EXIT.usage,
    );
  }
  const { name, policy, queue_bytes } = source.options as {
    readonly name?: string;
    readonly policy?: PolicyConfig;
    readonly queue_bytes: number;
  };
  return { plan, name, policy, queueBytes: queue_bytes };
}

/** What to look with. */
export interface LookOptions {
  readonly flags: ProxyFlags;
  readonly name: string | undefined;
  readonly policy: PolicyConfig | undefined;
  readonly prepared: Prepared | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs the pipeline until the server's bytes have ended. What fails is told on standard error. */
export async function look({ flags, name, policy, prepared, env }: LookOptions): Promise<void> {
  const { process } = processContext();
  const log = stderrLog(process.stderr, Boolean(env["NO_COLOR"]));
  const plan = prepared?.plan ?? planned(
    await planPipeline(
      await defaultPipeline({ type: "stdio", ...(name === undefined ? {} : { name }) }, flags, policy, env),
      {
        registry: builtins(),
      },
    ),
  );
  for (const warning of plan.warnings ?? []) log.warn(formatProblem(warning));
  const { pipeline, problems } = await buildPipeline(plan, { log });
  if (pipeline === undefined) throw new Failure(problems.map(formatProblem).join("\n"));
  await pipeline.run();
}

/** To a mcpsonde that listens, else to a file. */
export async function defaultPipeline(
  source: PipelineConfig["sources"][string],
  flags: ProxyFlags,
  policy: PolicyConfig | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PipelineConfig> {
  const socket = flags.out === undefined ? await listeningSocket(env) : undefined;
  const path = flags.out ?? defaultFile(env, flags.name);
  const own = socket === undefined && flags.out === undefined;
  if (own) await makeRoom(dirname(path));
  // a mcpsonde that listens follows sessions and judges itself
  const lean = socket !== undefined && source.type === "stdio" && flags.filter === undefined;
  const judging = [
    { type: "mcp" },
    ...(policy === undefined ? [] : [{ type: "policy", ...policy, enforced: true }]),
    { type: "detect" },
  ];
  return {
    sources: { server: source },
    transforms: [
      { type: "jsonrpc" },
      ...(lean ? [] : judging),
      ...redactTransforms(flags),
      ...filterTransforms(flags),
    ],
    sinks: socket === undefined
      ? { file: { type: "jsonl", path, ...(own ? ROTATION : {}) } }
      : { mcpsonde: { type: "pipe", path: socket } },
  };
}
