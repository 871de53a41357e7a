/** One run for bench/redact.ts: CAPTURE to OUT through the engine, by WHAT: `none`, `redact`, `mcp` or `mcp+redact`. Prints seconds. */
import { buildPipeline, builtins, planPipeline } from "../pipeline/mod.ts";

const [capture, out, what] = Deno.args as [string, string, string];
const { plan } = await planPipeline({
  sources: { file: { type: "replay", path: capture } },
  transforms: [
    { type: "jsonrpc" },
    ...(what.startsWith("mcp") ? [{ type: "mcp" }] : []),
    ...(what.endsWith("redact") ? [{ type: "redact", hash_key: "a key for the bench" }] : []),
  ],
  sinks: { out: { type: "jsonl", path: out } },
}, { registry: builtins() });
const { pipeline } = await buildPipeline(plan!, { log: { info() {}, warn: fail, error: fail } });
const started = performance.now();
const { problems, metrics } = await pipeline!.run();
const seconds = (performance.now() - started) / 1000;
if (problems.length > 0) throw new Error(JSON.stringify(problems));
const redacted = metrics.nodes.find(({ type }) => type === "redact")?.gauges["redacted"] ?? 0;
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ seconds, redacted })));

function fail(message: string): never {
  throw new Error(message);
}
