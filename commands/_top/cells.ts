/**
 * Values of rows as pieces of a line, the same wherever they stand.
 *
 * @module
 */
import { type Severity } from "../../pipeline/event.ts";
import type { CallRow } from "../../pipeline/store/rows.ts";
import { bytes, clock, count, duration } from "../../sinks/console/units.ts";
import { PARTY_STYLES } from "../../sinks/console/palette.ts";
import { type Look, type Piece, piece } from "./line.ts";

const CLOCK = "00:00:00.000".length;
const time = clock();

/** Columns that a time takes, on a screen of this width. */
export function clockWidth(columns: number): number {
  return columns < 60 ? CLOCK - 4 : CLOCK;
}

/** Local time of day, with milliseconds if there is room. */
export function clockCell(ms: number, width: number): Piece[] {
  const text = time(ms);
  return [["dim", width < CLOCK ? text.slice(0, CLOCK - 4) : text]];
}

/** A duration, if there is one. */
export function durationCell(ms: number | undefined, look: Look = "plain"): Piece[] {
  return ms === undefined ? [] : [[look, duration(ms)]];
}

/** A size, if it is above 0. */
export function bytesCell(size: number): Piece[] {
  return size === 0 ? [["dim", "–"]] : [["plain", bytes(size)]];
}

/** A number; 0 is a dash. */
export function countCell(value: number | undefined, look: Look = "plain"): Piece[] {
  return value === undefined || value === 0 ? [["dim", "–"]] : [[look, count(value)]];
}

const SEVERITY_LOOKS: Readonly<Record<Severity, Look>> = {
  info: "dim",
  low: "plain",
  medium: "warn",
  high: "bad",
  critical: "alarm",
};

/** How a severity looks. */
export function severityLook(severity: Severity | undefined): Look {
  return severity === undefined ? "plain" : SEVERITY_LOOKS[severity] ?? "plain";
}

/** `!3` in the colour of the worst finding. */
export function findingsCell({ findings, severity }: Pick<CallRow, "findings" | "severity">): Piece[] {
  return findings === 0 ? [] : [[severityLook(severity), findings > 9 ? "!+" : `!${findings}`]];
}

/** What became of a call: a sign, and in words if there is room. */
export function statusCell(call: CallRow, width: number): Piece[] {
  const [look, sign, words] = status(call);
  return width < 4 ? [[look, sign]] : [[look, `${sign} `], piece(look, words)];
}

function status({ outcome, error_code }: CallRow): readonly [look: Look, sign: string, words: string] {
  switch (outcome) {
    case undefined:
      return ["ask", "▸", "open"];
    case "ok":
      return ["good", "✓", "ok"];
    case "tool_error":
      return ["bad", "✗", "tool error"];
    case "error":
      return ["bad", "✗", error_code === undefined ? "error" : String(error_code)];
    case "cancelled":
      return ["warn", "✗", "cancelled"];
    case "hung":
      return ["warn", "…", "hung"];
    default:
      return ["plain", " ", String(outcome)];
  }
}

/** How long a call took; of an open one how long it has taken so far. */
export function tookCell({ duration_ms, outcome, time }: CallRow, now: number): Piece[] {
  if (duration_ms !== undefined) return durationCell(duration_ms, duration_ms >= 1000 ? "warn" : "plain");
  return outcome === undefined && now >= time ? durationCell(now - time, "ask") : [];
}

/** What was called: `get-sum a=1, b=2`, or the method and what it is about. */
export function callCell({ method, name, summary }: CallRow): Piece[] {
  const what: Piece[] = name === undefined || name === ""
    ? [piece("plain", method)]
    : method === "tools/call"
    ? [piece("strong", name)]
    : [piece("dim", `${method} `), piece("plain", name)];
  return summary === undefined || summary === "" || summary === name ? what : [...what, piece("dim", `  ${summary}`)];
}

/** A name in a colour of its own, the same each time. */
export function nameCell(name: string | undefined, key = name ?? ""): Piece[] {
  let hash = 0;
  for (let i = 0; i < key.length && i < 200; i++) hash = (hash * 31 + key.charCodeAt(i)) >>> 0;
  return name === undefined ? [] : [piece(PARTY_STYLES[hash % PARTY_STYLES.length]!, name)];
}
