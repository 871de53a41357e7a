/**
 * `mcpsonde proxy --http URL`: stands before a server until Ctrl-C.
 *
 * @module
 */
import { builtins, type PipelineConfig, planPipeline } from "../../pipeline/mod.ts";
import type { CliContext } from "../_context.ts";
import { planned, runPlan } from "../_run_pipeline.ts";
import type { ProxyFlags } from "./flags.ts";
import { defaultPipeline } from "./pipeline.ts";
import { policyOf } from "./policy.ts";

/** Proxies; returns the exit code. Messages are shown on standard output, which is ours here. */
export async function proxyHttp(url: string, flags: ProxyFlags, context: CliContext): Promise<number> {
  const policy = await policyOf(flags);
  const source: PipelineConfig["sources"][string] = {
    type: "http_proxy",
    url: /^\w+:\/\//.test(url) ? url : `http://${url}`,
    ...(flags.listen === undefined ? {} : { listen: flags.listen }),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.allowHost === undefined ? {} : { allow_hosts: flags.allowHost }),
    ...(flags.allowOrigin === undefined ? {} : { allow_origins: flags.allowOrigin }),
    ...(policy === undefined ? {} : { policy }),
  };
  const { sources, transforms = [], sinks } = await defaultPipeline(source, flags, policy, context.process.env);
  const file = flags.out === undefined && "file" in sinks ? {} : sinks;
  const config: PipelineConfig = {
    sources,
    transforms: [{ type: "http" }, ...transforms],
    sinks: { screen: { type: "console", when_full: "drop" }, ...file },
  };
  return await runPlan(planned(await planPipeline(config, { registry: builtins() })), context);
}
