/**
 * A call with all that belongs to it, as a document.
 *
 * @module
 */
import type { Json } from "../../../pipeline/event.ts";
import type { CallDetail } from "../../../pipeline/feed/feed.ts";
import type { CallRow, MessageRow, ProcessRow } from "../../../pipeline/store/rows.ts";
import { bytes, duration, plural } from "../../../sinks/console/units.ts";
import { callCell, durationCell, nameCell, statusCell } from "../cells.ts";
import type { DocumentSource, Node } from "../document.ts";
import { jsonNode, jsonNodes, parsed, textNodes } from "../json_nodes.ts";
import { type Piece, piece } from "../line.ts";
import { exchangeNode } from "./exchange.ts";
import { findingNode } from "./finding.ts";
import { fact, section } from "./parts.ts";
import { timeline } from "./timeline.ts";

/** JSON is unfolded to this depth at first. */
const OPEN = 2;

/** The document. */
export function callDocument(detail: CallDetail): DocumentSource {
  const { call, messages, findings, http } = detail;
  return {
    key: `call ${call.id}`,
    title: `call ${call.id}`,
    value: detail,
    build: (columns) => [
      { key: "what", pieces: callCell({ ...call, summary: "" }) },
      ...facts(call),
      ...section("findings", "Findings", findings.map((finding) => findingNode(finding, columns)), true),
      ...section("timeline", "Timeline", timeline(detail, columns), true),
      ...body("request", "Request", request(messages, call), columns),
      ...body("response", "Response", response(messages), columns),
      ...section("http", "HTTP", http.map((exchange) => exchangeNode(exchange, columns)), true),
    ],
  };
}

function facts(call: CallRow): Node[] {
  const { outcome, duration_ms, server_ms, human_ms, requests, progress, task_id, trace_id, span_id, tokens_out } =
    call;
  const times: Piece[] = durationCell(duration_ms);
  if (human_ms !== undefined && human_ms >= 1) {
    times.push(["dim", ` of which waiting for people ${duration(human_ms)}`]);
  }
  if (server_ms !== undefined && human_ms) times.push(["dim", `, the server ${duration(server_ms)}`]);
  const size = `${bytes(call.bytes_in)} in, ${bytes(call.bytes_out)} out`;
  return [
    fact("status", [...statusCell(call, 20), ...(outcome === undefined ? [] : [["plain", "  "] as Piece, ...times])]),
    fact("server", [...nameCell(call.server_name, call.server), ...process(call.server_process)]),
    fact("client", [...nameCell(call.client_name), ...process(call.client)]),
    fact("over", [piece("plain", [call.transport, call.era, `session ${call.session}`].filter(Boolean).join(" · "))]),
    fact("size", [["plain", tokens_out === undefined ? size : `${size}, ${plural(tokens_out, "token")}`]]),
    ...(requests > 1 || progress > 0
      ? [fact("took", [["plain", `${plural(requests, "request")}, ${plural(progress, "progress notification")}`]])]
      : []),
    ...(task_id === undefined ? [] : [fact("task", [piece("plain", task_id)])]),
    ...(trace_id === undefined ? [] : [fact("trace", [piece("dim", `${trace_id} ${span_id ?? ""}`)])]),
  ];
}

function process(row: ProcessRow | undefined): Piece[] {
  if (row === undefined) return [];
  const { name, comm, pid, exe, container } = row;
  const more = [exe ?? (name === comm ? undefined : comm), container && `container ${container.slice(0, 12)}`];
  return [piece("dim", `  ${name} [${pid}] ${more.filter(Boolean).join(" ")}`)];
}

/** The message of a request or response, and the members of it that matter. */
interface Body {
  readonly message: MessageRow;
  readonly members: readonly string[];
}

function request(messages: readonly MessageRow[], { method }: CallRow): Body | undefined {
  const requests = messages.filter(({ type }) => type === "request");
  const message = requests.find((row) => row.method === method) ?? requests[0];
  return message && { message, members: ["params"] };
}

function response(messages: readonly MessageRow[]): Body | undefined {
  const message = messages.findLast(({ type }) => type === "response");
  return message && { message, members: ["result", "error"] };
}

function body(key: string, title: string, found: Body | undefined, columns: number): Node[] {
  const { text, text_cut } = found?.message ?? {};
  if (found === undefined || text === undefined) return [];
  const look = { columns, open: OPEN };
  const value = parsed(text);
  const nodes = text_cut || value === undefined
    ? textNodes(key, text, look)
    : found.members.flatMap((member): readonly Node[] => {
      const inner = memberOf(value, member);
      if (inner === undefined) return [];
      return member === "error" ? [jsonNode(`${key}/error`, "error", inner, look)] : jsonNodes(key, inner, look);
    });
  const size: Piece = [
    "dim",
    `  ${bytes(found.message.bytes)}${text_cut ? ", of which only the beginning is kept" : ""}`,
  ];
  return section(key, title, nodes, true, size, () => text);
}

function memberOf(value: Json, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value[name] : undefined;
}
