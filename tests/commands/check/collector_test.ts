import { describe, expect, it } from "vitest";
import { Talk } from "../../transforms/detect/_talk.ts";
import { finding, reportOf } from "./_report.ts";

describe("check, the report", () => {
  it("puts findings of one rule about one thing together", () => {
    const talk = new Talk();
    const { issues } = reportOf([
      finding(talk, { message: "first", evidence: "a", score: 0.5 }),
      finding(talk, { message: "second", score: 0.8, severity: "critical" }),
      finding(talk, { details: { held_back: 5 } }),
    ]);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({
      rule: "test.high",
      severity: "critical",
      server: "files",
      subject: "search",
      message: "first",
      evidence: "a",
      score: 0.8,
      count: 7,
    });
  });

  it("keeps apart what is about other rules, servers and tools; the worst comes first", () => {
    const [a, b] = [new Talk({ name: "a" }), new Talk({ name: "b" })];
    const { issues } = reportOf([
      finding(a, { rule: "test.info", severity: "info" }),
      finding(b),
      finding(a),
      finding(a, { details: { tool: "other" } }),
    ]);
    expect(issues.map(({ rule, server, subject }) => `${rule} ${server} ${subject}`)).toEqual([
      "test.high a other",
      "test.high a search",
      "test.high b search",
      "test.info a search",
    ]);
  });

  it("has the same fingerprints in each run", () => {
    const prints = () => reportOf([finding(new Talk())]).issues.map(({ fingerprint }) => fingerprint);
    expect(prints()).toEqual(prints());
    expect(prints()[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("does not name resources, whose URIs may hold secrets", () => {
    const talk = new Talk();
    const event = talk.request("resources/read", { uri: "https://user:secret@host/" });
    const { issues } = reportOf([finding(talk, { event, call: event.context?.call })]);
    expect(issues[0]?.subject).toBeUndefined();
  });

  it.each(
    [
      ["high", "high", true],
      ["high", "critical", false],
      ["medium", "medium", true],
      ["medium", "high", false],
      ["info", "info", true],
      ["critical", "never", false],
    ] as const,
  )("of a %s finding with --fail-on %s says failed: %s", (severity, failOn, failed) => {
    expect(reportOf([finding(new Talk(), { severity })], { failOn }).failed).toBe(failed);
  });

  it("tells how much was looked at", () => {
    const talk = new Talk();
    const call = talk.call("a");
    const gap = { kind: "gap", time: talk.now, source: "x", reason: "too_large", message: "x" } as const;
    const { seen } = reportOf([call, talk.text(call, "x"), gap, { ...gap, time: talk.now + 5 }]);
    expect(seen).toMatchObject({ messages: 2, calls: 1, sessions: 1, servers: 1, gaps: { too_large: 2 } });
    expect(seen.to! - seen.from!).toBe(7);
    expect(reportOf([]).seen).toMatchObject({ messages: 0, from: undefined, to: undefined });
  });

  it("knows rules of other stages by what was found", () => {
    const { rules } = reportOf([
      finding(new Talk(), { rule: "mcp.stdio.stray_output", severity: "low", detector: undefined }),
    ]);
    expect(rules.map(({ code }) => code)).toEqual(["mcp.stdio.stray_output", "test.high", "test.info", "test.medium"]);
    expect(rules[0]).toMatchObject({ detector: "protocol", severity: "low" });
  });

  it("keeps a bounded number of issues, and counts the rest", () => {
    const talk = new Talk();
    const one = finding(talk);
    const { issues, leftOut } = reportOf(
      Array.from({ length: 10_010 }, (_, k) => ({ ...one, details: { tool: `tool${k}` } })),
    );
    expect([issues.length, leftOut]).toEqual([10_000, 10]);
  });
});
