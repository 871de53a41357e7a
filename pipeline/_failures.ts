/**
 * How a stage that fails is named.
 *
 * @module
 */
import type { Log } from "./component.ts";
import type { PlannedStage } from "./config/plan.ts";
import { formatProblem, type Problem } from "./config/problem.ts";
import type { GapEvent } from "./event.ts";
import type { NodeMetrics } from "./metrics.ts";

/** Errors whose message is a sentence for people: their names say nothing more. */
const SENTENCES: ReadonlySet<string> = new Set(["Error", "CannotCapture", "PluginError", "Failure"]);

/** What was thrown, in words and without a stack. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(describeError).join("; ");
  if (!(error instanceof Error)) return String(error);
  const name = SENTENCES.has(error.name) ? "" : `${error.name}: `;
  return `${name}${error.message}` || "an error without a message";
}

/** The problem with one stage of a plan: a plug-in is named by its specifier. */
export function stageProblem(stage: PlannedStage, file: string | undefined, doing: string, cause: unknown): Problem {
  const message = `"${stage.type}" ${doing}: ${describeError(cause)}`;
  return { file, at: stage.at, path: stage.path, message, cause };
}

/** Collects the failures of one run, and tells of each when it happens. */
export class Failures {
  /** In the order of failing. */
  readonly problems: Problem[] = [];
  readonly #file: string | undefined;
  readonly #log: Log;

  /** For the stages of a plan of this file. */
  constructor(file: string | undefined, log: Log) {
    this.#file = file;
    this.#log = log;
  }

  /** Notes that a stage threw while running; returns the event that says so to the sinks. */
  note(stage: PlannedStage, metrics: NodeMetrics, error: unknown): GapEvent {
    const problem = stageProblem(stage, this.#file, "failed", error);
    this.problems.push(problem);
    metrics.error("failed");
    this.#log.error(formatProblem(problem));
    const kind = stage.component.kind;
    return {
      kind: "gap",
      time: Date.now(),
      source: stage.name,
      reason: `${kind}_failed`,
      message: `The ${kind} ${stage.path} failed, and nothing passes it from here on: ${describeError(error)}`,
    };
  }
}
