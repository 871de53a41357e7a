/**
 * An HTTP exchange, as a part of a document.
 *
 * @module
 */
import type { HttpRow } from "../../../pipeline/store/rows.ts";
import { bytes, duration } from "../../../sinks/console/units.ts";
import type { Node } from "../document.ts";
import { textNodes } from "../json_nodes.ts";
import { type Piece, piece } from "../line.ts";

/** One line, that unfolds to headers and bodies. */
export function exchangeNode(exchange: HttpRow, columns: number): Node {
  const { id, method, target, status, version, authority, duration_ms, tls, incomplete } = exchange;
  const key = `http ${id}`;
  const more = [
    `HTTP/${version.replace(/^HTTP\//i, "")}`,
    authority,
    tls,
    duration_ms === undefined ? undefined : duration(duration_ms),
    incomplete && `incomplete: ${incomplete}`,
  ].filter(Boolean).join(" · ");
  return {
    key,
    pieces: [
      piece("strong", method),
      piece("plain", ` ${target}  `),
      status === undefined ? ["warn", "no answer"] : [status >= 400 ? "bad" : "good", String(status)],
      piece("dim", `  ${more}`),
    ],
    children: () => [
      ...headers(`${key} request`, `→ headers, ${bytes(exchange.request_bytes)} of body`, exchange.request_headers),
      ...body(`${key} request body`, exchange.request_body, columns),
      ...headers(`${key} response`, `← headers, ${bytes(exchange.response_bytes)} of body`, exchange.response_headers),
      ...body(`${key} response body`, exchange.response_body, columns),
    ],
  };
}

function headers(key: string, title: string, fields: HttpRow["request_headers"]): Node[] {
  const text = () => fields.map(([name, value]) => `${name}: ${value}`).join("\n");
  const line = ([name, value]: readonly [string, string], i: number): Node => ({
    key: `${key} ${i}`,
    pieces: [piece("party0", name), ["dim", ": "], piece("plain", value)] satisfies Piece[],
    text: () => value,
  });
  return [{ key, pieces: [["dim", title]], open: true, children: () => fields.map(line), text }];
}

function body(key: string, text: string | undefined, columns: number): Node[] {
  if (text === undefined || text === "") return [];
  return [{
    key,
    pieces: [["dim", "body"]],
    children: () => textNodes(key, text, { columns, open: 2 }),
    text: () => text,
  }];
}
