/**
 * Calls as spans and findings as logs, in OpenTelemetry's file format: lines of OTLP/JSON (OpenTelemetry Protocol File
 * Exporter; the Collector's `otlpjsonfile` receiver reads it). Names are those of the `otlp` sink: MCP's and GenAI's
 * conventions. Contents of calls are not in it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { CallRow, FindingRow } from "../../pipeline/store/rows.ts";
import type { Store } from "../../pipeline/store/store.ts";
import type { Out } from "./out.ts";

/** Spans or logs of a line. */
const LOT = 500;
/** `SpanKind` and `StatusCode` of trace.proto, `SeverityNumber` of logs.proto. */
const CLIENT = 3, ERROR = 2;
const SEVERITY: Readonly<Record<string, readonly [number: number, text: string]>> = {
  info: [9, "INFO"],
  low: [10, "INFO2"],
  medium: [13, "WARN"],
  high: [17, "ERROR"],
  critical: [21, "FATAL"],
};

type Attribute = { readonly key: string; readonly value: Record<string, unknown> };
interface Item {
  readonly service: string;
  readonly item: Record<string, unknown>;
}

/** Writes all. */
export function writeOtlp(
  store: Store,
  filter: string | undefined,
  version: string,
  out: Out,
  each: () => void,
): void {
  const scope = { name: "mcpsonde", version };
  const put = (outer: string, inner: string, items: readonly Item[]) => {
    const services = Map.groupBy(items, ({ service }) => service);
    const resources = [...services].map(([service, all]) => ({
      resource: { attributes: attributes({ "service.name": service }) },
      [inner === "spans" ? "scopeSpans" : "scopeLogs"]: [{ scope, [inner]: all.map(({ item }) => item) }],
    }));
    out.write(`${JSON.stringify({ [outer]: resources })}\n`);
  };
  let waiting: Item[] = [];
  for (const call of store.reader.each("calls", { filter })) {
    each();
    if (call.outcome === undefined) continue; // open still
    waiting.push({ service: call.client_name ?? "unknown_service", item: span(call) });
    if (waiting.length < LOT) continue;
    put("resourceSpans", "spans", waiting);
    waiting = [];
  }
  if (waiting.length > 0) put("resourceSpans", "spans", waiting);
  waiting = [];
  for (const finding of store.reader.each("findings", { filter })) {
    each();
    const [call] = finding.call === undefined ? [] : store.reader.byId("calls", [finding.call]);
    waiting.push({ service: finding.server_name ?? "unknown_service", item: log(finding, call) });
    if (waiting.length < LOT) continue;
    put("resourceLogs", "logRecords", waiting);
    waiting = [];
  }
  if (waiting.length > 0) put("resourceLogs", "logRecords", waiting);
}

/** A call's span. Its ids are the same whenever the same call is exported. */
export function span(call: CallRow): Record<string, unknown> {
  const { outcome, error_code: code } = call;
  const error = outcome === "error" ? String(code ?? "error") : outcome === "ok" ? undefined : outcome;
  const isTool = call.method === "tools/call";
  const named = isTool || call.method === "prompts/get";
  return {
    ...ids(call),
    ...(call.span_id === undefined ? {} : { parentSpanId: call.span_id }),
    name: named && call.name !== undefined ? `${call.method} ${call.name}` : call.method,
    kind: CLIENT,
    startTimeUnixNano: nanos(call.time),
    endTimeUnixNano: nanos(call.time + (call.duration_ms ?? 0)),
    attributes: attributes({
      "mcp.method.name": call.method,
      "mcp.protocol.version": call.era,
      "gen_ai.operation.name": isTool ? "execute_tool" : undefined,
      "gen_ai.tool.name": isTool ? call.name : undefined,
      "gen_ai.prompt.name": call.method === "prompts/get" ? call.name : undefined,
      "mcp.resource.uri": call.method.startsWith("resources/") ? call.name : undefined,
      "network.transport": call.transport === "stdio" ? "pipe" : "tcp",
      "error.type": error,
      "rpc.response.status_code": code === undefined ? undefined : String(code),
      "mcpsonde.server.name": call.server_name,
      "mcpsonde.client.name": call.client_name,
      "mcpsonde.call.requests": call.requests > 1 ? call.requests : undefined,
      "mcpsonde.call.progress": call.progress > 0 ? call.progress : undefined,
      "mcpsonde.call.wait_time": call.human_ms !== undefined && call.human_ms > 0 ? call.human_ms / 1000 : undefined,
      "mcpsonde.task.id": call.task_id,
      "process.pid": call.client?.pid,
    }),
    status: error === undefined ? {} : { code: ERROR },
  };
}

function log(finding: FindingRow, call: CallRow | undefined): Record<string, unknown> {
  const [severityNumber, severityText] = SEVERITY[finding.severity] ?? [0, ""];
  return {
    timeUnixNano: nanos(finding.time),
    observedTimeUnixNano: nanos(finding.time),
    severityNumber,
    severityText,
    eventName: "gen_ai.guardrail.security.finding",
    body: { stringValue: finding.message },
    attributes: attributes({
      "gen_ai.guardrail.component.name": finding.detector ?? "mcpsonde",
      "gen_ai.guardrail.security.policy.rule.id": finding.rule,
      "gen_ai.guardrail.security.risk.category": finding.category,
      "gen_ai.guardrail.security.risk.score": finding.score,
      "mcpsonde.finding.severity": finding.severity,
      "mcpsonde.finding.evidence": finding.evidence,
      "mcpsonde.server.name": finding.server_name,
    }),
    ...(call === undefined ? {} : ids(call)),
  };
}

function ids(call: CallRow): { readonly traceId: string; readonly spanId: string } {
  const what = [call.time, call.id, call.method, call.name, call.server].join("\0");
  const hash = createHash("sha256").update(what).digest("hex");
  return { traceId: call.trace_id ?? hash.slice(0, 32), spanId: hash.slice(32, 48) };
}

/** Nanoseconds since the epoch: too large for a number of JSON. */
function nanos(ms: number): string {
  const whole = Math.floor(ms);
  return `${whole}${String(Math.floor((ms - whole) * 1e6)).padStart(6, "0")}`;
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]): Attribute[] => {
    if (value === undefined) return [];
    if (typeof value === "string") return [{ key, value: { stringValue: value } }];
    return [{ key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } }];
  });
}
