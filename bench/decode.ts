/**
 * How fast a recorded capture becomes JSON lines: `replay` → `jsonrpc` → `jsonl` through the engine, against a plain loop
 * of TextDecoder, JSON.parse and JSON.stringify over the same events that writes the same bytes. Each run is a process
 * of its own on one core, runs alternate, the best of each counts. `deno run -A bench/decode.ts [--json]`
 */
import { join } from "node:path";
import { output, pinned, report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 1_000_000, ROUNDS = 5;

const folder = await Deno.makeTempDir({ prefix: "mcpsonde-decode-" });
try {
  const capture = join(folder, "capture");
  const average = writeCapture(capture, MESSAGES);
  const best = { pipeline: 0, plain: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const how of ["pipeline", "plain"] as const) {
      const script = new URL(`_decode_${how}.ts`, import.meta.url).pathname;
      const out = join(folder, `${how}.jsonl`);
      await Deno.remove(out).catch(() => {});
      const seconds = Number(await pinned(Deno.execPath(), "run", "-A", "--no-lock", "--quiet", script, capture, out));
      best[how] = Math.max(best[how], MESSAGES / seconds);
    }
    await output("cmp", join(folder, "pipeline.jsonl"), join(folder, "plain.jsonl"));
  }
  const ratio = best.pipeline / best.plain;
  const thousands = (rate: number) => `${Math.round(rate / 1000)},000/s`;
  report("decode", [
    {
      what: `Decode ${MESSAGES / 1e6} million messages of ${Math.round(average)} bytes to JSONL, one core`,
      measured: thousands(best.pipeline),
      baseline: thousands(best.plain),
      target: "≥ 700,000/s",
      ok: best.pipeline >= 700_000,
    },
    { what: "Decode against a plain loop", measured: `${ratio.toFixed(2)}×`, target: "≥ 2×", ok: ratio >= 2 },
  ]);
} finally {
  await Deno.remove(folder, { recursive: true });
}
