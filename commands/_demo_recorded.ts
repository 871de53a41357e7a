/**
 * The demo where nothing can be captured: a recording of the same sessions, made on another machine.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtins, planPipeline } from "../pipeline/mod.ts";
import type { CliContext } from "./_context.ts";
import { credentialSeen } from "./_demo_credential.ts";
import { EXIT } from "./_exit.ts";
import { filterTransforms } from "./_filter.ts";
import { planned, runPlan } from "./_run_pipeline.ts";

const SAMPLE = fileURLToPath(new URL("../examples/demo.capture", import.meta.url));

const INTRO = `So this is a recording: a real client and real servers over stdio, HTTP and HTTPS, captured
elsewhere with mcpsonde record.\n\n`;

/** Says why, and shows the recording. */
export async function recorded(context: CliContext, reason: string, filter?: string): Promise<number> {
  const { stderr } = context.process;
  stderr.write(`${reason}\n${INTRO}`);
  const folder = await Deno.makeTempDir({ prefix: "mcpsonde-demo-" });
  try {
    const path = join(folder, "messages.jsonl");
    const plan = planned(
      await planPipeline({
        sources: { sample: { type: "replay", path: SAMPLE, speed: "real" } },
        transforms: [
          { type: "http" },
          { type: "jsonrpc" },
          { type: "mcp" },
          { type: "detect" },
          { type: "redact" },
          ...filterTransforms({ filter }),
        ],
        sinks: { screen: { type: "console" }, file: { type: "jsonl", path } },
      }, { registry: builtins() }),
    );
    const code = await runPlan(plan, context);
    if (code === EXIT.ok) stderr.write(await credentialSeen(path));
    return code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
