/** One run for bench/detect.ts: CAPTURE through the engine, with detectors (all, or those that are named) or `none`. */
import { type Batch, buildPipeline, builtins, defineSink, planPipeline } from "../pipeline/mod.ts";
import process from "node:process";
import { z } from "zod";

const [capture, ...only] = Deno.args as [string, ...string[]];
let messages = 0, findings = 0;

function count(batch: Batch): void {
  for (const { kind } of batch) {
    if (kind === "mcp") messages++;
    else if (kind === "finding") findings++;
  }
}

const nothing = defineSink({
  type: "nothing",
  summary: "Takes everything and does nothing with it",
  options: z.strictObject({}),
  create: () => async (input) => {
    for await (const batch of input) count(batch);
  },
});
const detect = only[0] === "none" ? [] : [{ type: "detect", ...(only.length > 0 && { only }) }];
const { plan, problems } = await planPipeline({
  sources: { file: { type: "replay", path: capture } },
  transforms: [{ type: "jsonrpc" }, { type: "mcp" }, ...detect],
  sinks: { nothing: { type: "nothing" } },
}, { registry: builtins().add(nothing) });
if (plan === undefined) throw new Error(JSON.stringify(problems));
const { pipeline } = await buildPipeline(plan, { log: { info() {}, warn() {}, error: fail } });
const started = process.cpuUsage();
const report = await pipeline!.run();
const { user, system } = process.cpuUsage(started);
if (report.problems.length > 0) throw new Error(JSON.stringify(report.problems));
Deno.stdout.writeSync(
  new TextEncoder().encode(JSON.stringify({ micros: (user + system) / messages, messages, findings })),
);

function fail(message: string): never {
  throw new Error(message);
}
