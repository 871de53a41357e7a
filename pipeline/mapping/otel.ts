/**
 * Findings as events `gen_ai.guardrail.security.finding` of OpenTelemetry's proposal for guardrails
 * (semantic-conventions-genai @3155df2, docs/gen-ai/gen-ai-security.md; in development).
 *
 * @module
 */
import type { FindingEvent } from "../event.ts";

/** The event's name. */
export const GUARDRAIL_EVENT = "gen_ai.guardrail.security.finding";

/** Values that attributes may have. */
export type AttributeValue = string | number | boolean | readonly string[];

/** A field of the event. One without a value is left out. */
type Attribute = readonly [name: string, value: (finding: FindingEvent) => AttributeValue | undefined];

/**
 * `target.type` and `target.subtype`: which way what was judged goes, seen from the model's tools, and what it is. The
 * subtypes with `mcp_` are ours.
 */
export const GUARDRAIL_TARGETS: Readonly<
  Record<NonNullable<FindingEvent["target"]>, readonly [type: "input" | "output", subtype: string]>
> = {
  tool_call: ["input", "tool_call"],
  tool_result: ["output", "tool_call"],
  tool_definition: ["input", "tool_definition"],
  message: ["input", "mcp_message"],
  server: ["input", "mcp_server"],
  session: ["input", "mcp_session"],
};

/**
 * The attributes. We watch and stop nothing, so the verdict is a warning and the action none. `verdict.reason` must be of
 * low cardinality and hold nothing of the user's: the sentence for people is an attribute of ours.
 */
export const GUARDRAIL_ATTRIBUTES: readonly Attribute[] = [
  ["gen_ai.guardrail.component.name", ({ detector }) => detector ?? "mcpsonde"],
  ["gen_ai.guardrail.target.type", (finding) => target(finding)[0]],
  ["gen_ai.guardrail.target.subtype", (finding) => target(finding)[1]],
  ["gen_ai.guardrail.target.id", ({ call }) => call === undefined ? undefined : String(call.request.id ?? call.id)],
  ["gen_ai.guardrail.verdict.type", ({ severity }) => severity === "info" ? "allow" : "warn"],
  ["gen_ai.guardrail.verdict.code", ({ rule }) => rule],
  ["gen_ai.guardrail.verdict.reason", ({ category, rule }) => category?.replaceAll("_", " ") ?? rule],
  ["gen_ai.guardrail.action.type", () => "allow"],
  ["gen_ai.guardrail.security.policy.id", () => "mcpsonde"],
  ["gen_ai.guardrail.security.policy.rule.id", ({ rule }) => rule],
  ["gen_ai.guardrail.security.risk.category", ({ category }) => category ?? "custom:protocol"],
  ["gen_ai.guardrail.security.risk.score", ({ score }) => score],
  ["mcpsonde.finding.severity", ({ severity }) => severity],
  ["mcpsonde.finding.message", ({ message }) => message],
  ["mcpsonde.finding.evidence", ({ evidence }) => evidence],
  ["mcpsonde.finding.references", ({ references }) => references],
  ["mcpsonde.server.name", ({ session }) => session?.server.name],
];

/** The attributes of the event that a finding becomes. */
export function guardrailAttributes(finding: FindingEvent): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of GUARDRAIL_ATTRIBUTES) {
    const got = value(finding);
    if (got !== undefined) attributes[name] = got;
  }
  return attributes;
}

function target({ target, event }: FindingEvent): readonly [type: "input" | "output", subtype: string] {
  if (target === undefined || target === "message") {
    return [event?.type === "response" ? "output" : "input", GUARDRAIL_TARGETS.message[1]];
  }
  return GUARDRAIL_TARGETS[target];
}
