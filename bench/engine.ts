/**
 * What the engine costs an event: two sources, two transforms and two sinks, with counters and failure handling,
 * against a bare `for await` over the same batches in the same run. `deno run -A bench/engine.ts [--json]`
 *
 * @module
 */
import { z } from "zod";
import {
  buildPipeline,
  defineSink,
  defineSource,
  defineTransform,
  mapEvents,
  type PipelinePlan,
} from "../pipeline/mod.ts";
import type { Batch, Event } from "../pipeline/event.ts";

const BATCH = 256;
const BATCHES = 20_000;
const ROUNDS = 5;

const event: Event = { kind: "gap", time: 0, source: "bench", reason: "bench", message: "Nothing." };
const batch: Batch = Array.from({ length: BATCH }, () => ({ ...event }));

async function* batches(count: number): AsyncGenerator<Batch> {
  for (let i = 0; i < count; i++) yield batch;
}

async function count(input: AsyncIterable<Batch>): Promise<number> {
  let n = 0;
  for await (const batch of input) n += batch.length;
  return n;
}

const options = z.strictObject({});
const source = defineSource({ type: "bench", summary: "", options, create: () => batches(BATCHES / 2) });
const transform = defineTransform({ type: "bench", summary: "", options, create: () => mapEvents((event) => event) });
const sink = defineSink({
  type: "bench",
  summary: "",
  options,
  create: () => async (input) => void await count(input),
});

const at = (path: string) => ({ name: path, path, type: "bench", options: {} });
const plan: PipelinePlan = {
  sources: [{ ...at("sources.a"), component: source }, { ...at("sources.b"), component: source }],
  transforms: [{ ...at("transforms[0]"), component: transform }, { ...at("transforms[1]"), component: transform }],
  sinks: ["sinks.a", "sinks.b"].map((path) => ({
    ...at(path),
    component: sink,
    transforms: [],
    whenFull: "block",
    queueEvents: 1,
  })),
};
const silent = { info() {}, warn() {}, error() {} };

async function plain(): Promise<number> {
  const t = performance.now();
  await count(batches(BATCHES));
  return (performance.now() - t) * 1e6 / (BATCHES * BATCH);
}

async function engine(): Promise<number> {
  const { pipeline } = await buildPipeline(plan, { log: silent });
  const t = performance.now();
  const { metrics } = await pipeline!.run();
  const ns = (performance.now() - t) * 1e6 / (BATCHES * BATCH);
  const sent = metrics.nodes.at(-1)?.sent;
  if (sent !== BATCHES * BATCH) throw new Error(`The engine lost events: ${sent}`);
  return ns;
}

let plainNs = Infinity;
let engineNs = Infinity;
for (let round = 0; round < ROUNDS; round++) {
  plainNs = Math.min(plainNs, await plain());
  engineNs = Math.min(engineNs, await engine());
}

const result = {
  bench: "engine",
  batch: BATCH,
  plain_ns_per_event: Number(plainNs.toFixed(2)),
  engine_ns_per_event: Number(engineNs.toFixed(2)),
  ratio: Number((engineNs / plainNs).toFixed(1)),
};
// deno-lint-ignore no-console
console.log(
  Deno.args.includes("--json")
    ? JSON.stringify(result)
    : `engine: ${result.engine_ns_per_event} ns an event through 2 sources, 2 transforms and 2 sinks in batches of ${BATCH}; ` +
      `a bare for-await ${result.plain_ns_per_event} ns; ratio ${result.ratio}`,
);
