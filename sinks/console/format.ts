/**
 * One line an event: time, who and whom, what, and what matters of it.
 *
 * @module
 */
import type { ChunkEvent, Event, HttpEvent, HttpExchange, McpEvent } from "../../pipeline/event.ts";
import { isEventStream } from "../../pipeline/http.ts";
import type { Box } from "./box.ts";
import { callSpans } from "./call.ts";
import { detail, INDENT } from "./detail.ts";
import { Exchanges, headLines, httpLine, transportName, unusualStatus } from "./http.ts";
import { render, type Span, spansWidth, wrapped } from "./line.ts";
import { glyph, latencyStyle, methodAndId } from "./message.ts";
import { noticeSpans } from "./notice.ts";
import type { Palette } from "./palette.ts";
import { Parties } from "./parties.ts";
import { isShownSensor, sensorSpans } from "./sensor.ts";
import { summarise } from "./summarise.ts";
import { bytes, clock, duration } from "./units.ts";
import { visible } from "./visible.ts";
import { shorten } from "./width.ts";

/** How lines are made. */
export interface FormatOptions {
  readonly palette: Palette;
  readonly box: Box;
  /** Adds params, results and HTTP heads in full (within bounds) below each line, and shows all of HTTP. */
  readonly verbose: boolean;
}

/** The share of the line that the who → whom column may take. */
const PARTIES_SHARE = 0.38;
/** The share of the line that the column of methods and ids is padded to, at most. */
const METHOD_SHARE = 0.17;
/** …and at least, and at most in any case: `initialize #0`, `notifications/initialized`. */
const NARROWEST_METHOD = 13, WIDEST_METHOD = 25;
/** In narrower lines there is no column for the transport. */
const TRANSPORT_FROM = 100;
/** Where there is `http` there may be `https`. */
const WIDER = 5;
/** Longest name of a call that is named once more, in columns. */
const LONGEST_NAME = 48;

/** Most lines that a finding or a gap may take. */
export function mostLines(verbose: boolean): number {
  return verbose ? 8 : 4;
}

/** Turns events into lines; remembers column widths and who is the client. */
export class Formatter {
  readonly #options: FormatOptions;
  readonly #parties = new Parties();
  readonly #clock = clock();
  readonly #exchanges = new Exchanges();
  #method = NARROWEST_METHOD;
  /** Columns of the transport's name; none as long as all is stdio. */
  #transport = 0;

  constructor(options: FormatOptions) {
    this.#options = options;
  }

  /** The event's line or lines within `columns`, each with its newline; empty for what a person need not see. */
  format(event: Event, columns: number): string {
    const spans: Span[] = [["dim", `${this.#clock(event.time)}  `]];
    switch (event.kind) {
      case "mcp":
        this.#message(event, columns, spans);
        break;
      case "http":
        if (!this.#isShown(event)) return "";
        this.#ends(event, columns, spans);
        spans.push(["plain", "  "], ...httpLine(event, this.#exchanges.left(event.exchange)));
        break;
      case "chunk":
        if (event.end === event.start) return "";
        this.#chunk(event, columns, spans);
        break;
      case "sensor":
        if (!isShownSensor(event) && !this.#options.verbose) return "";
        spans.push(...sensorSpans(event));
        break;
      case "finding":
      case "gap":
        return this.#notice([...spans, ...noticeSpans(event)], columns);
    }
    const { palette, verbose } = this.#options;
    const line = render(spans, columns, palette) + "\n";
    if (!verbose) return line;
    if (event.kind === "http") return line + (event.type === "response" ? this.#heads(event.exchange, columns) : "");
    if (event.kind !== "mcp") return line;
    return line + detail(event, columns, palette) +
      (event.http === undefined ? "" : this.#head(event, event.http, columns));
  }

  /** What names the call of a request once more: who and whom, method, id and name. */
  title(event: McpEvent, columns: number): readonly Span[] {
    const spans: Span[] = [];
    const { call } = event.context ?? {};
    this.#ends(event, columns, spans);
    const name = call?.name;
    spans.push(["dim", this.#options.box.again], ...methodAndId(call?.request ?? event, columns));
    if (name !== undefined) spans.push(["plain", "  "], ["strong", shorten(visible(name), LONGEST_NAME)]);
    return spans;
  }

  /** The line before what is told late of a call. */
  again(time: number, title: readonly Span[], columns: number): string {
    return render([["dim", `${this.#clock(time)}  `], ...title], columns, this.#options.palette) + "\n";
  }

  /** What is wrong or missing: rare, so it may take some lines. */
  #notice(spans: readonly Span[], columns: number): string {
    const { palette, verbose } = this.#options;
    const lines = wrapped(spans, columns, INDENT, mostLines(verbose));
    return lines.map((line) => `${render(line, columns, palette)}\n`).join("");
  }

  /** Who, whom, and over what. */
  #ends(event: McpEvent | HttpEvent, columns: number, spans: Span[]): void {
    spans.push(...this.#parties.spans(event, Math.floor(columns * PARTIES_SHARE)), ["plain", "  "]);
    const name = transportName(event);
    this.#transport = Math.max(this.#transport, name === "http" ? WIDER : name.length);
    if (this.#transport > 0 && columns >= TRANSPORT_FROM) spans.push(["dim", `${name.padEnd(this.#transport)}  `]);
  }

  #isShown(event: HttpEvent): boolean {
    if (!this.#options.verbose) return this.#exchanges.isOfInterest(event);
    if (event.type === "sse") return this.#exchanges.isShownEvent(event.exchange);
    return event.type !== "request" && (event.type !== "response" || !this.#isStreamOfMcp(event));
  }

  /** The messages that follow show the head. */
  #isStreamOfMcp({ exchange }: HttpEvent): boolean {
    const { response } = exchange;
    return this.#exchanges.isMcp(exchange) && response !== undefined && isEventStream(response.headers);
  }

  /** The head of a message's request or response, once. */
  #head(event: McpEvent, exchange: HttpExchange, columns: number): string {
    const side = event.stream === exchange.stream ? "request" : "response";
    return this.#exchanges.isNew(exchange, side) ? this.#indented(headLines(exchange, side, columns), columns) : "";
  }

  #heads(exchange: HttpExchange, columns: number): string {
    return (["request", "response"] as const).map((side) =>
      this.#exchanges.isNew(exchange, side) ? this.#indented(headLines(exchange, side, columns), columns) : ""
    ).join("");
  }

  #indented(lines: readonly Span[][], columns: number): string {
    const { palette } = this.#options;
    return lines.map((spans) => `${INDENT}${render(spans, Math.max(40, columns - INDENT.length), palette)}\n`).join("");
  }

  #message(event: McpEvent, columns: number, spans: Span[]): void {
    this.#exchanges.add(event);
    this.#ends(event, columns, spans);
    spans.push(glyph(event));
    const head = methodAndId(event, columns);
    const used = spansWidth(head);
    this.#method = Math.max(this.#method, Math.min(used, WIDEST_METHOD, Math.floor(columns * METHOD_SHARE)));
    spans.push(...head);
    const rest: Span[] = [];
    if (event.latency !== undefined) rest.push([latencyStyle(event.latency), `${duration(event.latency)}  `]);
    rest.push(...callSpans(event));
    const status = unusualStatus(event);
    if (status !== undefined) rest.push(status);
    for (const warning of event.warnings) rest.push(["warn", `${visible(warning)}  `]);
    const padding = " ".repeat(Math.max(0, this.#method - used) + 2);
    const room = columns - spansWidth(spans) - padding.length - spansWidth(rest);
    rest.push(...summarise(event, Math.max(24, room)));
    if (rest.length > 0) spans.push(["plain", padding], ...rest);
  }

  #chunk(event: ChunkEvent, columns: number, spans: Span[]): void {
    const size = event.end - event.start;
    spans.push(...this.#parties.spans(event, Math.floor(columns * PARTIES_SHARE)));
    const head = event.buffer.subarray(event.start, Math.min(event.end, event.start + columns * 4));
    spans.push(["plain", `  ${bytes(size)} ${event.stream.medium}  `], [
      "dim",
      visible(new TextDecoder().decode(head)),
    ]);
  }
}
