/**
 * A report as JUnit XML, as CI systems read it: a suite for each detector, a test case for each rule.
 *
 * The format was never standardised; this keeps to what the schema of Jenkins' xUnit plug-in
 * (`jenkins-junit.xsd`) allows.
 *
 * @module
 */
import { isAtLeast } from "./collector.ts";
import { type FailOn, grouped, type Issue, type Report, type ReportRule } from "./report.ts";

/** The report as text. */
export function junit({ rules, issues, failOn, capture, seen, complete }: Report): string {
  const suites = grouped(rules, ({ detector }) => detector);
  const found = grouped(issues, ({ rule }) => rule);
  const bodies = [...suites].map(([name, own]) => suite(name, own, found, failOn));
  const failures = bodies.reduce((sum, { failures }) => sum + failures, 0);
  const time = seen.from === undefined || seen.to === undefined ? 0 : ((seen.to - seen.from) / 1000).toFixed(3);
  const errors = complete ? 0 : 1;
  const head = attributes({ name: `mcpsonde check ${capture}`, tests: rules.length + errors, failures, errors, time });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${head}>`,
    ...bodies.map(({ xml }) => xml),
    ...(complete ? [] : [INCOMPLETE]),
    "</testsuites>\n",
  ].join("\n");
}

const INCOMPLETE = `  <testsuite name="mcpsonde" tests="1" failures="0" errors="1">
    <testcase classname="mcpsonde" name="the whole capture was read">
      <error message="The pipeline failed before the end of the capture"/>
    </testcase>
  </testsuite>`;

function suite(
  name: string,
  rules: readonly ReportRule[],
  found: ReadonlyMap<string, readonly Issue[]>,
  failOn: FailOn,
): { readonly xml: string; readonly failures: number } {
  let failures = 0;
  const cases = rules.map((rule) => {
    const issues = found.get(rule.code) ?? [];
    const failing = issues.filter(({ severity }) => isAtLeast(severity, failOn));
    if (failing.length > 0) failures++;
    return testCase(name, rule, issues, failing);
  });
  const head = attributes({ name, tests: rules.length, failures, errors: 0 });
  return { xml: [`  <testsuite${head}>`, ...cases, "  </testsuite>"].join("\n"), failures };
}

function testCase(detector: string, rule: ReportRule, issues: readonly Issue[], failing: readonly Issue[]): string {
  const head = attributes({ classname: detector, name: rule.code });
  if (issues.length === 0) return `    <testcase${head}/>`;
  const text = escaped(issues.map(told).join("\n"));
  const [first] = failing;
  const body = first === undefined
    ? `      <system-out>${text}</system-out>`
    : `      <failure${attributes({ message: first.message, type: first.severity })}>${text}</failure>`;
  return `    <testcase${head}>\n${body}\n    </testcase>`;
}

function told({ severity, server, subject, message, evidence, count }: Issue): string {
  const where = [server, subject].filter((part) => part !== undefined).join("/");
  const times = count > 1 ? ` (${count} times)` : "";
  const shown = evidence === undefined ? "" : `\n  ${evidence}`;
  return `${severity}: ${where === "" ? "" : `${where}: `}${message}${times}${shown}`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values).map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // a parser would make blanks of these in an attribute
  "\n": "&#10;",
  "\t": "&#9;",
};

/**
 * Text for an element or an attribute. What XML 1.0 (2.2, `Char`) cannot hold at all becomes U+FFFD: control characters,
 * lone surrogates, U+FFFE and U+FFFF.
 */
function escaped(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"'\n\t]/g, (character) => ESCAPES[character] ?? character);
}
