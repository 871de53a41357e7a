/**
 * What the engine costs an event: two sources, two transforms and two sinks, with counters and failure handling,
 * against one loop that does the same work. `deno run -A bench/engine.ts [--json]`
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
import { report } from "./_bench.ts";
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

/** The same work without the engine: two functions called for each event, and two counts, in one loop. */
async function plain(): Promise<number> {
  const t = performance.now();
  const same = (event: Event): Event | undefined => event;
  let a = 0;
  let b = 0;
  for await (const batch of batches(BATCHES)) {
    const once = batch.map(same);
    const twice = once.map((event) => same(event!));
    a += twice.length;
    b += twice.length;
  }
  if (a !== b) throw new Error("The loop lost events");
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

let loop = Infinity;
let whole = Infinity;
for (let round = 0; round < ROUNDS; round++) {
  loop = Math.min(loop, await plain());
  whole = Math.min(whole, await engine());
}

report("engine", [{
  what: `Engine: an event through 2 sources, 2 transforms and 2 sinks, in batches of ${BATCH}`,
  measured: `${whole.toFixed(1)} ns (${(whole / loop).toFixed(1)} times)`,
  baseline: `${loop.toFixed(1)} ns, one for-await loop`,
  target: "≤ 50 ns",
  ok: whole <= 50,
}]);
