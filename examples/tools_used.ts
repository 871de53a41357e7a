/**
 * A tool of your own: who called which tools how often.
 *
 * `deno run -A examples/tools_used.ts bug.capture` reads a recording; without a file it watches this machine until
 * Ctrl-C (as root).
 *
 * @module
 */
import { buildPipeline, builtins, defineSink, formatProblem, type Log, planPipeline, z } from "../mod.ts";

const say = (line: string): void => void Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const complain = (line: string): void => void Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
const log: Log = { info: complain, warn: complain, error: complain };

const counts = new Map<string, number>();

/** The tool's own sink: a component like any other, which need not be in a file of its own. */
const countCalls = defineSink({
  type: "count_calls",
  summary: "Counts tool calls by client, server and tool.",
  options: z.strictObject({}),
  create: () => async (input) => {
    for await (const batch of input) {
      for (const event of batch) {
        if (event.kind !== "mcp" || event.type !== "request" || event.method !== "tools/call") continue;
        const { params, process, peer } = event;
        const tool = params !== null && typeof params === "object" && "name" in params ? params.name : "?";
        const key = `${process?.name ?? "?"} → ${peer?.name ?? "?"}: ${tool}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  },
});

async function main(file: string | undefined): Promise<number> {
  const { plan, problems } = await planPipeline({
    sources: { input: file === undefined ? { type: "ebpf" } : { type: "replay", path: file } },
    transforms: [{ type: "http" }, { type: "jsonrpc" }],
    sinks: { counts: { type: "count_calls" } },
  }, { registry: builtins().add(countCalls) });
  if (plan === undefined) return fail(problems.map(formatProblem));

  const built = await buildPipeline(plan, { log });
  if (built.pipeline === undefined) return fail(built.problems.map(formatProblem));
  Deno.addSignalListener("SIGINT", () => built.pipeline!.stop());

  const report = await built.pipeline.run();
  for (const [key, count] of [...counts].sort(([, a], [, b]) => b - a)) say(`${String(count).padStart(6)}  ${key}`);
  return report.problems.length === 0 ? 0 : 1;
}

function fail(lines: readonly string[]): number {
  lines.forEach(complain);
  return 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args[0]));
