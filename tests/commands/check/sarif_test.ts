import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
// SARIF 2.1.0 as Microsoft's test helpers have it, in draft 7 of JSON Schema
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { sarif } from "../../../commands/_check/sarif.ts";
import type { Report } from "../../../commands/_check/report.ts";
import { Talk } from "../../transforms/detect/_talk.ts";
import { finding, HOSTILE, reportOf } from "./_report.ts";

const validator = new Validator(schema as Schema, "7", false);

/** The log, which fits the schema. */
function log(report: Report) {
  const parsed = JSON.parse(sarif(report));
  const { errors } = validator.validate(parsed);
  expect(errors.map(({ instanceLocation, error }: OutputUnit) => `${instanceLocation}: ${error}`)).toEqual([]);
  return parsed;
}

describe("check, SARIF", () => {
  it("fits the schema, whatever was found", () => {
    const talk = new Talk();
    log(reportOf([]));
    log(reportOf([finding(talk)], { complete: false }));
    log(reportOf([finding(talk, { score: 0.123456, evidence: "x", details: { a: [1, null] } })]));
    log(reportOf([finding(talk, { session: undefined, call: undefined, event: undefined, process: undefined })]));
    const hostile = { message: HOSTILE, evidence: HOSTILE, details: { tool: HOSTILE }, rule: HOSTILE };
    log(reportOf([finding(new Talk({ name: HOSTILE }), hostile)]));
    log({ ...reportOf([finding(talk)]), leftOut: 3, capture: "C:\\captures\\a #1?.capture" });
  });

  it("is refused by the schema if it is wrong", () => {
    const wrong = JSON.parse(sarif(reportOf([finding(new Talk())])));
    wrong.runs[0].results[0].level = "bad";
    expect(validator.validate(wrong).valid).toBe(false);
  });

  it("tells rules, levels, places and fingerprints", () => {
    const talk = new Talk();
    const { runs: [run] } = log(reportOf([
      finding(talk, { score: 0.875, evidence: "Ignore all" }),
      finding(talk),
      finding(talk, { rule: "test.medium", severity: "medium", details: { tool: "evil" }, target: "tool_definition" }),
    ]));
    expect(run.tool.driver).toMatchObject({ name: "mcpsonde", version: "1.2.3" });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
      "test.high",
      "test.info",
      "test.medium",
    ]);
    expect(run.tool.driver.rules[0]).toMatchObject({
      shortDescription: { text: "Something high." },
      help: { text: expect.stringContaining("See OWASP-LLM01:2025.") },
      defaultConfiguration: { level: "error" },
      properties: { "security-severity": "8.0", tags: expect.arrayContaining(["security", "OWASP-LLM01:2025"]) },
    });
    expect(run.artifacts[0].location.uri).toBe("a%20b.capture");
    expect(run.results[0]).toMatchObject({
      ruleId: "test.high",
      ruleIndex: 0,
      level: "error",
      message: { text: "Something is wrong (2 times): Ignore all" },
      occurrenceCount: 2,
      rank: 87.5,
      locations: [{
        physicalLocation: { artifactLocation: { uri: "a%20b.capture", index: 0 } },
        logicalLocations: [{ name: "search", fullyQualifiedName: "files/search", kind: "function" }],
      }],
      partialFingerprints: { "mcpsonde/v1": expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(run.results[1]).toMatchObject({
      ruleId: "test.medium",
      ruleIndex: 2,
      level: "warning",
      locations: [{ logicalLocations: [{ fullyQualifiedName: "files/evil", kind: "declaration" }] }],
    });
  });
});
