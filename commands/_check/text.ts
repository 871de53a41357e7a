/**
 * A report for people.
 *
 * @module
 */
import { SEVERITIES, type Severity } from "../../pipeline/event.ts";
import { render, type Span, wrapped } from "../../sinks/console/line.ts";
import type { Palette, Style } from "../../sinks/console/palette.ts";
import { visible } from "../../sinks/console/visible.ts";
import { grouped, type Issue, type Report, type ReportRule, type Seen } from "./report.ts";
import { several } from "../../pipeline/wording.ts";

/** Lines that one text may take. */
const LINES = 4;
/** Issues of one rule that are shown. */
const SHOWN = 20;

/** How a severity looks. */
const STYLES: Readonly<Record<Severity, Style>> = {
  critical: "bad",
  high: "bad",
  medium: "warn",
  low: "plain",
  info: "dim",
};

/** The report as text of so many columns. */
export function text(report: Report, palette: Palette, columns: number): string {
  const out = new Lines(palette, columns);
  const { capture, issues, rules, leftOut, seen } = report;
  out.add("", [["strong", visible(capture)]]);
  out.add("  ", [["dim", summary(seen)]]);
  for (const severity of SEVERITIES.toReversed()) {
    const found = grouped(issues.filter((issue) => issue.severity === severity), ({ rule }) => rule);
    for (const [code, own] of found) {
      out.add("", []);
      showRule(out, severity, code, rules.find((rule) => rule.code === code), own);
    }
  }
  out.add("", []);
  if (leftOut > 0) out.add("", [["warn", `${leftOut} more findings are left out for lack of room`]]);
  out.add("", verdict(report));
  return out.text;
}

/** Lines of a limited width, each piece of text in a style. */
class Lines {
  text = "";
  readonly #palette: Palette;
  readonly #columns: number;

  constructor(palette: Palette, columns: number) {
    this.#palette = palette;
    this.#columns = columns;
  }

  /** Adds what follows the indentation, on as many lines as it takes. */
  add(indent: string, spans: readonly Span[], rest: string = indent): void {
    const lines = wrapped([["plain", indent], ...spans], this.#columns, rest, LINES);
    for (const line of lines) this.text += `${render(line, this.#columns, this.#palette)}\n`;
  }
}

function showRule(
  out: Lines,
  severity: Severity,
  code: string,
  rule: ReportRule | undefined,
  issues: readonly Issue[],
): void {
  const head = severity.padEnd(9);
  out.add(
    "",
    [[STYLES[severity], head], ["strong", code], ["plain", `  ${visible(rule?.summary ?? "")}`]],
    " ".repeat(9),
  );
  for (const issue of issues.slice(0, SHOWN)) showIssue(out, issue);
  if (issues.length > SHOWN) out.add("  ", [["dim", `and ${issues.length - SHOWN} more places`]]);
  if (rule !== undefined && rule.references.length > 0) out.add("  ", [["dim", rule.references.join("  ")]]);
}

function showIssue(out: Lines, { server, subject, message, evidence, count }: Issue): void {
  const where = [server, subject].filter((part) => part !== undefined).map((part) => visible(part)).join(" · ");
  const times: readonly Span[] = count > 1 ? [["dim", `  ${count.toLocaleString("en-GB")}×`]] : [];
  if (where !== "") out.add("  ", [["party0", where], ...times], "    ");
  const indent = where === "" ? "  " : "    ";
  out.add(indent, [["plain", visible(message)], ...(where === "" ? times : [])]);
  if (evidence !== undefined) out.add(`${indent}│ `, [["dim", visible(evidence)]]);
}

/** `12 s, 3 sessions with 2 servers, 57 messages, 12 calls`. */
function summary({ messages, calls, sessions, servers, malformed, gaps, from, to }: Seen): string {
  if (from === undefined || to === undefined) return "nothing was in it";
  const parts = [
    duration(to - from),
    `${several(sessions, "session")} with ${several(servers, "server")}`,
    several(messages, "message"),
    several(calls, "call"),
  ];
  if (malformed > 0) parts.push(`${malformed.toLocaleString("en-GB")} malformed`);
  const missing = Object.entries(gaps).map(([reason, count]) => `${count} ${reason}`);
  return `${parts.join(", ")}${missing.length === 0 ? "" : `; not seen: ${missing.join(", ")}`}`;
}

function verdict({ issues, failOn, failed, complete }: Report): Span[] {
  if (!complete) return [["bad", "The capture was not read to its end: see the error above"]];
  if (issues.length === 0) return [["good", "Nothing found"]];
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = issues.filter((issue) => issue.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const found: Span = ["strong", counts.join(", ")];
  if (failOn === "never") return [found];
  return [found, failed ? ["bad", `  failed: ${failOn} or worse`] : ["good", `  passed: nothing ${failOn} or worse`]];
}

function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 600_000) return `${Math.round(ms / 1000)} s`;
  return ms < 36_000_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
