/**
 * A report in SARIF 2.1.0 (OASIS Standard, with errata 01), for code scanning.
 *
 * @module
 */
import type { Severity } from "../../pipeline/event.ts";
import type { Issue, Report, ReportRule } from "./report.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/** The fingerprint's name: the number grows if the way of making it changes (SARIF 3.27.17). */
const FINGERPRINT = "mcpsonde/v1";

/** SARIF 3.27.10 has three levels. */
const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

/** GitHub's `security-severity`: above 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  info: "0.0",
};

/** The report as text. */
export function sarif(report: Report): string {
  const { capture, version, rules, issues, complete, leftOut, seen } = report;
  const indices = new Map(rules.map(({ code }, index) => [code, index]));
  const uri = encodeURI(capture.replaceAll("\\", "/")).replaceAll("?", "%3F").replaceAll("#", "%23");
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "mcpsonde",
          version,
          semanticVersion: version,
          rules: rules.map(descriptor),
        },
      },
      invocations: [{
        executionSuccessful: complete,
        ...(leftOut > 0 && {
          toolExecutionNotifications: [{
            level: "warning",
            message: { text: `${leftOut} more findings are left out for lack of room` },
          }],
        }),
      }],
      artifacts: [{ location: { uri }, roles: ["analysisTarget"], mimeType: "application/octet-stream" }],
      results: issues.map((issue) => result(issue, indices.get(issue.rule) ?? -1, uri)),
      columnKind: "utf16CodeUnits",
      properties: { ...seen },
    }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor({ code, severity, summary, detector, about, category, references }: ReportRule): object {
  const sentence = `${summary}.`;
  const lines = [sentence, ...(about === undefined ? [] : [`Found by the detector ${detector}: ${about}.`])];
  if (references.length > 0) lines.push(`See ${references.join(", ")}.`);
  return {
    id: code,
    shortDescription: { text: sentence },
    fullDescription: { text: lines.join(" ") },
    help: { text: lines.join("\n\n"), markdown: lines.join("\n\n") },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ["security", "mcp", ...(category === undefined ? [] : [category]), ...references],
      precision: "medium",
      "problem.severity": LEVELS[severity] === "note" ? "recommendation" : LEVELS[severity],
      "security-severity": SCORES[severity],
      detector,
    },
  };
}

function result(issue: Issue, ruleIndex: number, uri: string): object {
  const { rule, severity, message, evidence, details, count, score, first, last, fingerprint } = issue;
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: text(issue, message) },
    locations: [{
      // a capture has no lines, but GitHub shows no result without one
      physicalLocation: { artifactLocation: { uri, index: 0 }, region: { startLine: 1 } },
      ...(issue.server !== undefined && { logicalLocations: [logical(issue, issue.server)] }),
    }],
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    occurrenceCount: count,
    ...(score !== undefined && { rank: Math.round(score * 1000) / 10 }),
    properties: {
      severity,
      first: new Date(first).toISOString(),
      last: new Date(last).toISOString(),
      ...(evidence !== undefined && { evidence }),
      ...(details !== undefined && { details }),
    },
  };
}

function text({ evidence, count }: Issue, message: string): string {
  const times = count > 1 ? ` (${count} times)` : "";
  return evidence === undefined ? `${message}${times}` : `${message}${times}: ${evidence}`;
}

/** A server, or a tool of it: SARIF 3.33. */
function logical({ subject, target }: Issue, server: string): object {
  if (subject === undefined) return { name: server, fullyQualifiedName: server, kind: "module" };
  const kind = target === "tool_definition" ? "declaration" : "function";
  return { name: subject, fullyQualifiedName: `${server}/${subject}`, kind };
}
