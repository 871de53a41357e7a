/** Plans for tests, put together without a file. */
import { z } from "zod";
import type { BuildOptions, RunReport } from "../../pipeline/build.ts";
import { buildPipeline } from "../../pipeline/build.ts";
import { type Context, defineSink, defineSource, defineTransform, type Log } from "../../pipeline/component.ts";
import type { PipelinePlan, PlannedSink, PlannedStage } from "../../pipeline/config/plan.ts";
import type { Sink, Source, Transform } from "../../pipeline/stage.ts";

type Create<Stage> = (context: Context) => Stage | Promise<Stage>;

const options = z.strictObject({});
const summary = "For a test.";

/** A plan of stages that are made by the given functions. */
export function planOf(stages: {
  readonly sources: Record<string, Create<Source>>;
  readonly transforms?: readonly Create<Transform>[];
  readonly sinks: Record<string, Create<Sink>>;
  readonly sink?: Partial<Omit<PlannedSink, "transforms">> & { readonly transforms?: readonly Create<Transform>[] };
}): PipelinePlan {
  const transforms = (creates: readonly Create<Transform>[], at: string) =>
    creates.map((create, i) => {
      const path = `${at}transforms[${i}]`;
      return stage(
        path,
        path,
        defineTransform({ type: "test", summary, options, create: (_, context) => create(context) }),
      );
    });
  return {
    sources: Object.entries(stages.sources).map(([name, create]) =>
      stage(name, `sources.${name}`, defineSource({ type: "test", summary, options, create: (_, c) => create(c) }))
    ),
    transforms: transforms(stages.transforms ?? [], ""),
    sinks: Object.entries(stages.sinks).map(([name, create]) => ({
      ...stage(name, `sinks.${name}`, defineSink({ type: "test", summary, options, create: (_, c) => create(c) })),
      whenFull: "block" as const,
      queueEvents: 1,
      ...stages.sink,
      transforms: transforms(stages.sink?.transforms ?? [], `sinks.${name}.`),
    })),
  };
}

function stage<C extends PlannedStage["component"]>(name: string, path: string, component: C): PlannedStage<C> {
  return { name, path, type: "test", component, options: {} };
}

/** A log that keeps what it is told. */
export function keepLog(lines: string[] = []): Log {
  return {
    info: (message) => lines.push(`info ${message}`),
    warn: (message) => lines.push(`warn ${message}`),
    error: (message) => lines.push(`error ${message}`),
  };
}

/** Builds and runs a plan that can be built. */
export async function runPlan(plan: PipelinePlan, options: Partial<BuildOptions> = {}): Promise<RunReport> {
  const { pipeline, problems } = await buildPipeline(plan, { log: keepLog(), ...options });
  if (pipeline === undefined) throw new Error(`The plan cannot be built: ${problems.map((p) => p.message).join()}`);
  return await pipeline.run();
}
