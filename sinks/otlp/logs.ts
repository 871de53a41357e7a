/**
 * Findings, gaps and what sensors tell, as log records tied to the span of their call.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { FindingEvent, GapEvent, SensorEvent, Severity } from "../../pipeline/event.ts";
import { findingId } from "../../pipeline/mapping/about.ts";
import { GUARDRAIL_EVENT, guardrailAttributes } from "../../pipeline/mapping/otel.ts";
import type { SpanContext } from "./calls.ts";
import { nanos } from "./time.ts";
import type { LogRecord } from "./types.ts";
import { anyValue, type Attributes, brief, keyValues, maybeBrief } from "./values.ts";

/** `SeverityNumber` of the logs data model, and the text that goes with it. */
const SEVERITY: Readonly<Record<Severity, readonly [number: number, text: string]>> = {
  info: [9, "INFO"],
  low: [10, "INFO2"],
  medium: [13, "WARN"],
  high: [17, "ERROR"],
  critical: [21, "FATAL"],
};
const EVENT_GAP = "mcpsonde.gap", EVENT_SENSOR = "mcpsonde.sensor";

/** A finding: OpenTelemetry's proposal for guardrails. */
export function findingRecord(finding: FindingEvent, span: SpanContext | undefined, now: number): LogRecord {
  const given = guardrailAttributes(finding);
  const attributes: Record<string, Attributes[string]> = {};
  for (const [name, value] of Object.entries(given)) {
    attributes[name] = typeof value === "string" ? brief(value) : value;
  }
  return record(finding.time, now, SEVERITY[finding.severity], GUARDRAIL_EVENT, finding.message, span, {
    ...attributes,
    "log.record.uid": findingId(finding),
  });
}

/** What was not seen. */
export function gapRecord(gap: GapEvent, now: number): LogRecord {
  const { reason, message, lost, cpu, time, source } = gap;
  return record(time, now, SEVERITY.medium, EVENT_GAP, message, undefined, {
    "mcpsonde.gap.reason": brief(reason),
    "mcpsonde.gap.source": brief(source),
    "mcpsonde.gap.lost_records": lost?.records,
    "mcpsonde.gap.lost_bytes": lost?.bytes,
    "mcpsonde.gap.lost_messages": lost?.messages,
    "mcpsonde.gap.cpu": cpu,
    "log.record.uid": uid(["gap", time, source, reason, message]),
  });
}

/** What a sensor told. Its members are the body. */
export function sensorRecord(event: SensorEvent, span: SpanContext | undefined, now: number): LogRecord {
  const { sensor, name, type, sequence, call, data, time, process } = event;
  const made = record(time, now, SEVERITY.info, EVENT_SENSOR, "", span, {
    "mcpsonde.sensor.name": brief(sensor),
    "mcpsonde.sensor.event": brief(name),
    "mcpsonde.sensor.type": maybeBrief(type),
    "mcpsonde.sensor.sequence": sequence,
    "mcp.method.name": maybeBrief(call?.method),
    "jsonrpc.request.id": call === undefined || call.id === null ? undefined : brief(String(call.id)),
    "mcpsonde.call.name": maybeBrief(call?.name),
    "log.record.uid": uid(["sensor", sensor, name, process?.pid, sequence, time]),
  });
  return { ...made, body: anyValue(data) };
}

function record(
  time: number,
  now: number,
  [severityNumber, severityText]: readonly [number: number, text: string],
  eventName: string,
  message: string,
  span: SpanContext | undefined,
  attributes: Attributes,
): LogRecord {
  return {
    timeUnixNano: nanos(time),
    observedTimeUnixNano: nanos(now),
    severityNumber,
    severityText,
    eventName,
    body: { stringValue: brief(message) },
    attributes: keyValues(attributes),
    flags: span === undefined ? undefined : span.flags & 0xff,
    traceId: span?.traceId,
    spanId: span?.spanId,
  };
}

/** 32 hex digits: the same when the same is read again. */
function uid(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
