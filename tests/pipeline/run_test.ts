import { describe, expect, it } from "vitest";
import { formatProblem } from "../../pipeline/config/problem.ts";
import type { GapEvent } from "../../pipeline/event.ts";
import { mapEvents } from "../../pipeline/map_events.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { batch, event, keep, quiet, sleep, sourceOf } from "./_events.ts";
import { keepLog, planOf, runPlan } from "./_plan.ts";

async function* failingSource() {
  yield batch(1);
  throw new Error("unplugged");
}

const failingTransform = mapEvents((event) => {
  if (event.time === 2) throw new TypeError("event.foo is not a function");
  return event;
});

describe("a running pipeline", () => {
  it("brings the events of all sources through all transforms to all sinks", async () => {
    const a: (number | string)[] = [];
    const b: (number | string)[] = [];
    const add = mapEvents((old) => event(old.time + 1));
    const report = await runPlan(planOf({
      sources: { x: () => sourceOf([batch(1, 2)]), y: () => sourceOf([batch(3)]) },
      transforms: [() => add, () => add],
      sinks: { a: () => keep(a), b: () => keep(b) },
    }));
    expect(report.problems).toEqual([]);
    expect(a.sort()).toEqual([3, 4, 5]);
    expect(b.sort()).toEqual([3, 4, 5]);
  });

  it("gives a sink the result of its own transforms", async () => {
    const seen: (number | string)[] = [];
    const odd = mapEvents((event) => event.time % 2 === 1 ? event : undefined);
    await runPlan(planOf({
      sources: { x: () => sourceOf([batch(1, 2, 3)]) },
      sinks: { a: () => keep(seen) },
      sink: { transforms: [() => odd] },
    }));
    expect(seen).toEqual([1, 3]);
  });

  it("names a source that throws, tells the sinks, and goes on with the others", async () => {
    const seen: (number | string)[] = [];
    const lines: string[] = [];
    const plan = planOf({
      sources: { bad: failingSource, good: () => sourceOf([batch(5), batch(6), batch(7)]) },
      sinks: { a: () => keep(seen) },
    });
    const report = await runPlan({ ...plan, file: "mon.jsonc" }, { log: keepLog(lines) });
    expect(report.problems.map(formatProblem)).toEqual(['mon.jsonc: sources.bad: "test" failed: unplugged']);
    expect(lines).toEqual(['error mon.jsonc: sources.bad: "test" failed: unplugged']);
    expect(seen.filter((n) => typeof n === "number").sort()).toEqual([1, 5, 6, 7]);
    expect(seen.filter((n) => typeof n === "string")).toEqual(["source_failed"]);
    expect(report.metrics.nodes[0]!.errors).toEqual({ failed: 1 });
  });

  it("names a transform that throws, and ends with what came before it and a gap", async () => {
    const gaps: GapEvent[] = [];
    const seen: (number | string)[] = [];
    const noting: Sink = async (input) => {
      for await (const batch of input) {
        for (const event of batch) {
          if (event.kind === "gap" && event.reason !== "test") gaps.push(event);
          else seen.push(event.time);
        }
      }
      seen.push("finished");
    };
    const report = await runPlan(planOf({
      sources: { a: ({ signal }) => quiet(signal), b: () => sourceOf([batch(1), batch(2), batch(3)]) },
      transforms: [() => mapEvents((event) => event), () => failingTransform],
      sinks: { a: () => noting },
    }));
    expect(seen).toEqual([1, "finished"]);
    expect(gaps[0]!.reason).toBe("transform_failed");
    expect(gaps[0]!.message).toContain("transforms[1] failed");
    expect(report.problems.map((problem) => problem.path)).toEqual(["transforms[1]"]);
  });

  it("names a transform that throws before it returns a stream", async () => {
    const seen: (number | string)[] = [];
    const report = await runPlan(planOf({
      sources: { a: () => sourceOf([batch(1)]) },
      transforms: [() => () => {
        throw new Error("no such thing");
      }],
      sinks: { a: () => keep(seen) },
    }));
    expect(seen).toEqual(["transform_failed"]);
    expect(report.problems.map(formatProblem)).toEqual(['transforms[0]: "test" failed: no such thing']);
  });

  it("keeps a sink's failing transform from the other sinks", async () => {
    const a: (number | string)[] = [];
    const b: (number | string)[] = [];
    const plan = planOf({
      sources: { a: () => sourceOf([batch(1), batch(2), batch(3)]) },
      sinks: { a: () => keep(a), b: () => keep(b) },
    });
    const other = planOf({ sources: {}, sinks: { a: () => keep(a) }, sink: { transforms: [() => failingTransform] } });
    const report = await runPlan({ ...plan, sinks: [other.sinks[0]!, plan.sinks[1]!] });
    expect(a).toEqual([1, "transform_failed"]);
    expect(b).toEqual([1, 2, 3]);
    expect(report.problems.map((problem) => problem.path)).toEqual(["sinks.a.transforms[0]"]);
  });

  it("names a sink that fails, and goes on with the others", async () => {
    const seen: (number | string)[] = [];
    const report = await runPlan(planOf({
      sources: { a: () => sourceOf([batch(1), batch(2)]) },
      sinks: { bad: () => () => Promise.reject(new Error("disk full")), good: () => keep(seen) },
    }));
    expect(seen).toEqual([1, 2]);
    expect(report.problems.map(formatProblem)).toEqual(['sinks.bad: "test" failed: disk full']);
  });

  it("ends when every sink has left, although the sources are quiet", async () => {
    let aborted = false;
    const report = await runPlan(planOf({
      sources: {
        a: ({ signal }) => {
          signal.addEventListener("abort", () => aborted = true);
          return quiet(signal);
        },
      },
      transforms: [() => mapEvents((event) => event)],
      sinks: { a: () => () => Promise.resolve() },
    }));
    expect(report.problems).toEqual([]);
    expect(aborted).toBe(true);
  });

  it("on abort lets sources deliver what they have, and sinks finish", async () => {
    const stop = new AbortController();
    const seen: (number | string)[] = [];
    const slow: Sink = async (input) => {
      for await (const batch of input) {
        await sleep(5);
        seen.push(...batch.map((event) => event.time));
      }
      seen.push("finished");
    };
    const run = runPlan(
      planOf({
        sources: { a: ({ signal }) => quiet(signal, batch(8, 9)), b: () => sourceOf([batch(1)]) },
        sinks: { a: () => slow },
        sink: { whenFull: "drop", queueEvents: 100 },
      }),
      { signal: stop.signal },
    );
    await sleep(1);
    stop.abort();
    expect((await run).problems).toEqual([]);
    expect(seen).toEqual([1, 8, 9, "finished"]);
  });

  it("leaves a source behind that does not stop, and names it", async () => {
    const stop = new AbortController();
    const seen: (number | string)[] = [];
    const run = runPlan(
      planOf({
        sources: {
          async *deaf() {
            yield batch(1);
            await new Promise(() => {});
          },
          async *greedy() {
            for (;;) yield batch(2);
          },
        },
        sinks: { a: () => keep(seen) },
      }),
      { signal: stop.signal, stopMs: 50 },
    );
    await sleep(5);
    stop.abort();
    const { problems } = await run;
    expect(problems.map(formatProblem)).toEqual([
      'sources.deaf: "test" failed: it did not stop within 50 ms and was left behind',
      'sources.greedy: "test" failed: it did not stop within 50 ms and was left behind',
    ]);
    expect(seen).toContain(1);
  });

  it("names a stage that yields something other than an array of events", async () => {
    const report = await runPlan(planOf({
      sources: { a: () => sourceOf([event(1) as never]) },
      sinks: { a: () => keep([]) },
    }));
    expect(report.problems.map(formatProblem)).toEqual([
      'sources.a: "test" failed: TypeError: It yielded something that is not an array of events',
    ]);
  });

  it("counts what a sink that may drop has dropped", async () => {
    const seen: (number | string)[] = [];
    const slow: Sink = async (input) => {
      await sleep(5);
      await keep(seen)(input);
    };
    const report = await runPlan(planOf({
      sources: { a: () => sourceOf([batch(1, 2), batch(3, 4), batch(5)]) },
      sinks: { a: () => slow },
      sink: { whenFull: "drop", queueEvents: 3 },
    }));
    expect(seen).toEqual([1, 2, 3, "when_full"]);
    expect(report.metrics.nodes.at(-1)!.dropped).toEqual({ when_full: 2 });
  });
});
