import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineSink, defineSource, defineTransform } from "../../../pipeline/component.ts";
import { parsePipeline } from "../../../pipeline/config/load.ts";
import { formatProblem } from "../../../pipeline/config/problem.ts";
import { Registry } from "../../../pipeline/registry.ts";

const options = z.strictObject({});
const sink = (type: string, network?: boolean) =>
  defineSink({ type, summary: "", options, create: () => async () => {}, network });
const registry = new Registry([
  defineSource({ type: "none", summary: "", options, create: async function* () {} }),
  defineTransform({ type: "redact", summary: "", options, create: () => (input) => input }),
  sink("far", true),
  sink("near"),
]);

async function warnings(transforms: string, sinks: string): Promise<string[]> {
  const text = `{
  "sources": { "a": { "type": "none" } },
  "transforms": [${transforms}],
  "sinks": { ${sinks} }
}`;
  const { plan, problems } = await parsePipeline(text, { registry, file: "p.jsonc" });
  expect(problems).toEqual([]);
  return (plan?.warnings ?? []).map(formatProblem);
}

describe("warnings of a pipeline file", () => {
  it("tell of a sink that sends to other machines what nothing has redacted", async () => {
    expect(await warnings("", '"b": { "type": "near" }, "siem": { "type": "far" }')).toEqual([
      'p.jsonc:4:47: sinks.siem: secrets leave this machine: no { "type": "redact" } stands before this sink',
    ]);
  });
  it("are none if it is redacted, for all or for this sink", async () => {
    expect(await warnings('{ "type": "redact" }', '"siem": { "type": "far" }')).toEqual([]);
    expect(await warnings("", '"siem": { "type": "far", "transforms": [{ "type": "redact" }] }')).toEqual([]);
  });
  it("are none if all stays here", async () => {
    expect(await warnings("", '"b": { "type": "near" }')).toEqual([]);
  });
});
