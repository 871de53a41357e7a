import { describe, expect, it } from "vitest";
import { guardrailAttributes } from "../../../pipeline/mapping/otel.ts";
import { finding } from "./_examples.ts";

// Checked by hand against semantic-conventions-genai@3155df2, docs/gen-ai/gen-ai-security.md
describe("guardrail attributes", () => {
  it("tell what was found, in which policy and of what", () => {
    expect(guardrailAttributes(finding())).toEqual({
      "gen_ai.guardrail.component.name": "poisoned_description",
      "gen_ai.guardrail.target.type": "input",
      "gen_ai.guardrail.target.subtype": "tool_definition",
      "gen_ai.guardrail.target.id": expect.stringMatching(/^\d+$/),
      "gen_ai.guardrail.verdict.type": "warn",
      "gen_ai.guardrail.verdict.code": "mcp.tool.poisoned",
      "gen_ai.guardrail.verdict.reason": "prompt injection",
      "gen_ai.guardrail.action.type": "allow",
      "gen_ai.guardrail.security.policy.id": "mcpsonde",
      "gen_ai.guardrail.security.policy.rule.id": "mcp.tool.poisoned",
      "gen_ai.guardrail.security.risk.category": "prompt_injection",
      "gen_ai.guardrail.security.risk.score": 0.87,
      "mcpsonde.finding.severity": "high",
      "mcpsonde.finding.message": "The description of a tool gives orders",
      "mcpsonde.finding.evidence": "Ignore all previous instructions",
      "mcpsonde.finding.references": ["OWASP-LLM01:2025", "ATLAS-AML.T0051"],
      "mcpsonde.server.name": "weather",
    });
  });

  it.each(
    [
      ["tool_call", "input", "tool_call"],
      ["tool_result", "output", "tool_call"],
      ["server", "input", "mcp_server"],
      ["message", "input", "mcp_message"],
      [undefined, "input", "mcp_message"],
    ] as const,
  )("have for %s the direction %s and the subtype %s", (target, type, subtype) => {
    expect(guardrailAttributes(finding({ target }))).toMatchObject({
      "gen_ai.guardrail.target.type": type,
      "gen_ai.guardrail.target.subtype": subtype,
    });
  });

  it("have all that is required where little is known", () => {
    const bare = { kind: "finding", time: 0, source: "t", rule: "a.b", severity: "info", message: "x" } as const;
    expect(guardrailAttributes(bare)).toMatchObject({
      "gen_ai.guardrail.security.policy.id": "mcpsonde",
      "gen_ai.guardrail.security.risk.category": "custom:protocol",
      "gen_ai.guardrail.target.type": "input",
      "gen_ai.guardrail.verdict.type": "allow",
    });
  });
});
