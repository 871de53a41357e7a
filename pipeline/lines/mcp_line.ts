/**
 * The line of a message: the values' own bytes between ours, nothing parsed.
 *
 * @module
 */
import type { McpContext } from "../context.ts";
import type { McpEvent } from "../event.ts";
import type { Constant, Gather } from "../output/gather.ts";
import { CallWriter } from "./call.ts";
import { HeadWriter, ID } from "./heads.ts";
import { HttpTransports } from "./http_transport.ts";
import { viewsJson } from "./views.ts";

/** Longest text of a malformed message, in UTF-16 units. */
const RAW = 65_536;
const encoder = new TextEncoder();
const CR = 0x0d, LF = 0x0a, SPACE = 0x20;

/** What stands between the values. */
const OURS = {
  id: ID,
  method: ',"method":',
  params: ',"params":',
  result: ',"result":',
  error: ',"error":',
  noError: ',"error":{}',
  request: ',"request":{"type":"request"',
  requestId: `,"request":{"type":"request"${ID}`,
  latency: '},"latency_ms":',
  trace: ',"trace_id":"',
  span: '","span_id":"',
  quote: '"',
  end: "}\n",
} as const;

/** How lines are written. */
export interface LineOptions {
  /** Add the message's text as a string. */
  readonly raw: boolean;
  /** Write `"error":{}` where there is no error, as MCPSpy does, and the text. */
  readonly compat: "mcpspy" | undefined;
  /** Add each end's executable, command line and cgroup. */
  readonly details: boolean;
  /** Add estimated tokens to the record of each call. */
  readonly tokens: boolean;
}

/** Writes the lines of messages. */
export class McpLines {
  readonly #out: Gather;
  readonly #ours: Readonly<Record<keyof typeof OURS, Constant>>;
  readonly #heads: HeadWriter;
  readonly #raw: boolean;
  readonly #emptyError: boolean;
  readonly #http: HttpTransports;
  readonly #calls: CallWriter;

  /** Writes to `out`, and remembers what streams have in common. */
  constructor(out: Gather, { raw, compat, details, tokens }: LineOptions) {
    const ours = (name: keyof typeof OURS) => out.constant(encoder.encode(OURS[name]));
    this.#out = out;
    this.#ours = {
      id: ours("id"),
      method: ours("method"),
      params: ours("params"),
      result: ours("result"),
      error: ours("error"),
      noError: ours("noError"),
      request: ours("request"),
      requestId: ours("requestId"),
      latency: ours("latency"),
      trace: ours("trace"),
      span: ours("span"),
      quote: ours("quote"),
      end: ours("end"),
    };
    this.#calls = new CallWriter(out, tokens);
    this.#heads = new HeadWriter(out, details); // the last to make constants: it may forget all that come after
    this.#raw = raw || compat === "mcpspy";
    this.#emptyError = compat === "mcpspy";
    this.#http = new HttpTransports(out, details);
  }

  /** Adds the line, its newline included. */
  write(event: McpEvent): void {
    const out = this.#out, ours = this.#ours;
    const { request, http, context } = event;
    // one piece for what stands side by side in most lines
    const withId = http === undefined && (event.type === "request" || event.type === "response") &&
      event.from("id") >= 0;
    this.#heads.write(event, withId);
    if (http !== undefined) this.#http.write(event, http);
    out.ahead(event.buffer, event.start, event.end);
    this.#values(event, withId ? undefined : ours.id);
    if (request !== undefined) {
      if (request.from("id") < 0) out.put(ours.request);
      this.#values(request, ours.requestId);
      out.put(ours.latency);
      this.#calls.millis(event.latency ?? 0);
    }
    if (context !== undefined) this.#context(event, context);
    if (event.sensor !== undefined || event.views !== undefined) out.text(viewsJson(event));
    if (event.warnings.length > 0) out.text(`,"warnings":${JSON.stringify(event.warnings)}`);
    if (event.type === "malformed") this.#malformed(event);
    else if (this.#raw) out.text(`,"raw":${JSON.stringify(event.raw)}`);
    out.put(ours.end);
  }

  /** What differs from message to message of what `transforms/mcp` tells; the rest is in the head. */
  #context(event: McpEvent, { trace, call, endsCall }: McpContext): void {
    const of = trace ?? event.request?.context?.trace;
    if (of !== undefined) {
      const out = this.#out, ours = this.#ours;
      out.put(ours.trace);
      out.text(of.traceId);
      out.put(ours.span);
      out.text(of.spanId);
      out.put(ours.quote);
    }
    if (call !== undefined && endsCall) this.#calls.write(call, this.#heads);
  }

  /**
   * The envelope's members. What lies side by side is copied in one piece: if there is as much between two values as
   * the second one's name takes, it is that name, as nothing shorter can stand there. `beforeId`: what has to be put before
   * an id.
   */
  #values(event: McpEvent, beforeId: Constant | undefined): void {
    const out = this.#out, ours = this.#ours;
    const moved = event.breaks === false ? 0 : event.start;
    const buffer = event.breaks === false ? event.buffer : oneLine(event);
    const method = event.from("method"), params = event.from("params");
    const result = event.from("result"), error = event.from("error");
    let from = event.from("id"), to = event.to("id");
    if (from >= 0 && beforeId !== undefined) out.put(beforeId);
    if (method >= 0) {
      if (from < 0 || method !== to + ours.method.length) {
        if (from >= 0) out.splice(buffer, from - moved, to - moved);
        out.put(ours.method);
        from = method;
      }
      to = event.to("method");
    }
    if (params >= 0) {
      if (from < 0 || params !== to + ours.params.length) {
        if (from >= 0) out.splice(buffer, from - moved, to - moved);
        out.put(ours.params);
        from = params;
      }
      to = event.to("params");
    }
    if (result >= 0) {
      if (from < 0 || result !== to + ours.result.length) {
        if (from >= 0) out.splice(buffer, from - moved, to - moved);
        out.put(ours.result);
        from = result;
      }
      to = event.to("result");
    }
    if (error >= 0) {
      if (from < 0 || error !== to + ours.error.length) {
        if (from >= 0) out.splice(buffer, from - moved, to - moved);
        out.put(ours.error);
        from = error;
      }
      to = event.to("error");
    }
    if (from >= 0) out.splice(buffer, from - moved, to - moved);
    if (this.#emptyError && error < 0) out.put(ours.noError);
  }

  #malformed(event: McpEvent): void {
    const out = this.#out;
    const { start, end } = event;
    const text = event.raw;
    const shown = text.length > RAW ? text.slice(0, RAW) : text;
    out.text(`,"malformed":${JSON.stringify(event.malformed ?? "")},"raw":${JSON.stringify(shown)}`);
    if (shown.length < text.length) out.text(`,"raw_bytes":${end - start}`);
  }
}

/** The message without line breaks: in JSON they can only be space between tokens. */
function oneLine({ buffer, start, end }: McpEvent): Uint8Array {
  const line = buffer.slice(start, end);
  for (let at = 0; at < line.length; at++) if (line[at] === CR || line[at] === LF) line[at] = SPACE;
  return line;
}
