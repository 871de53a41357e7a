/**
 * A difference, for a person.
 *
 * @module
 */
import type { FieldChange } from "../../pipeline/baseline/text_diff.ts";
import { visible } from "../../pipeline/visible.ts";
import type { Palette, Style } from "../../sinks/console/palette.ts";
import { count, duration, plural } from "../../sinks/console/units.ts";
import { shorten } from "../../sinks/console/width.ts";
import { type Cell, type Column, tableLines } from "../_query/table.ts";
import type { CallDiff, Difference, FindingDiff, ServerDiff } from "./compare.ts";

const SIGNS = { added: "+", removed: "−", changed: "~", same: " ", new: "+", gone: "−" } as const;
const STYLES: Readonly<Record<string, Style>> = {
  added: "good",
  new: "warn",
  removed: "bad",
  gone: "dim",
  changed: "warn",
  same: "dim",
};

/** The lines. */
export function differenceLines({ servers, calls, findings }: Difference, columns: number, paint: Palette): string[] {
  return [
    paint.strong("Servers"),
    ...serverLines(servers, columns, paint),
    "",
    paint.strong("Calls"),
    ...callLines(calls, columns, paint),
    "",
    paint.strong("Findings"),
    ...findingLines(findings, columns, paint),
  ];
}

function serverLines(servers: readonly ServerDiff[], columns: number, paint: Palette): string[] {
  const same = servers.filter(({ kind }) => kind === "same");
  const lines = servers.filter(({ kind }) => kind !== "same").flatMap(({ name, key, kind, fields, tools }) => [
    `  ${paint[STYLES[kind]!](`${SIGNS[kind]} ${visible(name)}`)}  ${paint.dim(visible(key))}`,
    ...fieldLines(fields, "      ", columns, paint),
    ...tools.flatMap((tool) => [
      `    ${paint[STYLES[tool.kind]!](`${SIGNS[tool.kind]} ${visible(tool.name)}`)}  ${
        paint.dim(tool.what.replace("_", " "))
      }`,
      ...fieldLines(tool.fields, "      ", columns, paint),
    ]),
  ]);
  if (same.length > 0) lines.push(paint.dim(`  ${plural(same.length, "server")} the same: ${names(same)}`));
  return lines.length === 0 ? [paint.dim("  none in either")] : lines;
}

function names(servers: readonly ServerDiff[]): string {
  const shown = [...new Set(servers.map(({ name }) => visible(name)))];
  return shown.length <= 8 ? shown.join(", ") : `${shown.slice(0, 8).join(", ")}, …`;
}

function fieldLines(fields: readonly FieldChange[], indent: string, columns: number, paint: Palette): string[] {
  return fields.flatMap(({ path, before, after }) => {
    const line = (sign: string, text: string | undefined, style: Style) =>
      text === undefined
        ? []
        : [`${indent}${paint[style](shorten(`${sign} ${visible(text)}`, columns - indent.length))}`];
    return [
      `${indent}${paint.dim(visible(path))}`,
      ...line("-", before, "bad"),
      ...line("+", after, "good"),
    ];
  });
}

const CALL_COLUMNS: readonly Column[] = [
  { title: "SERVER", most: 26 },
  { title: "METHOD", most: 26 },
  { title: "NAME", most: 36 },
  { title: "CALLS", right: true },
  { title: "→", right: true },
  { title: "ERRORS", right: true },
  { title: "→", right: true },
  { title: "MEDIAN", right: true },
  { title: "→", right: true },
  { title: "95 %", right: true },
  { title: "→", right: true },
];

function callLines(calls: readonly CallDiff[], columns: number, paint: Palette): string[] {
  if (calls.length === 0) return [paint.dim("  none in either")];
  const rows = calls.map(({ server, method, name, before, after }): Cell[] => {
    const share = (one: typeof before) => one === undefined ? "" : percent(one.errors, one.calls);
    const took = (ms: number | undefined) => ms === undefined ? "" : duration(ms);
    const style = (isWorse: boolean): Style => isWorse ? "bad" : "plain";
    const rate = (one: typeof before) => one === undefined ? 0 : one.errors / one.calls;
    const slower = (a: number | undefined, b: number | undefined) =>
      a !== undefined && b !== undefined && b > 1.5 * a && b > a + 5;
    return [
      { text: server },
      { text: method },
      { text: name ?? "", style: "strong" },
      { text: before === undefined ? "–" : count(before.calls), style: "dim" },
      {
        text: after === undefined ? "–" : count(after.calls),
        style: before === undefined ? "good" : after === undefined ? "bad" : "plain",
      },
      { text: share(before), style: "dim" },
      { text: share(after), style: style(rate(after) > rate(before)) },
      { text: took(before?.p50_ms), style: "dim" },
      { text: took(after?.p50_ms), style: style(slower(before?.p50_ms, after?.p50_ms)) },
      { text: took(before?.p95_ms), style: "dim" },
      { text: took(after?.p95_ms), style: style(slower(before?.p95_ms, after?.p95_ms)) },
    ];
  });
  return tableLines(CALL_COLUMNS, rows, columns - 2, paint).map((line) => `  ${line}`);
}

function percent(part: number, whole: number): string {
  if (part === 0) return "0 %";
  const share = part / whole * 100;
  return `${share < 10 ? share.toFixed(1) : Math.round(share)} %`;
}

function findingLines(findings: readonly FindingDiff[], columns: number, paint: Palette): string[] {
  if (findings.length === 0) return [paint.dim("  the same in both")];
  return findings.map(({ kind, rule, severity, server, count: times, message }) => {
    const what = `${SIGNS[kind]} ${severity} ${visible(rule)}${times === 1 ? "" : ` ×${times}`}`;
    const where = server === undefined ? "" : `  ${visible(server)}`;
    const rest = shorten(visible(message), Math.max(20, columns - what.length - where.length - 6));
    return `  ${paint[STYLES[kind]!](what)}${paint.dim(where)}  ${rest}`;
  });
}
