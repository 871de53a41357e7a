/**
 * Runs a checked pipeline from start to exit code: signals, failures, what was dropped.
 *
 * @module
 */
import { statSync } from "node:fs";
import {
  buildPipeline,
  formatProblem,
  type Pipeline,
  type PipelinePlan,
  type PlanResult,
  type RunReport,
} from "../pipeline/mod.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { stderrLog } from "./_log.ts";
import { EACH_MS, hasRoom, type Progress, progress } from "./_progress.ts";
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
  /** A file that is read to its end: how far it is read is shown on a terminal. */
  readonly reads?: Reads | undefined;
}

/** A file that a source reads. */
export interface Reads {
  /** What is being done: `replay`. */
  readonly label: string;
  readonly path: string;
  /** The source's name in the plan; it sets `bytes_read`. */
  readonly source: string;
  /** Whether lines go to standard output meanwhile. */
  readonly writesLines: boolean;
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
  const { stdout, stderr, env } = context.process;
  const { reads } = options;
  using bar = reads !== undefined && hasRoom(stdout, stderr, reads.writesLines)
    ? progress(stderr, { label: reads.label, total: sizeOf(reads.path) })
    : undefined;
  const log = stderrLog(bar?.stderr ?? stderr, Boolean(env["NO_COLOR"]));
  for (const warning of plan.warnings ?? []) log.warn(formatProblem(warning));
  using signals = untilSignal(log);
  using uncaught = catchUncaught(log);
  const { stop } = options;
  const signal = stop === undefined ? signals.signal : AbortSignal.any([signals.signal, stop]);
  const { pipeline, problems } = await buildPipeline(plan, { log, signal });
  if (pipeline === undefined) throw new Failure(problems.map(formatProblem).join("\n"), codeOf(problems));
  if (options.greeting !== undefined && stderr.isTTY) log.info(options.greeting);
  using _drawing = bar && reads && drawing(bar, pipeline, reads.source);
  const report = await pipeline.run();
  bar?.done();
  for (const line of dropped(report)) log.warn(line);
  for (const line of fruitless(report)) log.info(line);
  if (uncaught.untold > 0) log.error(`${uncaught.untold} more failures outside of their stages`);
  const code = codeOf(report.problems) || (uncaught.count > 0 ? EXIT.failed : EXIT.ok);
  if (code === EXIT.machine && options.hint !== undefined) log.error(options.hint);
  return code;
}

/** Moves the bar as the source reads. */
function drawing(bar: Progress, pipeline: Pipeline, source: string): Disposable {
  const draw = () => {
    const node = pipeline.metrics().nodes.find(({ node }) => node === `sources.${source}`);
    bar.set(node?.gauges["bytes_read"] ?? 0);
  };
  const timer = setInterval(draw, EACH_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function sizeOf(path: string): number | undefined {
  try {
    return statSync(path).size || undefined;
  } catch {
    return undefined; // the source says what is wrong with it
  }
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
