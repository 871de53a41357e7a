/** One run for bench/decode.ts: CAPTURE to OUT through the engine. Prints seconds. */
import { buildPipeline, builtins, planPipeline } from "../pipeline/mod.ts";

const [capture, out] = Deno.args as [string, string];
const { plan } = await planPipeline({
  sources: { file: { type: "replay", path: capture } },
  transforms: [{ type: "jsonrpc" }],
  sinks: { out: { type: "jsonl", path: out } },
}, { registry: builtins() });
const { pipeline } = await buildPipeline(plan!, { log: { info() {}, warn: fail, error: fail } });
const started = performance.now();
const { problems } = await pipeline!.run();
const seconds = (performance.now() - started) / 1000;
if (problems.length > 0) throw new Error(JSON.stringify(problems));
Deno.stdout.writeSync(new TextEncoder().encode(String(seconds)));

function fail(message: string): never {
  throw new Error(message);
}
