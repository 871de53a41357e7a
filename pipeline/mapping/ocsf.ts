/**
 * Findings and calls in OCSF 1.8.0 (https://github.com/ocsf/ocsf-schema): Detection Finding, Data Security Finding and
 * API Activity, with the profile `ai_operation`. Classes for agents and tools are being discussed there (issues 1729,
 * 1753 and 1754); until then this is as near as it gets.
 *
 * @module
 */
import type { FindingEvent, Json, McpEvent, Process, Severity } from "../event.ts";
import { type CallEnd, callEnd, defined, findingId, parties, resourceUri, toolName } from "./about.ts";
import { type JsonObject, mapped, type Row } from "./row.ts";

/** The version of the schema. */
const VERSION = "1.8.0";

/** `severity_id` and its caption (dictionary.json). */
export const OCSF_SEVERITIES: Readonly<Record<Severity, readonly [id: number, caption: string]>> = {
  info: [1, "Informational"],
  low: [2, "Low"],
  medium: [3, "Medium"],
  high: [4, "High"],
  critical: [5, "Critical"],
};

/** Risks that are about data, and so a Data Security Finding. */
export const OCSF_DATA_CATEGORIES: ReadonlySet<string> = new Set(["sensitive_info_disclosure"]);

/** The classes that events become: events/findings/, events/application/. */
export const OCSF_CLASSES = {
  detection: { category: [2, "Findings"], class: [2004, "Detection Finding"] },
  data: { category: [2, "Findings"], class: [2006, "Data Security Finding"] },
  call: { category: [6, "Application Activity"], class: [6003, "API Activity"] },
} as const;

/** `activity_id` of API Activity: what a method does; of others, and of tools, nobody can tell: 99, Other. */
export const OCSF_ACTIVITIES: Readonly<Record<string, readonly [id: number, caption: string]>> = {
  "tools/list": [2, "Read"],
  "prompts/list": [2, "Read"],
  "prompts/get": [2, "Read"],
  "resources/list": [2, "Read"],
  "resources/templates/list": [2, "Read"],
  "resources/read": [2, "Read"],
  "server/discover": [2, "Read"],
};
const OTHER = [99, "Other"] as const;

/** What both classes of findings have in common. */
export const OCSF_FINDING: readonly Row<FindingEvent>[] = [
  ["time", ({ time }) => Math.floor(time)],
  ["severity_id", ({ severity }) => OCSF_SEVERITIES[severity][0]],
  ["severity", ({ severity }) => OCSF_SEVERITIES[severity][1]],
  ["message", ({ message }) => message],
  ["status_id", () => 1],
  ["status", () => "New"],
  ["is_alert", ({ severity }) => severity === "high" || severity === "critical"],
  ["confidence_score", ({ score }) => score === undefined ? undefined : Math.round(score * 100)],
  ["finding_info.uid", findingId],
  ["finding_info.title", ({ message }) => message],
  ["finding_info.types.0", ({ category }) => category],
  ["finding_info.created_time", ({ time }) => Math.floor(time)],
  ["finding_info.analytic.uid", ({ rule }) => rule],
  ["finding_info.analytic.name", ({ detector, rule }) => detector ?? rule],
  ["finding_info.analytic.category", ({ category }) => category],
  ["finding_info.analytic.type_id", () => 1],
  ["finding_info.analytic.type", () => "Rule"],
  ["metadata.version", () => VERSION],
  ["metadata.product.name", () => "mcpsonde"],
  ["metadata.product.vendor_name", () => "mcpsonde"],
  ["metadata.log_name", ({ source }) => source],
  ["metadata.correlation_uid", ({ event, call }) => (event?.context?.trace ?? call?.request.context?.trace)?.traceId],
  ["resources.0", ({ session }) => session && resource("Server", session.server.name, 3, "Affected")],
  [
    "unmapped",
    ({ references, details }) =>
      defined({ references: references && [...references], details: details as Json | undefined }),
  ],
];

/** What Detection Finding has besides. */
export const OCSF_DETECTION: readonly Row<FindingEvent>[] = [
  ["evidences.0.data", ({ evidence }) => evidence === undefined ? undefined : { text: evidence }],
  ["evidences.0.process", (finding) => process(parties(finding).server)],
  ["evidences.0.actor.process", (finding) => process(parties(finding).client)],
  ["evidences.0.api.operation", ({ call }) => call?.method],
  ["evidences.0.api.service.name", ({ call, session }) => call && session?.server.name],
];

/** What Data Security Finding has besides. */
export const OCSF_DATA: readonly Row<FindingEvent>[] = [
  ["actor.process", (finding) => process(parties(finding).client)],
  ["data_security.detection_pattern", ({ rule }) => rule],
  ["data_security.pattern_match", ({ evidence }) => evidence],
  ["dst_endpoint.name", ({ session }) => session?.server.name],
];

/** API Activity. */
export const OCSF_CALL: readonly Row<CallEnd>[] = [
  ["time", ({ call }) => Math.floor(call.startTime)],
  ["start_time", ({ call }) => Math.floor(call.startTime)],
  ["end_time", ({ event }) => Math.floor(event.time)],
  ["duration", ({ event, call }) => Math.max(0, Math.round(event.time - call.startTime))],
  ["severity_id", () => 1],
  ["severity", () => "Informational"],
  ["status_id", ({ call }) => call.outcome === "ok" ? 1 : 2],
  ["status", ({ call }) => call.outcome === "ok" ? "Success" : "Failure"],
  ["status_code", ({ call }) => call.outcome],
  ["metadata.version", () => VERSION],
  ["metadata.product.name", () => "mcpsonde"],
  ["metadata.product.vendor_name", () => "mcpsonde"],
  ["metadata.log_name", ({ event }) => event.source],
  ["metadata.profiles", ({ context }) => context.trace === undefined ? ["ai_operation"] : ["ai_operation", "trace"]],
  ["actor.app_name", ({ context: { session } }) => session.clientInfo?.name],
  ["actor.process", ({ context: { session } }) => process(session.clientProcess)],
  [
    "actor.invoked_by",
    ({ context: { session } }) => session.clientInfo ?? session.clientProcess ? undefined : "unknown",
  ],
  ["api.operation", ({ call }) => call.method],
  ["api.version", ({ context }) => context.era],
  ["api.service.name", ({ context: { session } }) => session.server.name],
  ["api.service.version", ({ context: { session } }) => session.server.info?.version],
  ["api.request.uid", ({ call }) => String(call.request.id ?? call.id)],
  ["api.response.code", ({ call }) => call.errorCode],
  [
    "src_endpoint.name",
    ({ context: { session } }) => session.clientInfo?.name ?? session.clientProcess?.name ?? "unknown",
  ],
  ["dst_endpoint.name", ({ context: { session } }) => session.server.name],
  ["resources.0", (end) => target(end)],
  ["message_context.service.name", ({ context: { session } }) => session.server.name],
  ["message_context.ai_role_id", () => 3],
  ["message_context.ai_role", () => "Tool"],
  ["message_context.prompt_tokens", ({ call }) => tokens(call.tokensIn)],
  ["message_context.completion_tokens", ({ call }) => tokens(call.tokensOut)],
  ["trace.uid", ({ context }) => context.trace?.traceId],
];

/** A finding as Detection Finding, or as Data Security Finding if it is about data. */
export function toOcsf(finding: FindingEvent): JsonObject {
  const isData = finding.category !== undefined && OCSF_DATA_CATEGORIES.has(finding.category);
  const head = ids(OCSF_CLASSES[isData ? "data" : "detection"], [1, "Create"]);
  return { ...head, ...mapped([...OCSF_FINDING, ...isData ? OCSF_DATA : OCSF_DETECTION], finding) };
}

/** The call that a message ends as API Activity; undefined if it ends none. */
export function callToOcsf(event: McpEvent): JsonObject | undefined {
  const end = callEnd(event);
  if (end === undefined) return undefined;
  return { ...ids(OCSF_CLASSES.call, OCSF_ACTIVITIES[end.call.method] ?? OTHER), ...mapped(OCSF_CALL, end) };
}

function ids(
  { category, class: [uid, name] }: typeof OCSF_CLASSES[keyof typeof OCSF_CLASSES],
  [activity, caption]: readonly [id: number, caption: string],
): JsonObject {
  return {
    category_uid: category[0],
    category_name: category[1],
    class_uid: uid,
    class_name: name,
    activity_id: activity,
    activity_name: caption,
    type_uid: uid * 100 + activity,
    type_name: `${name}: ${caption}`,
  };
}

/** objects/process.json. The command line is left out: it may hold secrets. */
function process(of: Process | undefined): Json | undefined {
  return of && defined({
    pid: of.pid,
    name: of.name,
    path: of.exe,
    parent_process: of.ppid === undefined ? undefined : { pid: of.ppid },
    container: of.container === undefined ? undefined : { uid: of.container },
  });
}

function target(end: CallEnd): Json | undefined {
  const tool = toolName(end.call);
  if (tool !== undefined) return resource(end.call.method === "tools/call" ? "Tool" : "Prompt", tool, 1, "Target");
  const uri = resourceUri(end);
  return uri === undefined ? undefined : resource("Resource", uri, 1, "Target");
}

function resource(type: string, name: string, role: number, caption: string): Json {
  return { type, name, role_id: role, role: caption };
}

function tokens(count: number): number | undefined {
  return Number.isNaN(count) ? undefined : count;
}
