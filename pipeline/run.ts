/**
 * Runs a pipeline whose stages exist: wires them up, keeps failures apart, and sees to an orderly end.
 *
 * @module
 */
import { Boundary, type Sides } from "./_boundary.ts";
import { breathe } from "./_breathe.ts";
import type { Failures } from "./_failures.ts";
import { Stoppable } from "./_stoppable.ts";
import type { PlannedSink, PlannedStage } from "./config/plan.ts";
import type { Batch } from "./event.ts";
import { fanOut } from "./fan_out.ts";
import { merge } from "./merge.ts";
import type { NodeMetrics } from "./metrics.ts";
import { queue } from "./queue.ts";
import type { Sink, Source, Transform } from "./stage.ts";

/** A stage that exists, with its plan and its counters. */
export interface Node<Stage, Planned extends PlannedStage = PlannedStage> {
  readonly plan: Planned;
  readonly stage: Stage;
  readonly metrics: NodeMetrics;
}

/** A sink and the transforms before it. */
export interface SinkNode extends Node<Sink, PlannedSink> {
  readonly transforms: readonly Node<Transform>[];
}

/** Every stage of a pipeline. */
export interface Nodes {
  readonly sources: readonly Node<Source>[];
  readonly transforms: readonly Node<Transform>[];
  readonly sinks: readonly SinkNode[];
}

/** What a run needs besides the stages. */
export interface RunOptions {
  readonly failures: Failures;
  /** Aborted by the owner to stop the sources, and by the run once there is no one left to read from them. */
  readonly controller: AbortController;
  /** How long a source may take to stop, in milliseconds. */
  readonly stopMs: number;
}

/** Resolves when the sources have ended and the sinks have finished. Failures go to `failures`; it never rejects. */
export async function run(nodes: Nodes, options: RunOptions): Promise<void> {
  const { failures, controller, stopMs } = options;
  const stoppables: Stoppable[] = [];
  const sources = nodes.sources.map(({ plan, stage, metrics }) => {
    const onError = (error: unknown) => failures.note(plan, metrics, error);
    const onLate = () => void onError(new Error(`it did not stop within ${stopMs} ms and was left behind`));
    return attempt(() => {
      const stoppable = new Stoppable(stage, { signal: controller.signal, stopMs, onLate });
      stoppables.push(stoppable);
      return stoppable;
    }, { up: metrics, fromSource: true, onError });
  });
  const merged = chain(breathe(merge(sources)), nodes.transforms, failures);
  await fanOut(merged, nodes.sinks.map((node) => runSink(node, failures))).catch(() => {}); // all noted already
  controller.abort();
  await Promise.all(stoppables.map((stoppable) => stoppable.finished));
}

/** One sink with its queue and its own transforms, as one sink that never rejects. */
function runSink({ plan, stage, metrics, transforms }: SinkNode, failures: Failures): Sink {
  return async (input) => {
    try {
      const onDrop = (events: number) => metrics.dropped("when_full", events);
      const queued = plan.whenFull === "drop"
        ? queue({ limit: plan.queueEvents, name: plan.path, onDrop })(input)
        : input;
      await stage(new Boundary(chain(queued, transforms, failures), { down: metrics, toSink: true }));
    } catch (error) {
      failures.note(plan, metrics, error);
    }
  };
}

/** The input through transforms, each between two boundaries. */
function chain(input: AsyncIterable<Batch>, nodes: readonly Node<Transform>[], failures: Failures) {
  return nodes.reduce((stream, { plan, stage, metrics }) => {
    const onError = (error: unknown) => failures.note(plan, metrics, error);
    return attempt(() => stage(new Boundary(stream, { down: metrics })), { up: metrics, onError });
  }, input);
}

/** A boundary below what `make` makes; making it may throw too. */
function attempt(
  make: () => AsyncIterable<Batch>,
  sides: Sides & { readonly onError: NonNullable<Sides["onError"]> },
): AsyncIterable<Batch> {
  try {
    return new Boundary(make(), sides);
  } catch (error) {
    return of([sides.onError(error)]);
  }
}

async function* of(batch: Batch): AsyncGenerator<Batch> {
  yield batch;
}
