/**
 * From a checked plan to a pipeline that is ready to run.
 *
 * @module
 */
import { Failures, stageProblem } from "./_failures.ts";
import type { Log } from "./component.ts";
import type { PipelinePlan, PlannedStage } from "./config/plan.ts";
import type { Problem } from "./config/problem.ts";
import { type MetricsSnapshot, NodeMetrics } from "./metrics.ts";
import { type Node, type Nodes, run, type SinkNode } from "./run.ts";
import type { Sink, Source, Transform } from "./stage.ts";

/** What {@linkcode buildPipeline} needs besides the plan. */
export interface BuildOptions {
  /** Where stages, and the engine when a stage fails, say what an operator should know. */
  readonly log: Log;
  /** Abort it to shut down gracefully: sources stop, what is in flight reaches the sinks, the sinks finish. */
  readonly signal?: AbortSignal | undefined;
  /** How long a source may take to stop after the abort, in milliseconds. @default {5000} */
  readonly stopMs?: number | undefined;
}

/** How a run ended. */
export interface RunReport {
  /** Every stage that failed, in the order of failing; each was logged as an error when it happened. */
  readonly problems: readonly Problem[];
  /** The final counters. */
  readonly metrics: MetricsSnapshot;
}

/** A pipeline whose stages have been created. */
export interface Pipeline {
  /** What it was built from. */
  readonly plan: PipelinePlan;
  /** The counters now. Cheap; at any time. */
  metrics(): MetricsSnapshot;
  /**
   * Runs until the sources have ended or the signal is aborted, and the sinks have finished. Never rejects.
   *
   * @throws {TypeError} if called again.
   */
  run(): Promise<RunReport>;
  /** Shuts down gracefully, as the signal does. */
  stop(): void;
}

/** A pipeline, or every reason why there is none. */
export interface BuildResult {
  /** Present if and only if there are no problems. */
  readonly pipeline?: Pipeline | undefined;
  /** In the order of building: sinks, transforms, sources. */
  readonly problems: readonly Problem[];
}

/**
 * Creates every stage of a plan, sinks first. Factories that fail are named together; whatever was created before is
 * told to let go through its context's signal.
 */
export async function buildPipeline(plan: PipelinePlan, options: BuildOptions): Promise<BuildResult> {
  const pipeline: { built?: Pipeline } = {};
  const builtAt = performance.now();
  const counters = () =>
    pipeline.built?.metrics() ?? { time: Date.now(), uptime_ms: performance.now() - builtAt, nodes: [] };
  const factory = new Factory(plan.file, options.log, counters);
  const controller = new AbortController();
  const stop = () => controller.abort();
  if (options.signal?.aborted) stop();
  else options.signal?.addEventListener("abort", stop, { signal: controller.signal });

  const sinks: SinkNode[] = [];
  for (const sink of plan.sinks) {
    const transforms = await factory.createAll<Transform>(sink.transforms, controller.signal);
    for (const node of await factory.createAll<Sink, typeof sink>([sink], controller.signal)) {
      sinks.push({ ...node, transforms });
    }
  }
  const transforms = await factory.createAll<Transform>(plan.transforms, controller.signal);
  const sources = await factory.createAll<Source>(plan.sources, controller.signal);
  if (factory.problems.length > 0) {
    stop();
    return { problems: factory.problems };
  }
  pipeline.built = new Built(plan, { sources, transforms, sinks }, controller, options, builtAt);
  return { pipeline: pipeline.built, problems: [] };
}

/** Creates stages, and notes which could not be created. */
class Factory {
  readonly problems: Problem[] = [];
  readonly #file: string | undefined;
  readonly #log: Log;
  readonly #counters: () => MetricsSnapshot;

  constructor(file: string | undefined, log: Log, counters: () => MetricsSnapshot) {
    this.#file = file;
    this.#log = log;
    this.#counters = counters;
  }

  async createAll<Stage, Planned extends PlannedStage = PlannedStage>(
    plans: readonly Planned[],
    signal: AbortSignal,
  ): Promise<Node<Stage, Planned>[]> {
    const nodes: Node<Stage, Planned>[] = [];
    for (const plan of plans) {
      const metrics = new NodeMetrics(plan.path, plan.type);
      const log = prefixed(this.#log, plan.path);
      try {
        const stage = await plan.component.create(plan.options, {
          name: plan.name,
          signal,
          log,
          metrics,
          pipeline: this.#counters,
        });
        if (!isStage(plan.component.kind, stage)) {
          throw new TypeError(`its create() returned something that is not a ${plan.component.kind}`);
        }
        nodes.push({ plan, stage: stage as Stage, metrics });
      } catch (error) {
        this.problems.push(stageProblem(plan, this.#file, "cannot start", error));
      }
    }
    return nodes;
  }
}

class Built implements Pipeline {
  readonly plan: PipelinePlan;
  readonly #nodes: Nodes;
  readonly #controller: AbortController;
  readonly #options: BuildOptions;
  readonly #builtAt: number;
  #running = false;

  constructor(
    plan: PipelinePlan,
    nodes: Nodes,
    controller: AbortController,
    options: BuildOptions,
    builtAt: number,
  ) {
    this.plan = plan;
    this.#nodes = nodes;
    this.#controller = controller;
    this.#options = options;
    this.#builtAt = builtAt;
  }

  metrics(): MetricsSnapshot {
    const { sources, transforms, sinks } = this.#nodes;
    const nodes = [...sources, ...transforms, ...sinks.flatMap((sink) => [...sink.transforms, sink])];
    return {
      time: Date.now(),
      uptime_ms: performance.now() - this.#builtAt,
      nodes: nodes.map((node) => node.metrics.snapshot()),
    };
  }

  async run(): Promise<RunReport> {
    if (this.#running) throw new TypeError("A pipeline runs once");
    this.#running = true;
    const failures = new Failures(this.plan.file, this.#options.log);
    const stopMs = this.#options.stopMs ?? 5000;
    await run(this.#nodes, { failures, controller: this.#controller, stopMs });
    return { problems: failures.problems, metrics: this.metrics() };
  }

  stop(): void {
    this.#controller.abort();
  }
}

function isStage(kind: "source" | "transform" | "sink", stage: unknown): boolean {
  if (kind !== "source") return typeof stage === "function";
  return typeof stage === "object" && stage !== null && Symbol.asyncIterator in stage;
}

function prefixed(log: Log, path: string): Log {
  return {
    info: (message) => log.info(`${path}: ${message}`),
    warn: (message) => log.warn(`${path}: ${message}`),
    error: (message) => log.error(`${path}: ${message}`),
  };
}
