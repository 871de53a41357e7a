/**
 * What happens on this machine now, on the screen: the default pipeline into a store in memory.
 *
 * @module
 */
import type { PipelineConfig } from "../../pipeline/config/plan.ts";
import type { MetricsSnapshot } from "../../pipeline/metrics.ts";
import { LocalFeed } from "../../pipeline/feed/local.ts";
import type { Retention } from "../../pipeline/store/retention.ts";
import { Store } from "../../pipeline/store/store.ts";
import type { CliContext } from "../_context.ts";
import { type CaptureFlags, captureOptions, STDOUT } from "../_flags.ts";
import type { RedactFlags } from "../_redact.ts";
import { Said } from "./said.ts";
import { showScreen } from "./screen.ts";

/** What is kept in memory; older calls go. */
const KEPT: Retention = { maxCalls: 20_000, maxBytes: 96 * 1024 * 1024 };

/** What is watched, and what is shown of it at first. */
export interface LiveFlags extends CaptureFlags, RedactFlags {
  readonly filter?: string | undefined;
}

/** Watches until the user has seen enough. Gives the exit code. */
export async function watchLive(flags: LiveFlags, context: CliContext): Promise<number> {
  const { HINT, mustBeAbleToCapture } = await import("../_machine.ts");
  await mustBeAbleToCapture(flags.libbpf);
  const { builtins, defineSink, planPipeline } = await import("../../pipeline/mod.ts");
  const { planned, runPlan } = await import("../_run_pipeline.ts");
  const { Keeper } = await import("../../sinks/serve/keeper.ts");
  const { z } = await import("zod");
  const store = await Store.open(":memory:");
  const stop = new AbortController();
  let counters: (() => MetricsSnapshot) | undefined;
  const registry = builtins();
  const built = new Promise<void>((resolve) => {
    registry.add(defineSink({
      type: "top",
      summary: "Shows what comes on the screen",
      options: z.strictObject({}),
      create: (_, sink) => {
        counters = sink.pipeline;
        resolve();
        return async (input) => {
          const keeper = new Keeper(store, KEPT, sink);
          for await (const batch of input) keeper.add(batch);
        };
      },
    }));
  });
  const said = new Said(context.process.stderr);
  const plan = planned(await planPipeline(await configOf(flags, context), { registry }));
  const process = { ...context.process, stderr: said };
  const running = runPlan(plan, { ...context, process }, { hint: HINT, stop: stop.signal });
  const ended = new AbortController();
  running.then(() => ended.abort(), () => ended.abort());
  try {
    await Promise.race([built, running]);
    if (!ended.signal.aborted) {
      const { acceptedTools } = await import("../monitor.ts");
      const baseline = await acceptedTools(context.process.env);
      const feed = new LocalFeed(store, { title: "this machine", health: counters, baseline });
      const onLog = (take: (line: string) => void) => said.divert(take);
      const { env } = context.process;
      await showScreen({ feed, mode: "live", env, filter: flags.filter, stop: ended.signal, onLog })
        .finally(() => feed.close());
    }
  } finally {
    said.release(ended.signal.aborted);
    stop.abort();
    await running.catch(() => {});
    store.close();
  }
  return await running;
}

async function configOf(flags: LiveFlags, context: CliContext): Promise<PipelineConfig> {
  const { acceptedTools, defaultPipeline } = await import("../monitor.ts");
  const { freeSocket } = await import("../_hooks.ts");
  const { only, except } = captureOptions(flags);
  const socket = only === undefined && except === undefined ? await freeSocket(context.process.env) : undefined;
  const show = { verbose: false, tree: false, summary: false, color: "never", out: STDOUT } as const;
  const accepted = await acceptedTools(context.process.env);
  const { filter: _, ...others } = flags; // it is the screen's, and may be taken off
  const { sources, transforms = [] } = defaultPipeline({ ...others, ...show }, accepted, socket);
  return { sources, transforms, sinks: { screen: { type: "top", when_full: "drop" } } };
}
