/**
 * The sink's options. What they leave open, the environment says: `environment.ts`.
 *
 * @module
 */
import { z } from "zod";
import { deliveryOptions } from "../../pipeline/delivery/options.ts";

/** What can be sent. */
export const SIGNAL_NAMES = ["traces", "metrics", "logs"] as const;

const url = z.url({ protocol: /^https?$/, error: 'expected a URL such as "http://127.0.0.1:4318"' });

/** The sink's options. */
export const options = z.strictObject({
  endpoint: url.optional().describe(
    "Where the receiver of OTLP over HTTP is; `/v1/traces`, `/v1/metrics` and `/v1/logs` are added. By default " +
      "`$OTEL_EXPORTER_OTLP_ENDPOINT`, or `http://localhost:4318`.",
  ).meta({ examples: ["http://127.0.0.1:4318"] }),
  endpoints: z.strictObject({
    traces: url.optional().describe("That of traces."),
    metrics: url.optional().describe("That of metrics."),
    logs: url.optional().describe("That of logs."),
  }).optional().describe("URLs of single signals, used as they are."),
  encoding: z.enum(["json", "protobuf"]).optional().describe(
    "How it is encoded. By default as `$OTEL_EXPORTER_OTLP_PROTOCOL` says (`http/json`, `http/protobuf`), or `json`.",
  ),
  signals: z.array(z.enum(SIGNAL_NAMES)).min(1).optional().describe(
    "What is sent: `traces` (calls), `metrics` (durations, and mcpsonde's own counters), `logs` (findings, gaps, what " +
      "sensors tell). All by default, but for those whose `$OTEL_TRACES_EXPORTER` or the like is `none`.",
  ),
  spans: z.enum(["auto", "both", "client", "server"]).default("auto").describe(
    "Which spans a call gets. `auto`: CLIENT for who asks and SERVER for who answers, as far as they are on this " +
      "machine, but no CLIENT span if the request has a `traceparent` in `_meta`, as the client's own instrumentation has " +
      "made one then; the SERVER span is its child. `both`: always both. `client`, `server`: only these, such as `client` " +
      "where servers are instrumented.",
  ),
  services: z.enum(["each", "one"]).default("each").describe(
    "`each`: every watched process is a resource of its own, with its `service.name`, as if it were instrumented. `one`: " +
      "all is told as of mcpsonde.",
  ),
  service_name: z.string().min(1).optional().describe(
    "What mcpsonde itself is called. By default `$OTEL_SERVICE_NAME`, or `mcpsonde`.",
  ),
  resource_attributes: z.record(z.string().min(1), z.string()).default({}).describe(
    "Attributes for all resources, such as `deployment.environment.name`. They are added to " +
      "`$OTEL_RESOURCE_ATTRIBUTES`, and win.",
  ),
  content: z.boolean().default(false).describe(
    "Put arguments and results of tool calls into spans, as `gen_ai.tool.call.arguments` and `…result`. They may be " +
      "secret: have a `redact` before this sink.",
  ),
  content_length: z.int().min(16).max(1024 * 1024).default(16 * 1024).describe(
    "Longer arguments and results are cut, in UTF-16 units.",
  ),
  metrics_interval_ms: z.int().min(100).optional().describe(
    "How often metrics are sent, in milliseconds. By default `$OTEL_METRIC_EXPORT_INTERVAL`, or 60,000.",
  ),
  temporality: z.enum(["cumulative", "delta"]).optional().describe(
    "Whether sums and histograms count from the start or from the last time. By default as " +
      "`$OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` says, or `cumulative`.",
  ),
  max_series: z.int().min(2).max(100_000).default(2000).describe(
    "How many series a metric may have. Those beyond are one, with `otel.metric.overflow`.",
  ),
  ...deliveryOptions,
  gzip: z.boolean().optional().describe(
    "Compress what is sent. By default as `$OTEL_EXPORTER_OTLP_COMPRESSION` says (`gzip`, `none`), or yes.",
  ),
  timeout_ms: z.number().min(1).optional().describe(
    "How long an answer may take, in milliseconds. By default `$OTEL_EXPORTER_OTLP_TIMEOUT`, or 10,000.",
  ),
});

/** Their shape, checked. */
export type Options = z.output<typeof options>;
