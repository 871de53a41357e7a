/**
 * The JSON-RPC message event, lazy.
 *
 * @module
 */
import type { Json, JsonRpcId, McpEvent, McpType, Member, Process, Stream } from "./event.ts";

/** Offsets of a message's values in its buffer; -1 where absent. */
export interface Spans {
  readonly idStart: number;
  readonly idEnd: number;
  readonly methodStart: number;
  readonly methodEnd: number;
  readonly paramsStart: number;
  readonly paramsEnd: number;
  readonly resultStart: number;
  readonly resultEnd: number;
  readonly errorStart: number;
  readonly errorEnd: number;
}

/** The spans of a message of which nothing is known. */
export const NO_SPANS: Spans = {
  idStart: -1,
  idEnd: -1,
  methodStart: -1,
  methodEnd: -1,
  paramsStart: -1,
  paramsEnd: -1,
  resultStart: -1,
  resultEnd: -1,
  errorStart: -1,
  errorEnd: -1,
};

/** Where and when a message was seen: a chunk event will do. */
export interface Seen {
  readonly time: number;
  readonly source: string;
  readonly process?: Process | undefined;
  readonly peer?: Process | undefined;
  readonly stream: Stream;
}

/** No warnings; most messages share it. */
export const NO_WARNINGS: readonly string[] = Object.freeze([]);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * An {@linkcode McpEvent} over bytes that were scanned and not parsed. Spans are only given where the whole message is
 * valid JSON in valid UTF-8, so what lies between `from(member)` and `to(member)` can be written out as it is.
 *
 * Its maker sets `warnings`, `malformed` and what pairing finds; to everyone else it is read-only.
 */
export class Message implements McpEvent {
  readonly kind = "mcp";
  readonly time: number;
  readonly source: string;
  readonly process: Process | undefined;
  readonly peer: Process | undefined;
  transport: McpEvent["transport"] = "stdio";
  readonly stream: Stream;
  readonly type: McpType;
  readonly id: JsonRpcId | undefined;
  readonly method: string | undefined;
  readonly isError: boolean;
  request: Message | undefined = undefined;
  malformed: string | undefined = undefined;
  warnings: readonly string[] = NO_WARNINGS;
  /** True if CR or LF stands in the space between the message's tokens. */
  readonly breaks: boolean;
  /** Of a request: true once its response was seen. */
  answered = false;
  /** Of a request: true once its sender has withdrawn it. */
  cancelled = false;
  buffer: Uint8Array;
  start: number;
  end: number;
  #idStart: number;
  #idEnd: number;
  #methodStart: number;
  #methodEnd: number;
  #paramsStart: number;
  #paramsEnd: number;
  #resultStart: number;
  #resultEnd: number;
  #errorStart: number;
  #errorEnd: number;
  #params: Json | undefined = undefined;
  #result: Json | undefined = undefined;
  #error: Json | undefined = undefined;

  /** A message in `buffer[start, end)`. */
  constructor(
    seen: Seen,
    type: McpType,
    id: JsonRpcId | undefined,
    method: string | undefined,
    buffer: Uint8Array,
    start: number,
    end: number,
    spans: Spans,
    breaks: boolean,
  ) {
    this.time = seen.time;
    this.source = seen.source;
    this.process = seen.process;
    this.peer = seen.peer;
    this.stream = seen.stream;
    this.type = type;
    this.id = id;
    this.method = method;
    this.isError = spans.errorStart >= 0;
    this.breaks = breaks;
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.#idStart = spans.idStart;
    this.#idEnd = spans.idEnd;
    this.#methodStart = spans.methodStart;
    this.#methodEnd = spans.methodEnd;
    this.#paramsStart = spans.paramsStart;
    this.#paramsEnd = spans.paramsEnd;
    this.#resultStart = spans.resultStart;
    this.#resultEnd = spans.resultEnd;
    this.#errorStart = spans.errorStart;
    this.#errorEnd = spans.errorEnd;
  }

  get params(): Json | undefined {
    return this.#params ??= this.#parse(this.#paramsStart, this.#paramsEnd);
  }

  get result(): Json | undefined {
    return this.#result ??= this.#parse(this.#resultStart, this.#resultEnd);
  }

  get error(): Json | undefined {
    return this.#error ??= this.#parse(this.#errorStart, this.#errorEnd);
  }

  get latency(): number | undefined {
    return this.request === undefined ? undefined : Math.max(0, this.time - this.request.time);
  }

  get raw(): string {
    return decoder.decode(this.buffer.subarray(this.start, this.end));
  }

  from(member: Member): number {
    switch (member) {
      case "id":
        return this.#idStart;
      case "method":
        return this.#methodStart;
      case "params":
        return this.#paramsStart;
      case "result":
        return this.#resultStart;
      case "error":
        return this.#errorStart;
    }
  }

  to(member: Member): number {
    switch (member) {
      case "id":
        return this.#idEnd;
      case "method":
        return this.#methodEnd;
      case "params":
        return this.#paramsEnd;
      case "result":
        return this.#resultEnd;
      case "error":
        return this.#errorEnd;
    }
  }

  /** Adds to the warnings. */
  warn(warning: string): void {
    this.warnings = this.warnings.length === 0 ? single(warning) : [...this.warnings, warning];
  }

  /**
   * Moves the message to a buffer of its own, so that it no longer keeps a large shared one alive. `buffer` and all
   * offsets change together: who reads them does so without waiting in between.
   */
  detach(): void {
    const shift = -this.start;
    this.buffer = this.buffer.slice(this.start, this.end);
    this.end += shift;
    this.start = 0;
    if (this.#idStart >= 0) this.#idStart += shift;
    if (this.#idEnd >= 0) this.#idEnd += shift;
    if (this.#methodStart >= 0) this.#methodStart += shift;
    if (this.#methodEnd >= 0) this.#methodEnd += shift;
    if (this.#paramsStart >= 0) this.#paramsStart += shift;
    if (this.#paramsEnd >= 0) this.#paramsEnd += shift;
    if (this.#resultStart >= 0) this.#resultStart += shift;
    if (this.#resultEnd >= 0) this.#resultEnd += shift;
    if (this.#errorStart >= 0) this.#errorStart += shift;
    if (this.#errorEnd >= 0) this.#errorEnd += shift;
  }

  #parse(start: number, end: number): Json | undefined {
    return start < 0 ? undefined : JSON.parse(decoder.decode(this.buffer.subarray(start, end)));
  }
}

const singles = new Map<string, readonly string[]>();

/** A shared list of one warning. */
function single(warning: string): readonly string[] {
  let list = singles.get(warning);
  if (list === undefined) singles.set(warning, list = Object.freeze([warning]));
  return list;
}
