/**
 * Spans and durations of calls.
 *
 * @module
 */
import type { LogicalCall, McpContext, McpSession } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import { isObject } from "../../pipeline/json.ts";
import { resourceUri } from "../../pipeline/mapping/about.ts";
import { shortened } from "../../pipeline/shortened.ts";
import { callAttributes, clientPort, type Ending, endingOf } from "./attributes.ts";
import type { Happened } from "./call_events.ts";
import type { Encoding } from "./encoding.ts";
import { CLIENT, hexOf, ids, joinTrace, makeIds, SERVER, TRACE } from "./ids.ts";
import type { Instruments } from "./instruments.ts";
import { type Kind, type Lane, Lanes, type Variant } from "./lanes.ts";
import type { Resources } from "./resources.ts";
import { SAMPLED, SpanWriter } from "./span_writer.ts";
import { linkOf, parentOf, type Roles, rolesOf, type SpanMode } from "./trace.ts";
import { FLAG_HAS_IS_REMOTE, FLAG_IS_REMOTE, type KeyValue, type Link } from "./types.ts";
import { brief, keyValues } from "./values.ts";

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

/** What a call belongs to. */
interface Parent {
  readonly flags: number;
  readonly state: string | undefined;
  /** Whether it is what the caller's own instrumentation says. */
  readonly isCallers: boolean;
}

/** Makes spans, and measures. */
export class Calls {
  readonly #options: CallOptions;
  readonly #lanes: Lanes;
  readonly #instruments: Instruments;
  readonly #writer: SpanWriter;

  constructor(options: CallOptions, resources: Resources, instruments: Instruments) {
    this.#options = options;
    this.#lanes = new Lanes(resources);
    this.#instruments = instruments;
    this.#writer = new SpanWriter(options.encoding);
  }

  /** Adds the records of a call to `out`. They are good until the next call. */
  end(ended: Ended, out: Uint8Array[]): void {
    const { call, session, sender, last, happened } = ended;
    const { spans, durations, content } = this.#options;
    const { request, method } = call, { id } = request;
    const lane = this.#lanes.of(session, sender, request);
    const kind = lane.kind(method, nameOf(call, method));
    const ending = endingOf(call, last, ended.said);
    const variant = kind.variant(ending);
    const parent = this.#place(call, request, session);
    const start = request.time, end = Math.max(start, ended.time);
    const roles = rolesOf(spans === false ? "auto" : spans, lane.here, parent?.isCallers === true);
    if (durations) this.#measure(lane, kind, variant, ending, end - start, end, spans === false ? undefined : roles);
    if (spans === false) return;
    const link = request.http === undefined ? undefined : linkOf(request);
    this.#writer.write(
      { lane, kind, variant, ending, roles, parentFlags: parent?.flags },
      {
        start,
        end,
        id: id === undefined || id === null ? undefined : typeof id === "number" ? String(id) : brief(id),
        uri: uriOf(call, last, request),
        port: lane.answerer["client.address"] === undefined ? undefined : clientPort(request),
        more: moreOf(call),
        content: content > 0 ? contentOf(call, request, last, content) : undefined,
        rest: happened === undefined && parent?.state === undefined ? undefined : {
          traceState: parent?.state,
          events: happened?.events,
          droppedEventsCount: happened === undefined || happened.dropped === 0 ? undefined : happened.dropped,
        },
        links: link === undefined ? undefined : [linked(link)],
      },
      out,
    );
  }

  /** The span that stands for a call: that of who answers, if it is made. */
  spanOf(call: LogicalCall, session: McpSession, sender: McpContext["sender"]): SpanContext {
    const { request } = call;
    const { spans } = this.#options;
    const parent = this.#place(call, request, session);
    const { here } = this.#lanes.of(session, sender, request);
    const roles = rolesOf(spans === false ? "auto" : spans, here, parent?.isCallers === true);
    return {
      traceId: hexOf(TRACE, 4),
      spanId: hexOf(roles.server ? SERVER : CLIENT, 2),
      flags: parent?.flags ?? SAMPLED,
    };
  }

  /** Sets the ids of a call, and those of what it belongs to: what its caller says, or the call that it is made for. */
  #place(call: LogicalCall, request: McpEvent, session: McpSession): Parent | undefined {
    const own = parentOf(request);
    const { within } = call;
    if (own === undefined && within === undefined) {
      setIds(request);
      return undefined;
    }
    // what a server asks for is asked within nothing itself
    const above = own ?? this.spanOf(within!, session, within!.request.context?.sender);
    setIds(request);
    joinTrace(above.traceId, above.spanId);
    return { flags: above.flags, state: own?.state, isCallers: own !== undefined };
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
      client: here.client ? instruments.series("client", services.asker, { ...attributes, ...lane.where }) : undefined,
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

/** Sets the ids of the call that begins with a request. */
function setIds({ time, process, peer, id, method, stream }: McpEvent): void {
  const what = methodHash(method) ^ Math.imul(stream.from?.port ?? 0, 0x9e3779b1);
  makeIds({ time, id, from: process?.pid ?? 0, to: peer?.pid ?? 0, what });
}

/** FNV-1a of a method, as far as methods of the protocol are long. */
function methodHash(method: string | undefined): number {
  let hash = 0x811c9dc5;
  const length = Math.min(method?.length ?? 0, 64);
  for (let k = 0; k < length; k++) hash = Math.imul(hash ^ method!.charCodeAt(k), 0x01000193);
  return hash;
}

/** What calls are told apart by; URIs come with each. */
function nameOf(call: LogicalCall, method: string): string | undefined {
  return method === "tools/call" || method === "prompts/get" ? call.name : undefined;
}

function linked({ traceId, spanId, flags, state }: NonNullable<ReturnType<typeof linkOf>>): Link {
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

/** Most calls have nothing more. */
function moreOf(call: LogicalCall): KeyValue[] | undefined {
  if (call.requests === 1 && call.progress === 0 && call.humanTime === 0 && call.taskId === undefined) return undefined;
  return keyValues(callAttributes(call));
}

/** Arguments and result of a tool, as JSON. */
function contentOf(
  call: LogicalCall,
  request: McpEvent,
  last: McpEvent | undefined,
  longest: number,
): KeyValue[] | undefined {
  if (call.method !== "tools/call") return undefined;
  const given = isObject(request.params) ? request.params["arguments"] : undefined;
  const result = last?.type === "response" ? last.result : undefined;
  const text = (value: unknown) => value === undefined ? undefined : shortened(JSON.stringify(value), longest);
  return keyValues({ "gen_ai.tool.call.arguments": text(given), "gen_ai.tool.call.result": text(result) });
}
