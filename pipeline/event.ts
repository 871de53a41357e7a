/**
 * What flows through a pipeline: one discriminated union, `kind` first.
 *
 * All times are milliseconds since the Unix epoch with a fraction (a double resolves about 0.25 µs there),
 * so `new Date(event.time)` works.
 *
 * @module
 */

import type { LogicalCall, McpContext, McpSession } from "./context.ts";

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

/** What carries the bytes. `sensor`: nothing; they are messages as a sensor inside a process told of them. */
export type Medium = "pipe" | "unix" | "tcp" | "tls" | "sensor";

/** How a message travelled. */
export type Transport = "stdio" | "http" | "sse";

/** Address of one end of a TCP connection. */
export interface Endpoint {
  /** IPv4 or IPv6 address in its shortest text form, without brackets. */
  readonly address: string;
  /** TCP port. */
  readonly port: number;
}

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
  /** Of `tcp` and `tls`: the sending end's address. Set by the source, for `tls` maybe after the first chunks. */
  from?: Endpoint | undefined;
  /** Of `tcp` and `tls`: the receiving end's address, likewise. */
  to?: Endpoint | undefined;
  /** Of `tls`: what the plaintext was taken from: `openssl`, `boringssl`, `gnutls`, `go`, `rustls`. */
  readonly tls?: string | undefined;
  /** Of `sensor`: how its messages travel; undefined stands for stdio. */
  readonly transport?: Transport | undefined;
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
  /** Of a stream of a sensor: the event whose message this chunk is, whole. */
  readonly sensor?: SensorEvent | undefined;
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
  readonly transport: Transport;
  /** The stream that the message was seen on. */
  readonly stream: Stream;
  /** The HTTP exchange that carried the message, unless it came over stdio. */
  readonly http?: HttpExchange | undefined;
  /** The `id` of the server-sent event that carried the message, if it had one. */
  readonly sseId?: string | undefined;
  /** What a sensor inside a process told of the message, if one did. */
  readonly sensor?: SensorEvent | undefined;
  /** The same message as others saw it, joined by `transforms/merge`. */
  readonly views?: readonly McpEvent[] | undefined;
  /** What `transforms/mcp` added: revision, session, server, logical call, trace. */
  readonly context?: McpContext | undefined;
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

/** Header fields in their order, names in lower case. Credentials are shown as a hash unless the user wants them. */
export type HttpHeaders = readonly (readonly [name: string, value: string])[];

/** The head of a request. */
export interface HttpRequestHead {
  /** As sent: `POST`. Empty where it is not known: of HTTP/2 joined late. */
  readonly method: string;
  /** Request target as sent: `/mcp?x=1`, `http://host/mcp` or `*`. Of HTTP/2: `:path`; empty where it is not known. */
  readonly target: string;
  /** `Host` or `:authority`, where known: `localhost:3000`. */
  readonly authority: string | undefined;
  /** Without HTTP/2's pseudo headers. */
  readonly headers: HttpHeaders;
  /** Trailers, once they have come. */
  readonly trailers?: HttpHeaders | undefined;
}

/** The head of a response. */
export interface HttpResponseHead {
  /** 100 to 999; 0 where it is not known: of HTTP/2 joined late. Interim ones (1xx) are not shown, but for 101. */
  readonly status: number;
  /** Without HTTP/2's pseudo headers. */
  readonly headers: HttpHeaders;
  /** Trailers, once they have come. */
  readonly trailers?: HttpHeaders | undefined;
}

/**
 * One request and its response. Shared by all events of the exchange and filled in as they are seen: `response` and the
 * later times are undefined in the request's event at the time it is made.
 */
export interface HttpExchange {
  /** Unique within one run of the transform that made it. */
  readonly id: number;
  /** Protocol version. */
  readonly version: "1.0" | "1.1" | "2";
  /** Of HTTP/2: the stream's number. */
  readonly streamId?: number | undefined;
  /** Undefined if capture began later. */
  readonly request: HttpRequestHead | undefined;
  /** Undefined until its head was seen. */
  readonly response: HttpResponseHead | undefined;
  /** Milliseconds since the epoch of what was seen so far: first and last byte each way. */
  readonly times: {
    readonly requestStart?: number | undefined;
    readonly requestEnd?: number | undefined;
    readonly responseStart?: number | undefined;
    readonly responseEnd?: number | undefined;
  };
  /** Who asks, where known. */
  readonly client: Process | undefined;
  /** Who answers, where known. */
  readonly server: Process | undefined;
  /** Direction of the request; its `reverse` is that of the response. */
  readonly stream: Stream;
}

/**
 * A request or response as a whole, or a part of a response that streams. Bodies are without transfer coding and content
 * coding (gzip and the like).
 */
export interface HttpEvent extends EventBase {
  /** Tells the events apart. */
  readonly kind: "http";
  /**
   * `request` and `response`: head and whole body have been seen; of a response in `text/event-stream` the head only, then
   * come its events as `sse` and at last `end`.
   */
  readonly type: "request" | "response" | "sse" | "end";
  /** The direction it was seen on. */
  readonly stream: Stream;
  /** What it belongs to. */
  readonly exchange: HttpExchange;
  /** Of `request` and `response`: the decoded body, empty if there is none; undefined if it is not kept. */
  readonly body: Uint8Array | undefined;
  /** Bytes of the body as sent, without transfer coding; of `sse`: 0. */
  readonly wireBytes: number;
  /** Of `sse`: one event. */
  readonly sse?: {
    /** The `event` field; undefined stands for `message`. */
    readonly event: string | undefined;
    /** The `id` field. */
    readonly id: string | undefined;
    /** The lines of `data`, joined by LF. */
    readonly data: string;
  } | undefined;
  /**
   * Why the message is not whole: `reset`, `too_large`, `bytes_lost`, `bad_coding`, `joined_late`, `malformed`, `evicted`
   * (forgotten for lack of room), `unfinished` (capture ended). A `response` that is `reset` before its head leaves
   * `exchange.response` undefined.
   */
  readonly incomplete: string | undefined;
}

/** The MCP call that a sensor's process worked on when the event happened. */
export interface SensorCall {
  /** JSON-RPC id of the request. */
  readonly id: JsonRpcId;
  /** `tools/call`. */
  readonly method: string;
  /** Tool, prompt or URI. */
  readonly name?: string | undefined;
  /** `Mcp-Session-Id`, or the sensor's own name of the session. */
  readonly session?: string | undefined;
}

/**
 * What a sensor inside a process told: BlueRock's, ours (`hooks/`), or another program's NDJSON. `process` is the process
 * that the sensor runs in.
 */
export interface SensorEvent extends EventBase {
  /** Tells the events apart. */
  readonly kind: "sensor";
  /** Which sensor: `bluepython` (BlueRock's `origin`), `mcpsonde-python`, `mcpsonde-node`, or what the options say. */
  readonly sensor: string;
  /** What happened: `python_import`, `python_mcp_event`, `python_audit`. */
  readonly name: string;
  /** BlueRock's `meta.type`: `event`, `nonactionable`, `sensor_lifecycle`. */
  readonly type?: string | undefined;
  /** Counts a process's events from 0, where the sensor does: a jump is a loss. */
  readonly sequence?: number | undefined;
  /** Of what happened within a span: its id. */
  readonly span?: string | undefined;
  /** The sensor's session id, where it has one. */
  readonly session?: string | undefined;
  /** The call that was being worked on. */
  readonly call?: SensorCall | undefined;
  /** The event's own members, without the envelope (`meta`, `context`, `ts`). */
  readonly data: { readonly [name: string]: Json };
}

/** How bad a finding is, mildest first: the names of OCSF's `severity_id` 1 to 5. */
export const SEVERITIES = ["info", "low", "medium", "high", "critical"] as const;
/** How bad a finding is. */
export type Severity = typeof SEVERITIES[number];

/**
 * What a detector concluded. The optional fields follow OpenTelemetry's `gen_ai.guardrail` proposal (`gen-ai-security.md`),
 * whose names stand in brackets.
 */
export interface FindingEvent extends EventBase {
  /** Tells the events apart. */
  readonly kind: "finding";
  /** Stable dotted name: `mcp.stdio.stray_output` [`security.policy.rule.id`]. */
  readonly rule: string;
  /** How bad it is. */
  readonly severity: Severity;
  /** One sentence for a person [`verdict.reason`]. */
  readonly message: string;
  /** The text that caused it, shortened. */
  readonly evidence?: string | undefined;
  /** Where it was seen, if on one stream. */
  readonly stream?: Stream | undefined;
  /** The detector's name: `tool_drift` [`component.name`]. */
  readonly detector?: string | undefined;
  /** Kind of risk: `prompt_injection`, `sensitive_info_disclosure` [`security.risk.category`]. */
  readonly category?: string | undefined;
  /** How sure the detector is, 0 to 1 [`security.risk.score`]. */
  readonly score?: number | undefined;
  /** What was judged [`target.type`]. */
  readonly target?: "tool_definition" | "tool_call" | "tool_result" | "message" | "server" | "session" | undefined;
  /** Entries of public catalogues: `OWASP-LLM01:2025`, `OWASP-MCP03:2025`, `ATLAS-AML.T0051`. */
  readonly references?: readonly string[] | undefined;
  /** More, by name: a diff, numbers, the other server. Small. */
  readonly details?: { readonly [name: string]: Json } | undefined;
  /** The message it was found in. */
  readonly event?: McpEvent | undefined;
  /** All messages it was found in, where they are several. `transforms/mcp` makes one finding for each of them. */
  readonly events?: readonly McpEvent[] | undefined;
  /** The call it is about; a call that ends without a message ends with a finding. */
  readonly call?: LogicalCall | undefined;
  /** The session it is about. */
  readonly session?: McpSession | undefined;
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

/** Anything that flows. Later milestones add `effect` and `llm`. */
export type Event = ChunkEvent | HttpEvent | McpEvent | SensorEvent | FindingEvent | GapEvent;

/** The unit of flow. Asking for the next batch acknowledges the last. Empty batches are allowed. */
export type Batch = readonly Event[];
