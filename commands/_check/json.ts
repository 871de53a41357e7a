/**
 * A report as JSON, for scripts.
 *
 * @module
 */
import type { Report } from "./report.ts";

/** The report as text. Times are in ISO 8601; rules under which nothing was found are left out. */
export function json({ rules, issues, seen, leftOut, failOn, ...about }: Report): string {
  const found = new Set(issues.map(({ rule }) => rule));
  const report = {
    ...about,
    fail_on: failOn,
    seen: { ...seen, from: time(seen.from), to: time(seen.to) },
    rules: rules.filter(({ code }) => found.has(code)).map(({ code, ...rule }) => ({ rule: code, ...rule })),
    findings: issues.map(({ first, last, ...issue }) => ({ ...issue, first: time(first), last: time(last) })),
    left_out: leftOut,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function time(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
