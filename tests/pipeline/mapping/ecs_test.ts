import { describe, expect, it } from "vitest";
import { callToEcs, gapToEcs, sensorToEcs, toEcs } from "../../../pipeline/mapping/ecs.ts";
import { conversation, finding, toolCall } from "./_examples.ts";

// Checked by hand against @elastic/ecs 9.4.0: names, allowed values, and the types that go with a category
describe("ECS", () => {
  it("has a finding as an alert", () => {
    expect(toEcs(finding())).toEqual({
      "@timestamp": "2026-11-21T12:00:00.000Z",
      ecs: { version: "9.4.0" },
      event: {
        kind: "alert",
        category: ["intrusion_detection"],
        type: ["info"],
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        module: "mcpsonde",
        dataset: "mcpsonde.finding",
        provider: "poisoned_description",
        action: "mcp.tool.poisoned",
        severity: 73,
        risk_score: 87,
      },
      message: "The description of a tool gives orders",
      rule: {
        id: "mcp.tool.poisoned",
        name: "mcp.tool.poisoned",
        category: "prompt_injection",
        ruleset: "poisoned_description",
      },
      threat: { framework: "MITRE ATLAS", technique: { id: ["AML.T0051"] } },
      process: { pid: 2, name: "weather" },
      service: { name: "weather" },
      gen_ai: { tool: { name: "forecast" } },
      trace: { id: "0af7651916cd43dd8448eb211c80319c" },
      mcp: { method: { name: "tools/call" } },
      mcpsonde: {
        finding: {
          severity: "high",
          evidence: "Ignore all previous instructions",
          target: "tool_definition",
          references: ["OWASP-LLM01:2025", "ATLAS-AML.T0051"],
          details: { tool: "forecast" },
        },
      },
    });
  });

  it("has a call as an event", () => {
    expect(callToEcs(toolCall())).toEqual({
      "@timestamp": "2026-11-21T12:00:00.000Z",
      ecs: { version: "9.4.0" },
      event: {
        kind: "event",
        category: ["api"],
        type: ["access", "end"],
        module: "mcpsonde",
        dataset: "mcpsonde.call",
        action: "tools/call",
        outcome: "success",
        start: "2026-11-21T12:00:00.000Z",
        end: "2026-11-21T12:00:00.250Z",
        duration: 250_000_000,
      },
      process: { pid: 2, name: "weather" },
      service: { name: "weather", version: "1.4.0" },
      gen_ai: {
        operation: { name: "execute_tool" },
        tool: { name: "forecast", call: { id: expect.stringMatching(/^\d+$/) } },
      },
      trace: { id: "0af7651916cd43dd8448eb211c80319c" },
      mcp: {
        method: { name: "tools/call" },
        protocol: { version: "2025-11-25" },
        client: { name: "claude-code" },
      },
    });
  });

  it("calls only tools tools, and tells how calls failed", () => {
    const failed = callToEcs(toolCall(conversation(), true));
    expect(failed).toMatchObject({ event: { outcome: "failure", reason: "error" }, error: { code: "-32603" } });
    const talk = conversation();
    const read = callToEcs(talk.answer(talk.request("resources/read", { uri: "file:///a" })));
    expect(read).toMatchObject({ mcp: { resource: { uri: "file:///a" } } });
    expect(read).not.toHaveProperty("gen_ai");
    const call = talk.call("slow");
    expect(callToEcs(talk.cancel(call))).toMatchObject({ event: { outcome: "unknown", reason: "cancelled" } });
  });

  it("has a gap as an error of the pipeline, and what a sensor told as an event", () => {
    const base = { time: Date.UTC(2026, 10, 21), source: "kernel" };
    expect(gapToEcs({ ...base, kind: "gap", reason: "ring_full", message: "lost", lost: { records: 3 } })).toEqual({
      "@timestamp": "2026-11-21T00:00:00.000Z",
      ecs: { version: "9.4.0" },
      event: { kind: "pipeline_error", module: "mcpsonde", dataset: "mcpsonde.gap", action: "ring_full" },
      message: "lost",
      mcpsonde: { gap: { lost: { records: 3 } } },
    });
    const told = { sensor: "mcpsonde-python", name: "python_import", sequence: 4, data: { module: "os" } };
    expect(sensorToEcs({ ...base, kind: "sensor", ...told })).toMatchObject({
      event: { kind: "event", provider: "mcpsonde-python", action: "python_import", sequence: 4 },
      mcpsonde: { sensor: { data: { module: "os" } } },
    });
  });

  it("leaves out what is not known", () => {
    const text = JSON.stringify(toEcs({
      kind: "finding",
      time: 0,
      source: "test",
      rule: "a.b",
      severity: "low",
      message: "x",
      references: ["OWASP-LLM01:2025"],
    }));
    expect(text).not.toMatch(/null|undefined|threat/);
  });
});
