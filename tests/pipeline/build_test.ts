import { describe, expect, it } from "vitest";
import { buildPipeline } from "../../pipeline/build.ts";
import type { Context } from "../../pipeline/component.ts";
import { formatProblem } from "../../pipeline/config/problem.ts";
import { batch, keep, quiet, sourceOf } from "./_events.ts";
import { keepLog, planOf } from "./_plan.ts";

const broken = () => {
  throw new Error("the port is taken");
};

describe("buildPipeline", () => {
  it("names every stage that cannot be created", async () => {
    const plan = planOf({ sources: { a: broken }, transforms: [broken], sinks: { b: broken } });
    const { pipeline, problems } = await buildPipeline({ ...plan, file: "mon.jsonc" }, { log: keepLog() });
    expect(pipeline).toBeUndefined();
    expect(problems.map(formatProblem)).toEqual([
      'mon.jsonc: sinks.b: "test" cannot start: the port is taken',
      'mon.jsonc: transforms[0]: "test" cannot start: the port is taken',
      'mon.jsonc: sources.a: "test" cannot start: the port is taken',
    ]);
  });

  it("leaves out the name of an error that speaks for itself", async () => {
    class CannotCapture extends Error {
      override name = "CannotCapture";
    }
    const plan = planOf({
      sources: {
        a: () => {
          throw new CannotCapture("Not allowed to load eBPF programs.");
        },
      },
      sinks: { b: () => keep([]) },
    });
    const { problems } = await buildPipeline(plan, { log: keepLog() });
    expect(problems.map(formatProblem)).toEqual(['sources.a: "test" cannot start: Not allowed to load eBPF programs.']);
  });

  it("gives the position of a stage that cannot be created", async () => {
    const plan = planOf({ sources: { a: broken }, sinks: { b: () => keep([]) } });
    const sources = plan.sources.map((source) => ({ ...source, at: { line: 3, column: 7 } }));
    const { problems } = await buildPipeline({ ...plan, sources, file: "mon.jsonc" }, { log: keepLog() });
    expect(formatProblem(problems[0]!)).toMatch(/^mon\.jsonc:3:7: sources\.a: /);
  });

  it("tells the stages that were created to let go", async () => {
    let context: Context | undefined;
    const plan = planOf({
      sources: { a: broken },
      sinks: {
        b: (given) => {
          context = given;
          return keep([]);
        },
      },
    });
    await buildPipeline(plan, { log: keepLog() });
    expect(context?.signal.aborted).toBe(true);
  });

  it("refuses a factory that returns no stage", async () => {
    const plan = planOf({ sources: { a: () => 5 as never }, sinks: { b: () => "x" as never } });
    const { problems } = await buildPipeline(plan, { log: keepLog() });
    expect(problems.map(formatProblem)).toEqual([
      'sinks.b: "test" cannot start: TypeError: its create() returned something that is not a sink',
      'sources.a: "test" cannot start: TypeError: its create() returned something that is not a source',
    ]);
  });

  it("gives each factory its name, and a log that says whose words they are", async () => {
    const lines: string[] = [];
    const names: string[] = [];
    const note = (context: Context) => {
      names.push(context.name);
      context.log.warn("careful");
    };
    const plan = planOf({
      sources: { a: (context) => (note(context), sourceOf([])) },
      sinks: { b: (context) => (note(context), keep([])) },
    });
    await buildPipeline(plan, { log: keepLog(lines) });
    expect(names).toEqual(["b", "a"]);
    expect(lines).toEqual(["warn sinks.b: careful", "warn sources.a: careful"]);
  });

  it("makes a pipeline that runs once", async () => {
    const plan = planOf({ sources: { a: () => sourceOf([batch(1)]) }, sinks: { b: () => keep([]) } });
    const { pipeline } = await buildPipeline(plan, { log: keepLog() });
    await pipeline!.run();
    await expect(pipeline!.run()).rejects.toThrow("runs once");
  });

  it("makes a pipeline that stops when it is told to", async () => {
    const seen: (number | string)[] = [];
    const plan = planOf({ sources: { a: ({ signal }) => quiet(signal, batch(1)) }, sinks: { b: () => keep(seen) } });
    const { pipeline } = await buildPipeline(plan, { log: keepLog() });
    const run = pipeline!.run();
    pipeline!.stop();
    expect((await run).problems).toEqual([]);
    expect(seen).toEqual([1]);
  });

  it("begins with no source when it is told to stop before", async () => {
    const seen: (number | string)[] = [];
    const plan = planOf({ sources: { a: () => sourceOf([batch(1)]) }, sinks: { b: () => keep(seen) } });
    const { pipeline } = await buildPipeline(plan, { log: keepLog(), signal: AbortSignal.abort() });
    expect((await pipeline!.run()).problems).toEqual([]);
    expect(seen).toEqual([]);
  });
});
