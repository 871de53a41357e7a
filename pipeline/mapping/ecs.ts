/**
 * Findings, calls, gaps and what sensors tell in the Elastic Common Schema 9.4 (https://www.elastic.co/guide/en/ecs). It has nothing of MCP: what
 * is only ours stands under `mcp.` and `mcpsonde.`.
 *
 * @module
 */
import type { FindingEvent, GapEvent, Json, McpEvent, Process, SensorEvent, Severity } from "../event.ts";
import { type CallEnd, callEnd, defined, findingId, parties, resourceUri, toolName } from "./about.ts";
import { type JsonObject, mapped, type Row } from "./row.ts";

const VERSION = "9.4.0";

/** `event.severity` as Elastic's detection engine numbers it (`kibana.alert.risk_score` of its four severities). */
export const ECS_SEVERITIES: Readonly<Record<Severity, number>> = {
  info: 0,
  low: 21,
  medium: 47,
  high: 73,
  critical: 99,
};

/** A finding: an alert. */
export const ECS_FINDING: readonly Row<FindingEvent>[] = [
  ["@timestamp", ({ time }) => iso(time)],
  ["ecs.version", () => VERSION],
  ["event.kind", () => "alert"],
  ["event.category", () => ["intrusion_detection"]],
  ["event.type", () => ["info"]],
  ["event.id", findingId],
  ["event.module", () => "mcpsonde"],
  ["event.dataset", () => "mcpsonde.finding"],
  ["event.provider", ({ detector }) => detector],
  ["event.action", ({ rule }) => rule],
  ["event.severity", ({ severity }) => ECS_SEVERITIES[severity]],
  ["event.risk_score", ({ score }) => score === undefined ? undefined : Math.round(score * 100)],
  ["message", ({ message }) => message],
  ["rule.id", ({ rule }) => rule],
  ["rule.name", ({ rule }) => rule],
  ["rule.category", ({ category }) => category],
  ["rule.ruleset", ({ detector }) => detector],
  ["threat.framework", ({ references }) => techniques(references) && "MITRE ATLAS"],
  ["threat.technique.id", ({ references }) => techniques(references)],
  ["process", (finding) => process(parties(finding).server ?? finding.process)],
  ["service.name", ({ session }) => session?.server.name],
  ["gen_ai.tool.name", ({ call }) => call && toolName(call)],
  ["trace.id", ({ event, call }) => (event?.context?.trace ?? call?.request.context?.trace)?.traceId],
  ["mcp.method.name", ({ call }) => call?.method],
  ["mcpsonde.finding.severity", ({ severity }) => severity],
  ["mcpsonde.finding.evidence", ({ evidence }) => evidence],
  ["mcpsonde.finding.target", ({ target }) => target],
  ["mcpsonde.finding.references", ({ references }) => references && [...references]],
  ["mcpsonde.finding.details", ({ details }) => details as Json | undefined],
];

/** A call that has ended: an event. */
export const ECS_CALL: readonly Row<CallEnd>[] = [
  ["@timestamp", ({ call }) => iso(call.startTime)],
  ["ecs.version", () => VERSION],
  ["event.kind", () => "event"],
  ["event.category", () => ["api"]],
  ["event.type", ({ call }) => call.outcome === "ok" ? ["access", "end"] : ["access", "end", "error"]],
  ["event.module", () => "mcpsonde"],
  ["event.dataset", () => "mcpsonde.call"],
  ["event.action", ({ call }) => call.method],
  ["event.outcome", ({ call }) => OUTCOMES[call.outcome ?? "hung"]],
  ["event.reason", ({ call }) => call.outcome === "ok" ? undefined : call.outcome],
  ["event.start", ({ call }) => iso(call.startTime)],
  ["event.end", ({ event }) => iso(event.time)],
  ["event.duration", ({ event, call }) => Math.max(0, Math.round((event.time - call.startTime) * 1e6))],
  ["error.code", ({ call }) => call.errorCode === undefined ? undefined : String(call.errorCode)],
  ["process", ({ context: { session } }) => process(session.server.process)],
  ["service.name", ({ context: { session } }) => session.server.name],
  ["service.version", ({ context: { session } }) => session.server.info?.version],
  ["gen_ai.operation.name", ({ call }) => call.method === "tools/call" ? "execute_tool" : undefined],
  ["gen_ai.tool.name", ({ call }) => call.method === "tools/call" ? call.name : undefined],
  ["gen_ai.tool.call.id", ({ call }) => call.method === "tools/call" ? String(call.request.id ?? call.id) : undefined],
  ["trace.id", ({ context }) => context.trace?.traceId],
  ["mcp.method.name", ({ call }) => call.method],
  ["mcp.prompt.name", ({ call }) => call.method === "prompts/get" ? call.name : undefined],
  ["mcp.resource.uri", resourceUri],
  ["mcp.protocol.version", ({ context }) => context.era],
  ["mcp.session.id", ({ context: { session } }) => session.sessionId],
  ["mcp.client.name", ({ context: { session } }) => session.clientInfo?.name],
];

/** A gap: events that are not whole. */
export const ECS_GAP: readonly Row<GapEvent>[] = [
  ["@timestamp", ({ time }) => iso(time)],
  ["ecs.version", () => VERSION],
  ["event.kind", () => "pipeline_error"],
  ["event.module", () => "mcpsonde"],
  ["event.dataset", () => "mcpsonde.gap"],
  ["event.action", ({ reason }) => reason],
  ["message", ({ message }) => message],
  ["process", ({ process: of }) => process(of)],
  ["mcpsonde.gap.lost", ({ lost }) => lost && defined(lost)],
];

/** What a sensor told. */
export const ECS_SENSOR: readonly Row<SensorEvent>[] = [
  ["@timestamp", ({ time }) => iso(time)],
  ["ecs.version", () => VERSION],
  ["event.kind", () => "event"],
  ["event.module", () => "mcpsonde"],
  ["event.dataset", () => "mcpsonde.sensor"],
  ["event.provider", ({ sensor }) => sensor],
  ["event.action", ({ name }) => name],
  ["event.sequence", ({ sequence }) => sequence],
  ["process", ({ process: of }) => process(of)],
  ["mcp.method.name", ({ call }) => call?.method],
  ["mcpsonde.sensor.data", ({ data }) => ({ ...data })],
];

/** `event.outcome`: a call that was cancelled or never answered did not fail as far as anyone knows. */
const OUTCOMES = {
  ok: "success",
  tool_error: "failure",
  error: "failure",
  cancelled: "unknown",
  hung: "unknown",
} as const;

/** A finding as an ECS document. */
export function toEcs(finding: FindingEvent): JsonObject {
  return mapped(ECS_FINDING, finding);
}

/** The call that a message ends as an ECS document; undefined if it ends none. */
export function callToEcs(event: McpEvent): JsonObject | undefined {
  const end = callEnd(event);
  return end && mapped(ECS_CALL, end);
}

/** A gap as an ECS document. */
export function gapToEcs(gap: GapEvent): JsonObject {
  return mapped(ECS_GAP, gap);
}

/** What a sensor told as an ECS document. */
export function sensorToEcs(event: SensorEvent): JsonObject {
  return mapped(ECS_SENSOR, event);
}

/** Techniques of MITRE ATLAS among the references: `ATLAS-AML.T0051` is `AML.T0051`. */
function techniques(references: readonly string[] | undefined): Json | undefined {
  const ids = references?.filter((reference) => reference.startsWith("ATLAS-")).map((reference) => reference.slice(6));
  return ids === undefined || ids.length === 0 ? undefined : ids;
}

/** The command line is left out: it may hold secrets. */
function process(of: Process | undefined): Json | undefined {
  return of && defined({
    pid: of.pid,
    name: of.name,
    executable: of.exe,
    parent: of.ppid === undefined ? undefined : { pid: of.ppid },
  });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
