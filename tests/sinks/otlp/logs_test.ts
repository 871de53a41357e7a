import { describe, expect, it } from "vitest";
import type { Event, FindingEvent, SensorEvent } from "../../../pipeline/event.ts";
import { follow, Talk, text, use } from "../../transforms/mcp/_talk.ts";
import { courierFor, plain, send, shifted } from "./_sent.ts";

const TIME = Date.UTC(2026, 10, 21);
const conversation = async () =>
  (await follow([shifted(new Talk().initialize().client(use(7, "a")).server(text(7, "")).events)])).events;
const process = { pid: 2, comm: "node", name: "node" };
const sensor = (more: Partial<SensorEvent> = {}): SensorEvent => ({
  kind: "sensor",
  time: TIME,
  source: "spool",
  sensor: "mcpsonde-node",
  name: "node_audit",
  sequence: 4,
  process,
  data: { event: "open", path: "/etc/shadow", flags: [1, 2.5, true, null] },
  ...more,
});

describe("the log", () => {
  it("has findings as OpenTelemetry's proposal names them, tied to the span of their call", async () => {
    const events = await conversation();
    const answer = events.findLast((event) => event.kind === "mcp")!;
    const finding: FindingEvent = {
      kind: "finding",
      time: TIME,
      source: "detect",
      rule: "mcp.tool.poisoned",
      severity: "high",
      message: "The result of a asks for secrets",
      detector: "injection",
      category: "prompt_injection",
      score: 0.9,
      target: "tool_result",
      references: ["OWASP-LLM01:2025"],
      event: answer.kind === "mcp" ? answer : undefined,
    };
    const { logs, spans } = send(courierFor(), [[...events, finding]]);
    const span = spans.find(({ name, kind }) => name === "tools/call a" && kind === 2);
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({
      eventName: "gen_ai.guardrail.security.finding",
      severityNumber: 17,
      severityText: "ERROR",
      body: { stringValue: "The result of a asks for secrets" },
      traceId: span!.traceId,
      spanId: span!.spanId,
      flags: 1,
      of: { "service.name": "weather" },
    });
    const attributes = plain(logs[0]!.attributes);
    expect(attributes).toMatchObject({
      "gen_ai.guardrail.component.name": "injection",
      "gen_ai.guardrail.security.policy.rule.id": "mcp.tool.poisoned",
      "gen_ai.guardrail.security.risk.score": 0.9,
      "mcpsonde.finding.references": ["OWASP-LLM01:2025"],
    });
    expect(attributes["log.record.uid"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("has what sensors tell, tied to the call that they name", async () => {
    const call = { id: 7, method: "tools/call", name: "a" };
    const { logs, spans } = send(courierFor(), [[sensor()], await conversation(), [sensor({ call, sequence: 5 })]]);
    const span = spans.find(({ name, kind }) => name === "tools/call a" && kind === 2);
    expect(logs.map(({ eventName, spanId }) => [eventName, spanId])).toEqual([
      ["mcpsonde.sensor", undefined],
      ["mcpsonde.sensor", span!.spanId],
    ]);
    expect(plain(logs[1]!.attributes)).toMatchObject({
      "mcpsonde.sensor.name": "mcpsonde-node",
      "mcpsonde.sensor.event": "node_audit",
      "mcp.method.name": "tools/call",
      "jsonrpc.request.id": "7",
    });
    expect(logs[1]!.body).toEqual({
      kvlistValue: {
        values: [
          { key: "event", value: { stringValue: "open" } },
          { key: "path", value: { stringValue: "/etc/shadow" } },
          {
            key: "flags",
            value: {
              arrayValue: {
                values: [{ intValue: "1" }, { doubleValue: 2.5 }, { boolValue: true }, { stringValue: "" }],
              },
            },
          },
        ],
      },
    });
  });

  it("has gaps", () => {
    const gap: Event = {
      kind: "gap",
      time: TIME,
      source: "kernel",
      reason: "ring_full",
      message: "lost",
      lost: { bytes: 5 },
    };
    const { logs } = send(courierFor(), [[gap]]);
    expect(logs).toMatchObject([{ eventName: "mcpsonde.gap", severityNumber: 13, of: { "service.name": "mcpsonde" } }]);
    expect(plain(logs[0]!.attributes)).toMatchObject({
      "mcpsonde.gap.reason": "ring_full",
      "mcpsonde.gap.lost_bytes": 5,
    });
  });

  it("bounds what sensors tell, however it is made", () => {
    let deep: SensorEvent["data"][string] = "x";
    for (let k = 0; k < 5000; k++) deep = [deep];
    const data = {
      deep,
      long: "y".repeat(100_000),
      half: "\ud800",
      ["\udc00"]: 1,
      many: Array.from({ length: 9999 }, (_, k) => k),
    };
    for (const encodingName of ["json", "protobuf"] as const) {
      const { logs } = send(courierFor({ encodingName }), [[sensor({ data, time: NaN })]]);
      expect(JSON.stringify(logs[0]).length).toBeLessThan(40_000);
      expect(JSON.stringify(logs[0])).toContain("\ufffd");
    }
  });

  it("goes nowhere if it is not wished", async () => {
    const traces = { url: "http://test/v1/traces", headers: {} };
    const { logs, metrics, spans, urls } = send(courierFor({ targets: { traces } }), [
      [sensor()],
      await conversation(),
    ]);
    expect([logs, metrics]).toEqual([[], []]);
    expect(spans.length).toBeGreaterThan(0);
    expect(urls).toEqual([traces.url]);
  });
});
