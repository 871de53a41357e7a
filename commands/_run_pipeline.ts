/**
 * Runs a checked pipeline from start to exit code: signals, failures, what was dropped.
 *
 * @module
 */
import { buildPipeline, formatProblem, type PipelinePlan, type PlanResult, type RunReport } from "../pipeline/mod.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { stderrLog } from "./_log.ts";
import { untilSignal } from "./_signals.ts";
import { catchUncaught } from "./_uncaught.ts";

/** How a pipeline is run. */
export interface RunPlanOptions {
  /** Said on a terminal once the stages exist. */
  readonly greeting?: string | undefined;
  /** Added when the machine cannot do what a source needs. */
  readonly hint?: string | undefined;
  /** Ends the run in good order, as a signal does. */
  readonly stop?: AbortSignal | undefined;
}

/**
 * The plan, if there is one.
 *
 * @throws {Failure} that lists every problem.
 */
export function planned(result: PlanResult): PipelinePlan {
  if (result.plan === undefined) throw new Failure(result.problems.map(formatProblem).join("\n"), EXIT.usage);
  return result.plan;
}

/**
 * Runs a plan until its sources end or a signal comes. Returns the exit code; each failure has been told by then.
 *
 * @throws {Failure} if a stage cannot start.
 */
export async function runPlan(plan: PipelinePlan, context: CliContext, options: RunPlanOptions = {}): Promise<number> {
  const { stderr, env } = context.process;
  const log = stderrLog(stderr, Boolean(env["NO_COLOR"]));
  for (const warning of plan.warnings ?? []) log.warn(formatProblem(warning));
  using signals = untilSignal(log);
  using uncaught = catchUncaught(log);
  const { stop } = options;
  const signal = stop === undefined ? signals.signal : AbortSignal.any([signals.signal, stop]);
  const { pipeline, problems } = await buildPipeline(plan, { log, signal });
  if (pipeline === undefined) throw new Failure(problems.map(formatProblem).join("\n"), codeOf(problems));
  if (options.greeting !== undefined && stderr.isTTY) log.info(options.greeting);
  const report = await pipeline.run();
  for (const line of dropped(report)) log.warn(line);
  for (const line of fruitless(report)) log.info(line);
  if (uncaught.untold > 0) log.error(`${uncaught.untold} more failures outside of their stages`);
  const code = codeOf(report.problems) || (uncaught.count > 0 ? EXIT.failed : EXIT.ok);
  if (code === EXIT.machine && options.hint !== undefined) log.error(options.hint);
  return code;
}

function codeOf(problems: RunReport["problems"]): number {
  if (problems.length === 0) return EXIT.ok;
  return problems.some(({ cause }) => cause instanceof Error && cause.name === "CannotCapture")
    ? EXIT.machine
    : EXIT.failed;
}

/** Filters that let nothing pass: it may be a mistake. */
function fruitless(report: RunReport): string[] {
  return report.metrics.nodes.filter(({ received, dropped }) => received > 0 && dropped["filtered"] === received)
    .map(({ node, received }) => `${node}: none of ${received} events matched the filter`);
}

/** Reasons why events are dropped as the user wants them to be. */
const WANTED = new Set(["filtered", "sampled"]);

function dropped(report: RunReport): string[] {
  return report.metrics.nodes.flatMap((node) =>
    Object.entries(node.dropped).filter(([reason, events]) => events > 0 && !WANTED.has(reason)).map((
      [reason, events],
    ) => `${node.node}: ${events} events dropped (${reason})`)
  );
}
