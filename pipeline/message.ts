/**
 * The JSON-RPC message event, lazy.
 *
 * @module
 */
import type { McpContext } from "./context.ts";
import type {
  HttpExchange,
  Json,
  JsonRpcId,
  McpEvent,
  McpType,
  Member,
  Process,
  SensorEvent,
  Stream,
} from "./event.ts";

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
  // Declared and not defined, as a million are made in a second: the constructor sets each field once.
  declare readonly kind: "mcp";
  declare readonly time: number;
  declare readonly source: string;
  declare readonly process: Process | undefined;
  declare readonly peer: Process | undefined;
  declare transport: McpEvent["transport"];
  declare readonly stream: Stream;
  // These two are set on messages over HTTP only: the others, of which there are many more, need no room for them.
  declare http?: HttpExchange | undefined;
  declare sseId?: string | undefined;
  // Likewise, on messages that a sensor told of, or that several saw.
  declare sensor?: SensorEvent | undefined;
  declare views?: readonly McpEvent[] | undefined;
  /** Set by `transforms/mcp`, where it runs. */
  declare context: McpContext | undefined;
  declare readonly type: McpType;
  declare readonly id: JsonRpcId | undefined;
  declare readonly method: string | undefined;
  declare request: Message | undefined;
  declare malformed: string | undefined;
  declare warnings: readonly string[];
  /** True if CR or LF stands in the space between the message's tokens. */
  declare readonly breaks: boolean;
  /** Of a request: true once its response was seen. */
  declare answered: boolean;
  /** Of a request: true once its sender has withdrawn it. */
  declare cancelled: boolean;
  declare buffer: Uint8Array;
  declare start: number;
  declare end: number;
  declare private idStart: number;
  declare private idEnd: number;
  declare private methodStart: number;
  declare private methodEnd: number;
  declare private paramsStart: number;
  declare private paramsEnd: number;
  declare private resultStart: number;
  declare private resultEnd: number;
  declare private errorStart: number;
  declare private errorEnd: number;
  declare private values: Partial<Record<Member, Json>> | undefined;

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
    this.kind = "mcp";
    this.time = seen.time;
    this.source = seen.source;
    this.process = seen.process;
    this.peer = seen.peer;
    this.transport = "stdio";
    this.stream = seen.stream;
    this.type = type;
    this.id = id;
    this.method = method;
    this.context = undefined;
    this.request = undefined;
    this.malformed = undefined;
    this.warnings = NO_WARNINGS;
    this.breaks = breaks;
    this.answered = false;
    this.cancelled = false;
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.idStart = spans.idStart;
    this.idEnd = spans.idEnd;
    this.methodStart = spans.methodStart;
    this.methodEnd = spans.methodEnd;
    this.paramsStart = spans.paramsStart;
    this.paramsEnd = spans.paramsEnd;
    this.resultStart = spans.resultStart;
    this.resultEnd = spans.resultEnd;
    this.errorStart = spans.errorStart;
    this.errorEnd = spans.errorEnd;
    this.values = undefined;
  }

  get isError(): boolean {
    return this.errorStart >= 0;
  }

  get params(): Json | undefined {
    return this.#value("params");
  }

  get result(): Json | undefined {
    return this.#value("result");
  }

  get error(): Json | undefined {
    return this.#value("error");
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
        return this.idStart;
      case "method":
        return this.methodStart;
      case "params":
        return this.paramsStart;
      case "result":
        return this.resultStart;
      case "error":
        return this.errorStart;
    }
  }

  to(member: Member): number {
    switch (member) {
      case "id":
        return this.idEnd;
      case "method":
        return this.methodEnd;
      case "params":
        return this.paramsEnd;
      case "result":
        return this.resultEnd;
      case "error":
        return this.errorEnd;
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
    const { start } = this;
    const moved = (offset: number) => offset < 0 ? offset : offset - start;
    this.buffer = this.buffer.slice(start, this.end);
    this.start = 0;
    this.end -= start;
    this.idStart = moved(this.idStart);
    this.idEnd = moved(this.idEnd);
    this.methodStart = moved(this.methodStart);
    this.methodEnd = moved(this.methodEnd);
    this.paramsStart = moved(this.paramsStart);
    this.paramsEnd = moved(this.paramsEnd);
    this.resultStart = moved(this.resultStart);
    this.resultEnd = moved(this.resultEnd);
    this.errorStart = moved(this.errorStart);
    this.errorEnd = moved(this.errorEnd);
  }

  /** Parses a member's value, the first time. */
  #value(member: Member): Json | undefined {
    const from = this.from(member);
    if (from < 0) return undefined;
    const values = this.values ??= {};
    return values[member] ??= JSON.parse(decoder.decode(this.buffer.subarray(from, this.to(member)))) as Json;
  }
}

const singles = new Map<string, readonly string[]>();

/** A shared list of one warning. */
function single(warning: string): readonly string[] {
  let list = singles.get(warning);
  if (list === undefined) singles.set(warning, list = Object.freeze([warning]));
  return list;
}
