/**
 * The `otlp` sink: calls as traces and metrics, findings, gaps and what sensors tell as logs, to any receiver of OTLP.
 *
 * @module
 */
import process from "node:process";
import deno from "../../deno.json" with { type: "json" };
import { type Context, defineSink, type SinkComponent } from "../../pipeline/component.ts";
import { deliverySink } from "../../pipeline/delivery/mod.ts";
import { lookUpProcess } from "../../pipeline/local_process.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { OtlpCourier } from "./courier.ts";
import { ENCODINGS } from "./encoding.ts";
import { hostAttributes, ownAttributes } from "./host.ts";
import { type Options, options } from "./options.ts";
import { settingsOf } from "./settings.ts";

/** Sends. */
const component: SinkComponent<typeof options> = defineSink({
  type: "otlp",
  summary: "Sends calls as traces and metrics, and findings as logs, to OpenTelemetry receivers",
  network: true,
  options,
  create: (options, context) => otlpSink(options, context),
});
export default component;

async function otlpSink(options: Options, context: Context): Promise<Sink> {
  const { env } = process;
  const settings = settingsOf(options, env);
  for (const warning of settings.warnings) context.log.warn(warning);
  if (settings.isDisabled) return nothing(context);
  const courier = new OtlpCourier(
    {
      encoding: ENCODINGS[settings.encoding],
      targets: settings.targets,
      scope: { name: "mcpsonde", version: deno.version },
      spans: options.spans,
      content: options.content ? options.content_length : 0,
      host: { ...hostAttributes(env), ...settings.resourceAttributes },
      own: {
        "service.name": settings.serviceName,
        "service.version": deno.version,
        "service.instance.id": crypto.randomUUID(),
        ...ownAttributes(env, process.pid),
      },
      isOne: options.services === "one",
      isDelta: settings.isDelta,
      isOwnDelta: settings.isOwnDelta,
      maxSeries: options.max_series,
      intervalMs: settings.intervalMs,
    },
    {
      now: () => Date.now(),
      isAlive: ({ pid }, since) => lookUpProcess(pid, since) !== undefined,
      pipeline: context.pipeline,
    },
  );
  return await deliverySink(courier, settings.delivery, context);
}

/** `OTEL_SDK_DISABLED`, or no signal is wanted: said once, and counted. */
function nothing({ log, metrics }: Context): Sink {
  return async (input) => {
    log.warn("the environment says that nothing is to be sent: OTEL_SDK_DISABLED, or every OTEL_…_EXPORTER is none");
    for await (const batch of input) metrics.dropped("disabled", batch.length);
  };
}
