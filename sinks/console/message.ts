/**
 * What begins the line of a message: its glyph, method and id.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import { isInterim } from "./call.ts";
import type { Span } from "./line.ts";
import type { Style } from "./palette.ts";
import { failed } from "./summarise.ts";
import { visible } from "./visible.ts";
import { shorten } from "./width.ts";

/** In narrower lines `notifications/progress` is `progress`; its glyph tells that it is a notification. */
const ROOMY = 120;
/** From this latency on, in milliseconds, a response's latency is highlighted. */
const SLOW = 1000;

type Glyph = "request" | "response" | "interim" | "failure" | "notification" | "malformed";

const GLYPHS: Readonly<Record<Glyph, Span>> = {
  request: ["ask", "▸ "],
  response: ["good", "✓ "],
  interim: ["warn", "… "],
  failure: ["bad", "✗ "],
  notification: ["dim", "• "],
  malformed: ["warn", "⚠ "],
};

/** Its glyph. */
export function glyph(event: McpEvent): Span {
  return GLYPHS[failed(event) ? "failure" : isInterim(event) ? "interim" : event.type];
}

/** Its method and id. */
export function methodAndId(event: McpEvent, columns: number): Span[] {
  const method = event.method ?? event.request?.method;
  const name = method !== undefined
    ? shorten(visible(columns < ROOMY ? method.replace(/^notifications\//, "") : method), 48)
    : event.type === "malformed"
    ? "malformed"
    : event.isError
    ? "error"
    : "result";
  const style: Style = event.type === "request" ? "strong" : event.type === "malformed" ? "warn" : "plain";
  if (event.id === undefined) return [[style, name]];
  return [[style, name], ["dim", ` #${shorten(visible(String(event.id)), 12)}`]];
}

/** How a latency in milliseconds looks. */
export function latencyStyle(latency: number): Style {
  return latency >= 10 * SLOW ? "bad" : latency >= SLOW ? "warn" : "dim";
}
