/**
 * The demo where nothing can be captured: a recording of the same session, made on another machine.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { builtins, planPipeline } from "../pipeline/mod.ts";
import type { CliContext } from "./_context.ts";
import { planned, runPlan } from "./_run_pipeline.ts";

const SAMPLE = fileURLToPath(new URL("../examples/demo.capture", import.meta.url));

/** Says why, and shows the recording. */
export async function recorded(context: CliContext, reason: string): Promise<number> {
  context.process.stderr.write(
    `${reason}\nSo this is a recording: a real client and server, captured elsewhere with mcpsonde record.\n\n`,
  );
  const plan = planned(
    await planPipeline({
      sources: { sample: { type: "replay", path: SAMPLE, speed: "real" } },
      transforms: [{ type: "http" }, { type: "jsonrpc" }],
      sinks: { screen: { type: "console" } },
    }, { registry: builtins() }),
  );
  return await runPlan(plan, context);
}
