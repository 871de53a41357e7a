/**
 * What happened in a call, in its order: messages, findings, what sensors told.
 *
 * @module
 */
import type { CallDetail } from "../../../pipeline/feed/feed.ts";
import type { EventRow, FindingRow, MessageRow } from "../../../pipeline/store/rows.ts";
import { bytes, duration } from "../../../sinks/console/units.ts";
import { severityLook } from "../cells.ts";
import type { Node } from "../document.ts";
import { jsonNodes, parsed, textNodes } from "../json_nodes.ts";
import { fit, type Piece, piece } from "../line.ts";

const AFTER = 9;

/** A line for each. */
export function timeline({ call, messages, findings, events }: CallDetail, columns: number): Node[] {
  const after = (
    time: number,
  ): Piece[] => [...fit([["dim", `+${duration(Math.max(0, time - call.time))}`]], AFTER, "right"), [
    "plain",
    "  ",
  ]];
  const entries = [
    ...messages.map((message) => ({ time: message.time, node: messageNode(message, after(message.time), columns) })),
    ...findings.map((finding) => ({ time: finding.time, node: foundNode(finding, after(finding.time)) })),
    ...events.map((event) => ({ time: event.time, node: eventNode(event, after(event.time), columns) })),
  ];
  return entries.sort((a, b) => a.time - b.time).map(({ node }) => node);
}

function messageNode(message: MessageRow, after: readonly Piece[], columns: number): Node {
  const { id, sender, text, warnings = [], malformed } = message;
  const arrow = sender === undefined ? "•" : sender === "client" ? "→" : "←";
  const oddities = [...warnings, ...(malformed === undefined ? [] : [`malformed: ${malformed}`])].join(", ");
  return {
    key: `message ${id}`,
    pieces: [
      ...after,
      ["dim", `${arrow} `],
      ...said(message),
      piece("dim", `  ${bytes(message.bytes)}`),
      piece(
        "warn",
        oddities === "" ? "" : `  ${oddities}`,
      ),
    ],
    ...(text === undefined ? {} : {
      children: () => textNodes(`message ${id}`, text, { columns, open: 1 }),
      text: () => text,
    }),
  };
}

function said({ type, method, rpc_id, is_error, latency_ms, text }: MessageRow): Piece[] {
  const id = rpc_id === undefined ? "" : ` #${rpc_id}`;
  switch (type) {
    case "response": {
      const took: Piece[] = latency_ms === undefined ? [] : [["dim", `  after ${duration(latency_ms)}`]];
      return [is_error ? ["bad", "✗ error"] : ["good", "✓ result"], piece("dim", id), ...took];
    }
    case "request":
      return [["ask", "▸ "], piece("plain", method ?? "?"), piece("dim", id)];
    case "notification":
      return [["dim", "• "], piece("plain", method ?? "?"), piece("dim", progress(method, text))];
    default:
      return [["bad", "✗ malformed"]];
  }
}

/** `  3/10 half way`, of a progress notification. */
function progress(method: string | undefined, text: string | undefined): string {
  if (method !== "notifications/progress" || text === undefined) return "";
  const message = parsed(text);
  const params = typeof message === "object" && message !== null && !Array.isArray(message) ? message["params"] : null;
  if (typeof params !== "object" || params === null || Array.isArray(params)) return "";
  const { progress: done, total, message: note } = params;
  const [of, said] = [total === undefined ? "" : `/${String(total)}`, typeof note === "string" ? ` ${note}` : ""];
  return `  ${String(done)}${of}${said}`;
}

function foundNode({ id, severity, message }: FindingRow, after: readonly Piece[]): Node {
  return { key: `found ${id}`, pieces: [...after, piece(severityLook(severity), `! ${message}`)] };
}

function eventNode(
  { id, kind, name, message, data, process }: EventRow,
  after: readonly Piece[],
  columns: number,
): Node {
  const by = process === undefined ? "" : `  ${process.name} [${process.pid}]`;
  return {
    key: `event ${id}`,
    pieces: [
      ...after,
      [kind === "gap" ? "warn" : "party3", "· "],
      piece("plain", name),
      piece("dim", message === undefined ? by : `  ${message}`),
    ],
    ...(data === undefined ? {} : { children: () => jsonNodes(`event ${id}`, { ...data }, { columns, open: 1 }) }),
  };
}
