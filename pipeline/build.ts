/**
 * From a checked plan to a pipeline that is ready to run.
 *
 * @module
 */
import type { Log } from "./component.ts";
import type { PipelinePlan } from "./config/plan.ts";
import type { Problem } from "./config/problem.ts";
import type { MetricsSnapshot } from "./metrics.ts";

/** What {@linkcode buildPipeline} needs besides the plan. */
export interface BuildOptions {
  /** Where stages, and the engine when a stage fails, say what an operator should know. */
  readonly log: Log;
  /** Abort it to shut down gracefully: sources stop, what is in flight reaches the sinks, the sinks finish. */
  readonly signal?: AbortSignal | undefined;
  /** How long a source may take to stop after the abort. @default {5000} */
  readonly stopMs?: number | undefined;
}

/** How a run ended. */
export interface RunReport {
  /** Every stage that failed, in the order of failing; each was logged as an error when it happened. */
  readonly problems: readonly Problem[];
  readonly metrics: MetricsSnapshot;
}

/** A pipeline whose stages have been created. */
export interface Pipeline {
  readonly plan: PipelinePlan;
  /** The counters now. Cheap; at any time. */
  metrics(): MetricsSnapshot;
  /** Runs until the sources have ended or the signal is aborted, and the sinks have finished. Never rejects. Once only. */
  run(): Promise<RunReport>;
  /** Shuts down gracefully, as the signal does. */
  stop(): void;
}

/** A pipeline, or every reason why there is none. */
export interface BuildResult {
  /** Present if and only if there are no problems. */
  readonly pipeline?: Pipeline | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Creates every stage of a plan, sinks first. Factories that fail are named together; whatever was created before is
 * told to let go through its context's signal.
 */
export function buildPipeline(_plan: PipelinePlan, _options: BuildOptions): Promise<BuildResult> {
  return Promise.resolve({ problems: [{ path: "", message: "not implemented yet" }] });
}
