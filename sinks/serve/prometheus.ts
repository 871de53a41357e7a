/**
 * `/metrics`, after the conventions of Prometheus (https://prometheus.io/docs/practices/naming/); the histograms have
 * OpenTelemetry's names as Prometheus writes them.
 *
 * @module
 */
import process from "node:process";
import { Counter, Gauge, type Metric, Registry } from "prom-client";
import type { Feed } from "../../pipeline/feed/feed.ts";
import { BOUNDS, type Counts, type Durations, type Tally } from "./tally.ts";

/** What is told of. */
export interface MetricsParts {
  readonly version: string;
  /** Undefined where nothing runs: of a stored file. */
  readonly tally: Tally | undefined;
  readonly feed: Feed;
  /** Readers of changes. */
  readonly streams: () => number;
}

/** Gauges and reasons of one node that are told of. */
const NAMES = 100;

/** A function that makes the text. */
export function prometheusText(parts: MetricsParts): () => Promise<{ readonly text: string; readonly type: string }> {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "mcpsonde_build_info",
    help: "The version that runs; always 1.",
    labelNames: ["version"],
    registers,
  }).set({ version: parts.version }, 1);
  new Gauge({
    name: "mcpsonde_streams",
    help: "Readers of the stream of changes.",
    registers,
    collect() {
      this.set(parts.streams());
    },
  });
  new Gauge({
    name: "mcpsonde_servers",
    help: "MCP servers in the store.",
    registers,
    async collect() {
      this.set((await parts.feed.servers()).length);
    },
  });
  processMetrics(registers);
  const refresh = parts.tally === undefined ? undefined : nodeMetrics(parts.feed, registers);
  if (parts.tally !== undefined) tallied(parts.tally, registry);
  return async () => {
    await refresh?.();
    parts.tally?.settle();
    return { text: await registry.metrics(), type: registry.contentType };
  };
}

/** Of the process, by the names that Prometheus's clients use. */
function processMetrics(registers: Registry[]): void {
  const started = Date.now() / 1000 - process.uptime();
  new Gauge({
    name: "process_start_time_seconds",
    help: "When the process started, in seconds since the Unix epoch.",
    registers,
  }).set(started);
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the process.",
    registers,
    collect() {
      this.set(process.memoryUsage().rss);
    },
  });
  new Counter({
    name: "process_cpu_seconds_total",
    help: "Processor time of the process.",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}

/** Of the pipeline's nodes. Gives a function that takes over what they are now. */
function nodeMetrics(feed: Feed, registers: Registry[]): () => Promise<void> {
  const node = (name: string, help: string, labels: readonly string[]) =>
    new Counter({ name: `mcpsonde_node_${name}`, help, labelNames: ["node", "type", ...labels], registers });
  const received = node("received_events_total", "Events that came into a node of the pipeline.", []);
  const sent = node("sent_events_total", "Events that went out of a node of the pipeline.", []);
  const dropped = node("dropped_events_total", "Events that a node dropped, by reason.", ["reason"]);
  const errors = node("errors_total", "Errors of a node, by reason.", ["reason"]);
  const busy = node("busy_seconds_total", "How long a node worked.", []);
  const value = new Gauge({
    name: "mcpsonde_node_value",
    help: "What a component reports of itself, by the name it gives to it.",
    labelNames: ["node", "type", "name"],
    registers,
  });
  const uptime = new Gauge({
    name: "mcpsonde_uptime_seconds",
    help: "How long the pipeline has run.",
    registers,
  });
  return async () => {
    const metrics = await feed.health();
    for (const metric of [received, sent, dropped, errors, busy, value]) metric.reset();
    uptime.set((metrics?.uptime_ms ?? 0) / 1000);
    for (const one of metrics?.nodes ?? []) {
      const labels = { node: one.node, type: one.type };
      received.inc(labels, one.received);
      sent.inc(labels, one.sent);
      busy.inc(labels, Math.max(0, one.busy_ms) / 1000);
      for (const [reason, events] of some(one.dropped)) dropped.inc({ ...labels, reason }, events);
      for (const [reason, count] of some(one.errors)) errors.inc({ ...labels, reason }, count);
      for (const [name, amount] of some(one.gauges)) value.set({ ...labels, name }, amount);
    }
  };
}

function some(values: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(values).filter(([, value]) => Number.isFinite(value) && value >= 0).slice(0, NAMES);
}

/** Of what was seen since the start. */
function tallied(tally: Tally, registry: Registry): void {
  const counter = (name: string, help: string, labelNames: readonly string[], counts: Counts) =>
    new Counter({
      name: `mcpsonde_${name}_total`,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const [names, count] of counts) {
          this.inc(Object.fromEntries(labelNames.map((label, k) => [label, names[k] ?? ""])), count);
        }
      },
    });
  counter("messages", "MCP messages that were seen.", ["type", "transport"], tally.messages);
  counter("calls", "MCP calls that ended.", ["method", "outcome"], tally.calls);
  counter("findings", "What detectors concluded.", ["rule", "severity"], tally.findings);
  counter("gaps", "Events that tell of something that was not seen.", ["reason"], tally.gaps);
  counter("sensor_events", "What sensors told.", ["sensor"], tally.sensorEvents);
  histogram(
    registry,
    "mcp_client_operation_duration_seconds",
    "Duration of an MCP request as its sender sees it.",
    () => {
      return [...tally.durations.values()].map(({ series, client }) => [series, client]);
    },
  );
  histogram(
    registry,
    "mcp_server_operation_duration_seconds",
    "The receiver's part of an MCP request's duration.",
    () => {
      return [...tally.durations.values()].map(({ series, server }) => [series, server]);
    },
  );
}

type Counted =
  readonly (readonly [series: { method: string; tool: string; error: string; transport: string }, Durations])[];

/** A histogram whose buckets are counted elsewhere. The registry asks for no more than this. */
function histogram(registry: Registry, name: string, help: string, counted: () => Counted): void {
  const metric = {
    name,
    help,
    type: "histogram",
    aggregator: "sum",
    get: () => Promise.resolve({ name, help, type: "histogram", aggregator: "sum", values: values(name, counted()) }),
    reset: () => {},
  };
  registry.registerMetric(metric as unknown as Metric);
}

function values(name: string, counted: Counted) {
  return counted.flatMap(([{ method, tool, error, transport }, { buckets, sum, count }]) => {
    const labels = {
      mcp_method_name: method,
      gen_ai_tool_name: tool,
      error_type: error,
      network_transport: transport,
    };
    let below = 0;
    const bounded = BOUNDS.map((bound, k) => {
      below += buckets[k] ?? 0;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: below };
    });
    return [
      ...bounded,
      { metricName: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: count },
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
}
