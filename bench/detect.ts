/**
 * Processor time that all detectors together take of a message: `replay` → `jsonrpc` → `mcp` → `detect` through the engine, against the
 * same without `detect`. Each run is a process of its own, runs alternate, the best of each counts.
 * `deno run -A bench/detect.ts [--json]`; `--each` tells what each detector takes alone.
 */
import { join } from "node:path";
import { output, report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 500_000, ROUNDS = 4, MOST = 2;

interface Ran {
  /** Microseconds of processor time for a message: what others do on the machine changes it less than the clock's. */
  readonly micros: number;
  readonly findings: number;
}

async function run(capture: string, ...only: string[]): Promise<Ran> {
  const script = new URL("_detect_pipeline.ts", import.meta.url).pathname;
  return JSON.parse(await output(Deno.execPath(), "run", "-A", "--no-lock", "--quiet", script, capture, ...only));
}

const folder = await Deno.makeTempDir({ prefix: "mcpsonde-detect-" });
try {
  const capture = join(folder, "capture");
  const average = writeCapture(capture, MESSAGES);
  const best = { with: Infinity, without: Infinity };
  let findings = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const ran = await run(capture);
    findings = ran.findings;
    best.with = Math.min(best.with, ran.micros);
    best.without = Math.min(best.without, (await run(capture, "none")).micros);
  }
  const cost = best.with - best.without;
  report("detect", [{
    what: `All detectors, a message of ${Math.round(average)} bytes (${findings} findings in ${MESSAGES})`,
    measured: `+${cost.toFixed(2)} µs`,
    baseline: `${best.without.toFixed(2)} µs without`,
    target: `≤ ${MOST} µs`,
    ok: cost <= MOST,
  }]);
  if (Deno.args.includes("--each")) await each(capture, best.without);
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Prints what each detector takes alone, with the runner. */
async function each(capture: string, without: number): Promise<void> {
  const { DETECTORS } = await import("../transforms/detect/detectors.ts");
  for (const { name } of DETECTORS) {
    let least = Infinity;
    for (let round = 0; round < 3; round++) least = Math.min(least, (await run(capture, name)).micros - without);
    Deno.stdout.writeSync(new TextEncoder().encode(`${name.padEnd(24)} ${least.toFixed(2)} µs\n`));
  }
}
