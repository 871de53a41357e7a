/**
 * Which columns each kind of rows is shown in.
 *
 * @module
 */
import type {
  CallRow,
  EventRow,
  FindingRow,
  HttpRow,
  MessageRow,
  ProcessRow,
  ServerRow,
  ToolRow,
} from "../../pipeline/store/rows.ts";
import type { Style } from "../../sinks/console/palette.ts";
import { bytes, clock, count, duration } from "../../sinks/console/units.ts";
import type { Cell, Column } from "./table.ts";

/** The rows that can be shown. */
export interface AnyRows {
  readonly calls: CallRow;
  readonly messages: MessageRow;
  readonly findings: FindingRow;
  readonly events: EventRow;
  readonly http: HttpRow;
  readonly servers: ServerRow;
  readonly tools: ToolRow;
}
/** What can be asked for. */
export type AnyKind = keyof AnyRows;
/** All of it. */
export const KINDS = ["calls", "messages", "findings", "events", "http", "servers", "tools"] as const;

/** How rows are shown. */
export interface Layout<Row> {
  readonly columns: readonly Column[];
  readonly cells: (row: Row, when: (time: number) => string) => readonly (Cell | string)[];
}

const OUTCOMES: Readonly<Record<string, Style>> = {
  ok: "good",
  tool_error: "bad",
  error: "bad",
  hung: "warn",
  cancelled: "warn",
};
const SEVERITIES: Readonly<Record<string, Style>> = {
  critical: "alarm",
  high: "bad",
  medium: "warn",
  low: "plain",
  info: "dim",
};

function dim(text: string): Cell {
  return { text, style: "dim" };
}

function styled(text: string, styles: Readonly<Record<string, Style>>): Cell {
  return { text, style: styles[text] ?? "plain" };
}

function who(process: ProcessRow | undefined): string {
  return process === undefined ? "" : `${process.name}[${process.pid}]`;
}

function number(value: number): string {
  return value === 0 ? "" : count(value);
}

/** The time of day; with the date if rows are of several days. */
export function timesOf(times: readonly number[]): (time: number) => string {
  const clockTime = clock();
  const day = (time: number) => {
    const date = new Date(time);
    return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  };
  const [first, last] = times.reduce(([a, b], time) => [Math.min(a, time), Math.max(b, time)], [Infinity, -Infinity]);
  if (last < first || day(first) === day(last)) return clockTime;
  return (time) => `${day(time)} ${clockTime(time)}`;
}

const TIME: Column = { title: "TIME" };

/** By kind. */
export const LAYOUTS: { readonly [Kind in AnyKind]: Layout<AnyRows[Kind]> } = {
  calls: {
    columns: [
      { title: "ID", right: true },
      TIME,
      { title: "CLIENT", most: 20 },
      { title: "SERVER", most: 24 },
      { title: "METHOD", most: 26 },
      { title: "NAME", most: 34 },
      { title: "OUTCOME" },
      { title: "TOOK", right: true },
      { title: "FINDINGS" },
      { title: "ARGUMENTS" },
    ],
    cells: (row, when) => [
      dim(String(row.id)),
      dim(when(row.time)),
      row.client_name ?? "",
      row.server_name,
      row.method,
      { text: row.name ?? "", style: "strong" },
      row.outcome === undefined ? dim("open") : styled(row.outcome, OUTCOMES),
      row.duration_ms === undefined ? "" : duration(row.duration_ms),
      row.severity === undefined ? "" : worst(row.severity, row.findings),
      dim(row.summary ?? ""),
    ],
  },
  messages: {
    columns: [
      { title: "ID", right: true },
      TIME,
      { title: "FROM", most: 26 },
      { title: "TO", most: 26 },
      { title: "TYPE" },
      { title: "METHOD", most: 36 },
      { title: "RPC ID", most: 12 },
      { title: "CALL", right: true },
      { title: "TOOK", right: true },
      { title: "SIZE", right: true },
      { title: "REMARKS" },
    ],
    cells: (row, when) => [
      dim(String(row.id)),
      dim(when(row.time)),
      who(row.from),
      who(row.to),
      row.type === "malformed" ? { text: row.type, style: "warn" } : row.type,
      { text: row.method ?? "", style: row.is_error === true ? "bad" : "plain" },
      row.rpc_id === undefined ? "" : String(row.rpc_id),
      dim(row.call === undefined ? "" : String(row.call)),
      row.latency_ms === undefined ? "" : duration(row.latency_ms),
      bytes(row.bytes),
      [row.is_error === true ? "error" : "", row.malformed ?? "", ...row.warnings ?? []].filter(Boolean).join(", "),
    ],
  },
  findings: {
    columns: [
      { title: "ID", right: true },
      TIME,
      { title: "SEVERITY" },
      { title: "RULE", most: 40 },
      { title: "SERVER", most: 24 },
      { title: "CALL", right: true },
      { title: "WHAT" },
    ],
    cells: (row, when) => [
      dim(String(row.id)),
      dim(when(row.time)),
      styled(row.severity, SEVERITIES),
      row.rule,
      row.server_name ?? "",
      dim(row.call === undefined ? "" : String(row.call)),
      row.message,
    ],
  },
  events: {
    columns: [
      { title: "ID", right: true },
      TIME,
      { title: "KIND" },
      { title: "NAME", most: 34 },
      { title: "PROCESS", most: 28 },
      { title: "CALL", right: true },
      { title: "WHAT" },
    ],
    cells: (row, when) => [
      dim(String(row.id)),
      dim(when(row.time)),
      row.kind === "gap" ? { text: row.kind, style: "warn" } : row.kind,
      row.name,
      who(row.process),
      dim(row.call === undefined ? "" : String(row.call)),
      row.message ?? (row.data === undefined ? "" : JSON.stringify(row.data)),
    ],
  },
  http: {
    columns: [
      { title: "ID", right: true },
      TIME,
      { title: "CLIENT", most: 24 },
      { title: "METHOD" },
      { title: "HOST", most: 30 },
      { title: "STATUS", right: true },
      { title: "TOOK", right: true },
      { title: "SENT", right: true },
      { title: "RECEIVED", right: true },
      { title: "TLS" },
      { title: "MCP" },
      { title: "TARGET" },
    ],
    cells: (row, when) => [
      dim(String(row.id)),
      dim(when(row.time)),
      who(row.client),
      row.method,
      row.authority ?? "",
      row.status === undefined ? dim("open") : { text: String(row.status), style: row.status >= 400 ? "bad" : "plain" },
      row.duration_ms === undefined ? "" : duration(row.duration_ms),
      bytes(row.request_bytes),
      bytes(row.response_bytes),
      dim(row.tls ?? ""),
      dim(row.mcp ? "yes" : ""),
      row.target,
    ],
  },
  servers: {
    columns: [
      { title: "NAME", most: 32 },
      { title: "VERSION", most: 16 },
      { title: "OVER" },
      { title: "CALLS", right: true },
      { title: "ERRORS", right: true },
      { title: "FINDINGS", right: true },
      { title: "TOOLS", right: true },
      { title: "TOKENS", right: true },
      { title: "KEY" },
    ],
    cells: (row) => [
      { text: row.name, style: "strong" },
      row.version ?? "",
      row.transport,
      count(row.calls),
      { text: number(row.errors), style: "bad" },
      { text: number(row.findings), style: "warn" },
      number(row.tools),
      row.tokens === undefined ? "" : count(row.tokens),
      dim(row.key),
    ],
  },
  tools: {
    columns: [
      { title: "SERVER", most: 40 },
      { title: "KIND" },
      { title: "NAME", most: 40 },
      { title: "CALLS", right: true },
      { title: "ERRORS", right: true },
      { title: "TOKENS", right: true },
      { title: "DESCRIPTION" },
    ],
    cells: (row) => [
      row.server,
      row.kind,
      { text: row.name, style: "strong" },
      number(row.calls),
      { text: number(row.errors), style: "bad" },
      row.tokens === undefined ? "" : count(row.tokens),
      dim(row.description ?? ""),
    ],
  },
};

function worst(severity: string, findings: number): Cell {
  return { text: findings === 1 ? severity : `${severity} ×${findings}`, style: SEVERITIES[severity] ?? "plain" };
}
