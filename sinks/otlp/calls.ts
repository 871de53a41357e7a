/**
 * Spans and durations of calls.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { LogicalCall, McpContext, McpSession, TraceContext } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import { isObject } from "../../pipeline/json.ts";
import { resourceUri } from "../../pipeline/mapping/about.ts";
import { shortened } from "../../pipeline/shortened.ts";
import { callAttributes, clientPort, type Ending, endingOf, spanName } from "./attributes.ts";
import type { Happened } from "./call_events.ts";
import type { AttributeWriter, Encoding } from "./encoding.ts";
import { CLIENT, hexOf, ids, joinTrace, makeIds, PARENT, SERVER, TRACE } from "./ids.ts";
import type { Instruments } from "./instruments.ts";
import { type Kind, type Lane, Lanes, type Variant } from "./lanes.ts";
import type { Resources } from "./resources.ts";
import { type Role, type Shape, SpanTemplate } from "./template.ts";
import { nanos } from "./time.ts";
import { linkOf, parentOf, type Roles, rolesOf, type SpanMode } from "./trace.ts";
import { FLAG_HAS_IS_REMOTE, FLAG_IS_REMOTE, SPAN_KIND, STATUS_ERROR } from "./types.ts";
import { type Attributes, brief, keyValues } from "./values.ts";

/** What is made of calls. */
export interface CallOptions {
  readonly encoding: Encoding;
  /** Spans are wanted, and which. */
  readonly spans: SpanMode | false;
  /** Durations are wanted. */
  readonly durations: boolean;
  /** Longest arguments and results that spans have, in UTF-16 units; 0 for none. */
  readonly content: number;
}

/** A call that has ended. */
export interface Ended {
  readonly call: LogicalCall;
  readonly session: McpSession;
  readonly sender: McpContext["sender"];
  /** The message that ended it, if one did. */
  readonly last: McpEvent | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** What was said of it, if no message ended it. */
  readonly said: string | undefined;
  readonly happened: Happened | undefined;
}

/** Of what is told of a call elsewhere. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
}

const SAMPLED = 1;
/** Ids that need no escape, which is nearly all. */
const PLAIN = /^[\w.:/+=-]{1,64}$/;
const ROOM = 64 * 1024;
/** Digits of a port. */
const PORT = 5;

/** Makes spans, and measures. */
export class Calls {
  readonly #options: CallOptions;
  readonly #lanes: Lanes;
  readonly #instruments: Instruments;
  readonly #id: AttributeWriter;
  readonly #port: AttributeWriter;
  #scratch = Buffer.allocUnsafe(ROOM);

  constructor(options: CallOptions, resources: Resources, instruments: Instruments) {
    this.#options = options;
    this.#lanes = new Lanes(resources);
    this.#instruments = instruments;
    this.#id = options.encoding.attribute("Span", "jsonrpc.request.id", "string");
    this.#port = options.encoding.attribute("Span", "client.port", "int");
  }

  /** Adds the records of a call to `out`. They are good until the next call. */
  end(ended: Ended, out: Uint8Array[]): void {
    const { call, session, sender, last } = ended;
    const { request } = call;
    const lane = this.#lanes.of(session, sender, request);
    const kind = lane.kind(call.method, nameOf(call));
    const ending = endingOf(call, last, ended.said);
    const variant = kind.variant(ending.error);
    const parent = setIds(call, request);
    const start = call.startTime, end = Math.max(start, ended.time);
    const mode = this.#options.spans;
    const roles = rolesOf(mode === false ? "auto" : mode, lane.here, parent !== undefined);
    if (this.#options.durations) {
      this.#measure(lane, kind, variant, ending, end - start, end, mode === false ? undefined : roles);
    }
    if (mode === false) return;
    const link = linkOf(request);
    const { id } = request;
    const isPlain = typeof id === "number" || typeof id === "string" && PLAIN.test(id);
    if (
      isPlain && link === undefined && parent?.state === undefined && ending.message === undefined &&
      ended.happened === undefined && call.requests === 1 && call.progress === 0 && call.humanTime === 0 &&
      call.taskId === undefined && this.#options.content === 0 && !call.method.startsWith("resources/")
    ) {
      const port = portOf(lane, request);
      return this.#plain(lane, kind, variant, ending, String(id), port, start, end, roles, parent, out);
    }
    if (roles.client) out.push(this.#span("client", lane, kind, ending, ended, roles, parent, link));
    if (roles.server) out.push(this.#span("server", lane, kind, ending, ended, roles, parent, link));
  }

  /** The span that stands for a call: that of who answers, if it is made. */
  spanOf(call: LogicalCall, session: McpSession, sender: McpContext["sender"]): SpanContext {
    const { request } = call;
    const parent = setIds(call, request);
    const { spans } = this.#options;
    const roles = rolesOf(
      spans === false ? "auto" : spans,
      this.#lanes.of(session, sender, request).here,
      parent !== undefined,
    );
    return {
      traceId: hexOf(TRACE, 4),
      spanId: hexOf(roles.server ? SERVER : CLIENT, 2),
      flags: parent?.flags ?? SAMPLED,
    };
  }

  #plain(
    lane: Lane,
    kind: Kind,
    variant: Variant,
    ending: Ending,
    id: string,
    port: number | undefined,
    start: number,
    end: number,
    roles: Roles,
    parent: TraceContext | undefined,
    out: Uint8Array[],
  ): void {
    let at = 0;
    for (let k = 0; k < 2; k++) {
      const role: Role = k === 0 ? "client" : "server";
      if (!roles[role]) continue;
      const flags = flagsOf(role, roles, parent);
      let template = variant[role].get(flags);
      if (template === undefined) {
        const { encoding } = this.#options;
        const resource = role === "client" ? lane.resources.asker : lane.resources.answerer;
        const above = parentOfRole(role, roles, parent);
        template = new SpanTemplate(encoding, resource, role, above, shapeOf(role, lane, kind, ending, flags, {}));
        variant[role].set(flags, template);
      }
      at = this.#fill(template, at, id, role === "server" ? port : undefined, start, end, out);
    }
  }

  #fill(
    template: SpanTemplate,
    from: number,
    id: string,
    port: number | undefined,
    start: number,
    end: number,
    out: Uint8Array[],
  ): number {
    const { closing } = this.#options.encoding;
    const size = template.bytes.length + this.#id.most + id.length + this.#port.most + PORT + closing.length;
    if (from + size > this.#scratch.length) this.#scratch = Buffer.allocUnsafe(Math.max(ROOM, from + 2 * size));
    const bytes = this.#scratch;
    let at = this.#id.put(bytes, template.put(bytes, from, ids, start, end), id);
    if (port !== undefined) at = this.#port.put(bytes, at, String(port));
    for (let k = 0; k < closing.length; k++) bytes[at++] = closing[k]!;
    out.push(bytes.subarray(from, at));
    return at;
  }

  #span(
    role: Role,
    lane: Lane,
    kind: Kind,
    ending: Ending,
    { call, last, time, happened }: Ended,
    roles: Roles,
    parent: TraceContext | undefined,
    link: ReturnType<typeof linkOf>,
  ): Uint8Array {
    const { encoding, content } = this.#options;
    const { request } = call, { id } = request;
    const more: Attributes = {
      "mcp.resource.uri": uriOf(call, last, request),
      "client.port": role === "server" ? portOf(lane, request) : undefined,
      ...callAttributes(call),
      ...(content > 0 && (role === "client" || !roles.client) ? contentOf(call, request, last, content) : undefined),
      "jsonrpc.request.id": id === undefined || id === null ? undefined : brief(String(id)),
    };
    const flags = flagsOf(role, roles, parent);
    const above = parentOfRole(role, roles, parent);
    const isLinked = link !== undefined && (role === "server" || !roles.server);
    const { attributes, ...shape } = shapeOf(role, lane, kind, ending, flags, more);
    const item = encoding.encode("Span", {
      traceId: hexOf(TRACE, 4),
      spanId: hexOf(role === "client" ? CLIENT : SERVER, 2),
      parentSpanId: above === undefined ? undefined : hexOf(above, 2),
      startTimeUnixNano: nanos(call.startTime),
      endTimeUnixNano: nanos(Math.max(call.startTime, time)),
      ...shape,
      traceState: parent?.state,
      events: happened?.events,
      droppedEventsCount: happened === undefined || happened.dropped === 0 ? undefined : happened.dropped,
      links: isLinked ? [linked(link)] : undefined,
      attributes,
    });
    const head = (role === "client" ? lane.resources.asker : lane.resources.answerer).heads.traces;
    return Buffer.concat([head, item]);
  }

  #measure(
    lane: Lane,
    kind: Kind,
    variant: Variant,
    ending: Ending,
    millis: number,
    time: number,
    roles: Roles | undefined,
  ): void {
    const series = variant.series ??= this.#seriesOf(lane, kind, ending);
    const known = roles === undefined ? undefined : ids;
    const client = roles?.client ? CLIENT : SERVER, server = roles?.server ? SERVER : CLIENT;
    series.client?.record(millis, time, known, TRACE, client);
    series.server?.record(millis, time, known, TRACE, server);
    series.tool?.record(millis, time, known, TRACE, client);
  }

  #seriesOf(lane: Lane, kind: Kind, { error, code }: Ending): NonNullable<Variant["series"]> {
    const instruments = this.#instruments;
    const ended = { "error.type": error, "rpc.response.status_code": code };
    const attributes = { ...kind.attributes, ...ended, ...lane.measured };
    const tool = kind.attributes["gen_ai.tool.name"];
    const { here, services } = lane;
    return {
      client: here.client ? instruments.series("client", services.asker, { ...attributes, ...lane.asker }) : undefined,
      server: here.server ? instruments.series("server", services.answerer, attributes) : undefined,
      tool: tool === undefined ? undefined : instruments.series("tool", services.asker, {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": tool,
        "error.type": error,
        "mcpsonde.server.name": lane.measured["mcpsonde.server.name"],
      }),
    };
  }
}

/** The client's port, for the span of who answers it. */
function portOf(lane: Lane, request: McpEvent): number | undefined {
  return lane.answerer["client.address"] === undefined ? undefined : clientPort(request);
}

/** Sets the ids of a call; gives the caller's context, if it has sent one. */
function setIds(call: LogicalCall, request: McpEvent): TraceContext | undefined {
  const { process, peer, id, method, stream } = request;
  const what = methodHash(method) ^ Math.imul(stream.from?.port ?? 0, 0x9e3779b1);
  makeIds({ time: call.startTime, id, from: process?.pid ?? 0, to: peer?.pid ?? 0, what });
  const parent = parentOf(request);
  if (parent !== undefined) joinTrace(parent.traceId, parent.spanId);
  return parent;
}

/** FNV-1a of a method, as far as methods of the protocol are long. */
function methodHash(method: string | undefined): number {
  let hash = 0x811c9dc5;
  const length = Math.min(method?.length ?? 0, 64);
  for (let k = 0; k < length; k++) hash = Math.imul(hash ^ method!.charCodeAt(k), 0x01000193);
  return hash;
}

/** What calls are told apart by; URIs come with each. */
function nameOf({ method, name }: LogicalCall): string | undefined {
  return method === "tools/call" || method === "prompts/get" ? name : undefined;
}

function parentOfRole(
  role: Role,
  roles: Roles,
  parent: TraceContext | undefined,
): typeof PARENT | typeof CLIENT | undefined {
  if (role === "server" && roles.client) return CLIENT;
  return parent === undefined ? undefined : PARENT;
}

/** Of a server's span the parent is elsewhere; of a client's it is in the same process. */
function flagsOf(role: Role, roles: Roles, parent: TraceContext | undefined): number {
  const isRemote = role === "server" && parentOfRole(role, roles, parent) !== undefined;
  return (parent?.flags ?? SAMPLED) & 0xff | FLAG_HAS_IS_REMOTE | (isRemote ? FLAG_IS_REMOTE : 0) |
    (parent === undefined ? 0 : WITH_PARENT);
}

/** Not a flag of OTLP: tells templates with the caller's parent from those without; taken off before it is sent. */
const WITH_PARENT = 0x10000;

function shapeOf(role: Role, lane: Lane, kind: Kind, ending: Ending, flags: number, more: Attributes): Shape {
  const { error, code, message } = ending;
  return {
    flags: flags & ~WITH_PARENT,
    name: spanName(String(kind.attributes["mcp.method.name"]), kind.name),
    kind: SPAN_KIND[role],
    status: error === undefined ? undefined : { message, code: STATUS_ERROR },
    attributes: keyValues({
      ...kind.attributes,
      ...lane.common,
      ...(role === "client" ? lane.asker : lane.answerer),
      "error.type": error,
      "rpc.response.status_code": code,
      ...more,
    }),
  };
}

function linked(link: NonNullable<ReturnType<typeof linkOf>>) {
  const { traceId, spanId, flags, state } = link;
  return {
    traceId,
    spanId,
    traceState: state,
    flags: flags & 0xff | FLAG_HAS_IS_REMOTE | FLAG_IS_REMOTE,
    attributes: [],
  };
}

function uriOf(call: LogicalCall, last: McpEvent | undefined, request: McpEvent): string | undefined {
  if (!call.method.startsWith("resources/")) return undefined;
  const event = last?.request === undefined ? request : last;
  const { context } = event;
  const uri = context === undefined ? undefined : resourceUri({ event, context, call });
  return uri === undefined ? undefined : brief(uri);
}

/** Arguments and result of a tool, as JSON. */
function contentOf(call: LogicalCall, request: McpEvent, last: McpEvent | undefined, longest: number): Attributes {
  if (call.method !== "tools/call") return {};
  const given = isObject(request.params) ? request.params["arguments"] : undefined;
  const result = last?.type === "response" ? last.result : undefined;
  const text = (value: unknown) => value === undefined ? undefined : shortened(JSON.stringify(value), longest);
  return { "gen_ai.tool.call.arguments": text(given), "gen_ai.tool.call.result": text(result) };
}
