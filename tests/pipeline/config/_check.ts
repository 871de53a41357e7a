/** A small set of components, and checks of pipeline texts that use them. */
import { z } from "zod";
import { defineSink, defineSource, defineTransform, path } from "../../../pipeline/component.ts";
import { parsePipeline } from "../../../pipeline/config/load.ts";
import type { PlanResult } from "../../../pipeline/config/plan.ts";
import { formatProblem } from "../../../pipeline/config/problem.ts";
import { Registry } from "../../../pipeline/registry.ts";
import { keep, sourceOf } from "../_events.ts";

const replay = defineSource({
  type: "replay",
  summary: "Reads a recording.",
  options: z.strictObject({
    path: path().describe("The recording."),
    speed: z.number().positive().optional(),
    repeat: z.int().min(1).max(10).default(1),
  }),
  create: () => sourceOf([]),
});

const filter = defineTransform({
  type: "filter",
  summary: "Leaves events out.",
  options: z.strictObject({ methods: z.array(z.string().min(1)).default([]) }),
  create: () => (input) => input,
});

const jsonl = defineSink({
  type: "jsonl",
  summary: "Writes lines.",
  options: z.strictObject({
    path: path(),
    raw: z.boolean().default(false),
    state: path().default("~/.state"),
    also: z.union([path(), z.array(path())]).optional(),
    labels: z.record(z.string(), z.string()).optional(),
    rotate: z.strictObject({
      size: z.int().min(1).optional(),
      every: z.enum(["hour", "day"]).optional(),
      dir: path().optional(),
    }).optional(),
  }),
  create: () => keep([]),
});

/** The components that the tests' pipelines name. */
export const registry: Registry = new Registry([replay, filter, jsonl]);

/** The environment of the tests' pipelines. */
export const env = { SPEED: "2.5", RAW: "true", EMPTY: "", DIR: "logs", WORD: "hunter2" };

/** Checks a text as `/cfg/mon.jsonc`. */
export function parse(text: string): Promise<PlanResult> {
  return parsePipeline(text, { registry, env, home: "/home/u", directory: "/cfg", file: "mon.jsonc" });
}

/** The problems of a text, as they are shown. */
export async function problemsOf(text: string): Promise<string[]> {
  return (await parse(text)).problems.map(formatProblem);
}

/** The text of a pipeline with one source, and one sink with the given members. */
export function withSink(members: string): string {
  return `{ "sources": { "a": { "type": "replay", "path": "x" } },\n  "sinks": { "b": {\n${members}\n} } }`;
}
