/**
 * What stands under a call, as lines.
 *
 * @module
 */
import type { FindingEvent, HttpExchange, McpEvent } from "../../../pipeline/event.ts";
import { isEventStream } from "../../../pipeline/http.ts";
import { callSpans } from "../call.ts";
import { detailLines } from "../detail.ts";
import { headLines, unusualStatus } from "../http.ts";
import { render, type Span, wrapped } from "../line.ts";
import { glyph, latencyStyle, methodAndId } from "../message.ts";
import type { Palette } from "../palette.ts";
import { summarise } from "../summarise.ts";
import { type About, type Under, underSpans } from "../under.ts";
import { duration } from "../units.ts";
import { visible } from "../visible.ts";
import type { Ending } from "./node.ts";

/** Room that a summary is made for, in columns, before it is known how much there is. */
const ROOM = 120;
/** In such narrow lines methods go without `notifications/`. */
const NARROW = 100;
/** Columns that most latencies take: `0.42 ms`. */
const LATENCY_COLUMNS = 7;

/** A message on one line, without time and parties. */
export function messageSpans(event: McpEvent): Span[] {
  const spans: Span[] = [glyph(event), ...methodAndId(event, NARROW), ["plain", "  "]];
  if (event.latency !== undefined) spans.push([latencyStyle(event.latency), `${duration(event.latency)}  `]);
  spans.push(...notes(event), ...summarise(event, ROOM));
  return spans;
}

/** How a message ends a call. */
export function endingOf(event: McpEvent): Ending {
  const middle: Span[] = [];
  const isWhole = (event.context?.call?.requests ?? 1) <= 1; // else the notes tell how long it took
  if (event.latency !== undefined && isWhole) {
    middle.push([latencyStyle(event.latency), `${duration(event.latency).padStart(LATENCY_COLUMNS)}  `]);
  }
  middle.push(...notes(event));
  const isResponse = event.type === "response";
  return {
    glyph: isResponse ? glyph(event) : ["bad", "✗ "],
    middle,
    result: isResponse ? summarise(event, ROOM) : [],
  };
}

/**
 * How a finding ends its call: one that ends without a message does. The call is as it is now, and its end may come only
 * later, with a message.
 */
export function endingByFinding({ call, time }: FindingEvent): Ending | undefined {
  if (call?.outcome === undefined || call.response !== undefined || time < call.lastTime) return undefined;
  return { glyph: ["bad", "✗ "], middle: [["bad", `${call.outcome.padStart(LATENCY_COLUMNS)}  `]], result: [] };
}

function notes(event: McpEvent): Span[] {
  const status = unusualStatus(event);
  const warnings = event.warnings.map((warning): Span => ["warn", `${visible(warning)}  `]);
  return [...callSpans(event), ...(status === undefined ? [] : [status]), ...warnings];
}

/** Params, result or error in full, behind the message's glyph. */
export function fullLines(event: McpEvent, columns: number, palette: Palette): string[] {
  const [style, sign] = glyph(event);
  return detailLines(event, columns - sign.length, palette).map((line, i) =>
    (i === 0 ? palette[style](sign) : " ".repeat(sign.length)) + line
  );
}

/** A finding or a sensor's event. */
export function underPart(
  event: Under,
  known: About | undefined,
  columns: number,
  mostLines: number,
  palette: Palette,
): string[] {
  return wrapped(underSpans(event, known), columns, "", event.kind === "finding" ? mostLines : 1)
    .map((line) => render(line, columns, palette));
}

/** `https POST /mcp 200 · event stream · first byte after 2.1 ms`, and the heads if they are wanted. */
export function exchangeLines(
  transport: string,
  exchange: HttpExchange,
  columns: number,
  palette: Palette,
  verbose: boolean,
): string[] {
  const { request, response, times: { requestEnd, responseStart } } = exchange;
  const spans: Span[] = [["dim", `${transport} `]];
  spans.push(["dim", request === undefined ? "(request not seen)" : visible(`${request.method} ${request.target}`)]);
  if (response !== undefined) {
    spans.push([response.status >= 400 ? "bad" : response.status >= 300 ? "warn" : "dim", ` ${response.status}`]);
    if (isEventStream(response.headers)) spans.push(["dim", " · event stream"]);
  }
  if (requestEnd !== undefined && responseStart !== undefined && responseStart > requestEnd) {
    spans.push(["dim", ` · first byte after ${duration(responseStart - requestEnd)}`]);
  }
  const lines = [render(spans, columns, palette)];
  if (!verbose) return lines;
  for (const side of ["request", "response"] as const) {
    for (const head of headLines(exchange, side, columns - 2)) lines.push(`  ${render(head, columns - 2, palette)}`);
  }
  return lines;
}
