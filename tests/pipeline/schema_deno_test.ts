/** The JSON Schema, judged by a validator as editors have one. */
import { type Schema, Validator } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import { builtins } from "../../pipeline/builtins.ts";
import { planPipeline } from "../../pipeline/config/load.ts";
import type { PipelineConfig } from "../../pipeline/config/plan.ts";
import { exampleOf } from "../../pipeline/reference.ts";
import { pipelineSchema } from "../../pipeline/schema.ts";
import { registry } from "./config/_check.ts";

const validator = new Validator(pipelineSchema(await registry.list()) as Schema, "2020-12", false);

function accepts(sink: Record<string, unknown>, rest: Record<string, unknown> = {}): boolean {
  const config = { sources: { a: { type: "replay", path: "x" } }, sinks: { b: sink }, ...rest };
  return validator.validate(config).valid;
}

describe("the JSON Schema of pipeline files", () => {
  it.each([
    [{ type: "jsonl", path: "x" }],
    [{ type: "jsonl", path: "x", raw: true, rotate: { size: 5, every: "day" }, labels: { a: "b" } }],
    [{ type: "jsonl", path: "${DIR}/x", raw: "${RAW}", rotate: { size: "${SIZE:-5}", every: "${file:every}" } }],
    [{ type: "jsonl", path: "x", when_full: "drop", queue_events: "${N}", transforms: [{ type: "filter" }] }],
    [{ type: "./my_sink.ts", anything: 5, when_full: "drop" }],
    [{ type: "npm:my-sink@1", anything: 5 }],
  ])("accepts %j", (sink) => {
    expect(accepts(sink)).toBe(true);
  });

  it.each([
    [{}],
    [{ path: "x" }],
    [{ type: "jsonl" }],
    [{ type: "jsonl", path: 5 }],
    [{ type: "jsonl", path: "x", pth: "y" }],
    [{ type: "jsonl", path: "x", raw: "yes" }],
    [{ type: "jsonl", path: "x", rotate: { every: "days" } }],
    [{ type: "jsonl", path: "x", rotate: { size: 0 } }],
    [{ type: "jsonl", path: "x", when_full: "dorp" }],
    [{ type: "jsonl", path: "x", transforms: [{ type: "jsonl", path: "x" }] }],
    [{ type: "./my_sink.ts", when_full: "dorp" }],
    [{ type: "replay", path: "x" }],
    [{ type: "my_sink.ts" }],
  ])("refuses %j", (sink) => {
    expect(accepts(sink)).toBe(false);
  });

  it("refuses unknown keys and bad names", () => {
    const sink = { type: "jsonl", path: "x" };
    expect(accepts(sink, { $schema: "./pipeline.schema.json", transforms: [] })).toBe(true);
    expect(accepts(sink, { transform: [] })).toBe(false);
    expect(accepts(sink, { sources: {} })).toBe(false);
    expect(accepts(sink, { sources: { "a b": { type: "replay", path: "x" } } })).toBe(false);
  });
});

const real = builtins();
const components = await real.list();

describe("the example of every built-in component", () => {
  const valid = new Validator(pipelineSchema(components) as Schema, "2020-12", false);

  it.each(components.map((component) => [component.kind, component.type, component] as const))(
    "is valid: %s %s",
    async (kind, _type, component) => {
      const stage = exampleOf(component);
      const config: PipelineConfig = {
        sources: { a: kind === "source" ? stage : { type: "replay", path: "x" } },
        transforms: kind === "transform" ? [stage] : [],
        sinks: { b: kind === "sink" ? stage : { type: "console" } },
      };
      expect((await planPipeline(config, { registry: real })).problems).toEqual([]);
      expect(valid.validate(config).errors).toEqual([]);
    },
  );
});
