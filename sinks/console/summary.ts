/**
 * The table at the end: what was said, how often, how fast, and what went wrong.
 *
 * @module
 */
import Table from "cli-table3";
import type { Palette } from "./palette.ts";
import type { Row, Tally } from "./tally.ts";
import { count, duration, plural } from "./units.ts";
import { shorten } from "./width.ts";

/** Rows shown; the rest is told in one line. */
const MOST_SHOWN = 40;

const BORDERLESS = {
  "top": "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  "bottom": "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  "left": "",
  "left-mid": "",
  "mid": "",
  "mid-mid": "",
  "right": "",
  "right-mid": "",
  "middle": "  ",
} as const;

/** The summary of a run, with a newline at its end. */
export function summary(tally: Tally, columns: number, palette: Palette): string {
  const rows = [...tally.rows.values()].sort(inOrder);
  const shown = rows.slice(0, MOST_SHOWN);
  const parts: string[] = [];
  if (shown.length > 0) parts.push("\n", table(shown, columns, palette), "\n");
  if (rows.length > shown.length) {
    parts.push(palette.dim(`… and ${plural(rows.length - shown.length, "more row")}`), "\n");
  }
  parts.push("\n", totals(tally, palette), "\n");
  return parts.join("");
}

/** Requests before notifications, what is frequent before what is rare. */
function inOrder(a: Row, b: Row): number {
  return Number(b.isRequest) - Number(a.isRequest) || b.count - a.count || (a.name < b.name ? -1 : 1);
}

function table(rows: readonly Row[], columns: number, palette: Palette): string {
  const hasOpen = rows.some((row) => openOf(row) > 0);
  const head = ["method", "count", "errors", ...(hasOpen ? ["unanswered"] : []), "p50", "p99", "max"];
  const out = new Table({
    head: head.map((name) => palette.dim(name)),
    chars: BORDERLESS,
    colAligns: head.map((_, i) => i === 0 ? "left" : "right"),
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  const nameColumns = Math.max(20, columns - 60);
  for (const row of rows) {
    const open = openOf(row);
    out.push([
      (row.isRequest ? palette.plain : palette.dim)(shorten(row.name, nameColumns)),
      count(row.count),
      row.errors === 0 ? "" : palette.bad(count(row.errors)),
      ...(hasOpen ? [open <= 0 ? "" : palette.warn(count(open))] : []),
      latency(row, 0.5),
      latency(row, 0.99),
      latency(row, 1),
    ]);
  }
  return out.toString().replace(/ +$/gm, "");
}

/** Requests that should have been answered and were not. */
function openOf({ isRequest, count, answered, cancelled }: Row): number {
  return isRequest ? count - answered - cancelled : 0;
}

function latency(row: Row, fraction: number): string {
  const value = fraction === 1 && row.latency.count > 0 ? row.latency.max : row.latency.quantile(fraction);
  return value === undefined ? "" : duration(value);
}

function totals(tally: Tally, palette: Palette): string {
  const open = tally.unanswered;
  const parts = tally.messages === 0 ? ["No message was seen"] : [
    palette.strong(plural(tally.messages, "message")) + ` in ${duration(tally.last - tally.first)}` +
    (tally.processes === 0
      ? ""
      : ` between ${tally.processes === 1 ? "1 process" : `${count(tally.processes)} processes`}`),
  ];
  if (open > 0) parts.push(palette.warn(`${plural(open, "request")} without an answer`));
  if (tally.cancelled > 0) parts.push(plural(tally.cancelled, "cancelled call"));
  if (tally.orphans > 0) parts.push(palette.warn(`${plural(tally.orphans, "answer")} without a request`));
  if (tally.exchanges > 0) parts.push(plural(tally.exchanges, "other HTTP exchange"));
  if (tally.malformed > 0) parts.push(palette.warn(`${count(tally.malformed)} malformed`));
  if (tally.findings > 0) {
    const severe = tally.severe === 0 ? "" : `, ${count(tally.severe)} severe`;
    parts.push(palette[severe === "" ? "warn" : "bad"](plural(tally.findings, "finding") + severe));
  }
  if (tally.gaps > 0) {
    const lost = tally.lost === 0 ? "" : ` (${count(tally.lost)} lost)`;
    parts.push(palette.warn(plural(tally.gaps, "gap") + lost));
  }
  return parts.join(palette.dim(" · "));
}
