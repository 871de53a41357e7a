/**
 * What flows through a pipeline: one discriminated union, `kind` first.
 *
 * All times are milliseconds since the Unix epoch with a fraction (a double resolves about 0.25 µs there),
 * so `new Date(event.time)` works.
 *
 * @module
 */

/** A process as it was when the event happened. Instances are shared between events: do not change them. */
export interface Process {
  /** Thread group id in the initial pid namespace (or the namespace of the recording). */
  readonly pid: number;
  /** The kernel's task name, at most 15 bytes. */
  readonly comm: string;
  /** What a person would call it: `server-everything` rather than `node`. Falls back to `comm`. */
  readonly name: string;
  /** Parent's pid, where known. */
  readonly ppid?: number | undefined;
  /** Path of the executable, where known. */
  readonly exe?: string | undefined;
  /** Command line, where known. May be cut. */
  readonly args?: readonly string[] | undefined;
  /** cgroup path, where known. */
  readonly cgroup?: string | undefined;
  /** Container id (12 or more hex digits), where there is one. */
  readonly container?: string | undefined;
}

/** What carries the bytes. */
export type Medium = "pipe" | "unix" | "tcp" | "tls";

/**
 * One direction of one byte stream. Instances are shared and compared by identity: a transform may keep its state
 * in a `WeakMap` or `Map` keyed by the stream.
 */
export interface Stream {
  /** Unique within one run of one source. */
  readonly id: number;
  /** What carries it. */
  readonly medium: Medium;
  /**
   * The stream that carries the answers, once known: for stdio, a server's stdout for its stdin and the reverse.
   * Set by the source, possibly after the first chunks of this stream, never after the first chunk of both.
   */
  reverse: Stream | undefined;
}

/** What every event carries. */
export interface EventBase {
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly time: number;
  /** Name of the source node that made the event or its origin. */
  readonly source: string;
  /** Who did it: for bytes and messages, the sender. */
  readonly process?: Process | undefined;
  /** The other end: for bytes and messages, the receiver. */
  readonly peer?: Process | undefined;
}

/** Bytes seen on one stream. The bytes are `buffer[start, end)`; the buffer is never reused, and may be shared. */
export interface ChunkEvent extends EventBase {
  /** Tells the events apart. */
  readonly kind: "chunk";
  /** Where the bytes were seen. */
  readonly stream: Stream;
  /** Holds the bytes, and maybe others. */
  readonly buffer: Uint8Array;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset just past the last byte. */
  readonly end: number;
  /** Bytes of this stream that were lost just before this chunk; 0 as a rule. A `gap` event tells of them too. */
  readonly lost: number;
  /** True in the stream's last chunk (usually an empty one): the writer closed it or exited. */
  readonly eof: boolean;
}

/** A JSON-RPC id. MCP forbids null in requests; an error response to an unreadable request has it. */
export type JsonRpcId = string | number | null;

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** `malformed`: looked like JSON-RPC and was not; the reason is in `malformed`. */
export type McpType = "request" | "response" | "notification" | "malformed";

/** The members of a JSON-RPC envelope whose original bytes can be had. */
export type Member = "id" | "method" | "params" | "result" | "error";

/** One JSON-RPC message. Lazy: `params`, `result`, `error` and `raw` are decoded from the bytes when first asked for. */
export interface McpEvent extends EventBase {
  /** Tells the events apart. */
  readonly kind: "mcp";
  /** How the message travelled. */
  readonly transport: "stdio" | "http" | "sse";
  /** The stream that the message was seen on. */
  readonly stream: Stream;
  /** What the envelope makes it. */
  readonly type: McpType;
  /** Absent in a notification. */
  readonly id: JsonRpcId | undefined;
  /** Of a response: undefined (the method is `request.method`). */
  readonly method: string | undefined;
  /** Parsed when asked for; undefined where absent. */
  readonly params: Json | undefined;
  /** Parsed when asked for; undefined where absent. */
  readonly result: Json | undefined;
  /** The error object of an error response, whatever the peer put there. */
  readonly error: Json | undefined;
  /** True for a response that carries `error`, without parsing it. */
  readonly isError: boolean;
  /** The request that this response answers, when it was seen. */
  readonly request: McpEvent | undefined;
  /** Of a paired response: milliseconds from its request, never below 0. */
  readonly latency: number | undefined;
  /** Why the message is malformed, in a few words. */
  readonly malformed: string | undefined;
  /** Protocol oddities that are not errors, e.g. `batch`, `duplicate_id`, `orphan`, `unknown_method`. */
  readonly warnings: readonly string[];
  /** The message's own bytes: `buffer[start, end)`, without the newline. */
  readonly buffer: Uint8Array;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset just past the last byte. */
  readonly end: number;
  /** False if it is known that no CR or LF stands among the message's bytes, so that they fit into one line. */
  readonly breaks?: boolean | undefined;
  /** Offset in `buffer` where the member's value starts, or -1. Sinks splice `buffer[from(m), to(m))` unparsed. */
  from(member: Member): number;
  /** Offset in `buffer` just past the member's value, or -1. */
  to(member: Member): number;
  /** The message as text; invalid UTF-8 becomes U+FFFD. */
  readonly raw: string;
}

/** What a detector concluded. Field names follow OpenTelemetry's `gen_ai.guardrail` proposal where it has one. */
export interface FindingEvent extends EventBase {
  /** Tells the events apart. */
  readonly kind: "finding";
  /** Stable dotted name: `mcp.stdio.stray_output`. */
  readonly rule: string;
  /** How bad it is. */
  readonly severity: "info" | "warning" | "error";
  /** One sentence for a person. */
  readonly message: string;
  /** The text that caused it, shortened. */
  readonly evidence?: string | undefined;
  /** Where it was seen, if on one stream. */
  readonly stream?: Stream | undefined;
}

/** What was not seen, and why. Nothing is dropped without one of these and a counter. */
export interface GapEvent extends EventBase {
  /** Tells the events apart. */
  readonly kind: "gap";
  /** Stable snake_case name, e.g. `ring_full`, `too_large`, `evicted`, `fault`, `when_full`. */
  readonly reason: string;
  /** One sentence for a person. */
  readonly message: string;
  /** How much was lost, in the units known. */
  readonly lost?: { readonly records?: number; readonly bytes?: number; readonly messages?: number } | undefined;
  /** CPU whose records were lost, for per-CPU losses. */
  readonly cpu?: number | undefined;
  /** The stream that lost something, if it was one. */
  readonly stream?: Stream | undefined;
}

/** Anything that flows. Later milestones add `http`, `sensor`, `effect` and `llm`. */
export type Event = ChunkEvent | McpEvent | FindingEvent | GapEvent;

/** The unit of flow. Asking for the next batch acknowledges the last. Empty batches are allowed. */
export type Batch = readonly Event[];
