/**
 * Events become records, records become requests.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { LogicalCall, McpContext, McpSession } from "../../pipeline/context.ts";
import type { Courier } from "../../pipeline/delivery/mod.ts";
import type {
  Batch,
  Event,
  FindingEvent,
  HttpEvent,
  JsonRpcId,
  McpEvent,
  Process,
  SensorEvent,
} from "../../pipeline/event.ts";
import type { MetricsSnapshot } from "../../pipeline/metrics.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";
import { CallEvents } from "./call_events.ts";
import { Calls, type SpanContext } from "./calls.ts";
import type { Encoding } from "./encoding.ts";
import { Instruments, metricRecord } from "./instruments.ts";
import { findingRecord, gapRecord, sensorRecord } from "./logs.ts";
import { OwnMetrics } from "./own_metrics.ts";
import { type EncodedResource, FORMAT } from "./record.ts";
import { post, requestsOf, type Target } from "./requests.ts";
import { Resources } from "./resources.ts";
import type { Signal } from "./schema.ts";
import { Sessions } from "./sessions.ts";
import type { SpanMode } from "./trace.ts";
import type { LogRecord, Scope } from "./types.ts";
import type { Attributes } from "./values.ts";

/** All that the courier needs to know. */
export interface CourierOptions {
  readonly encoding: Encoding;
  /** Where each signal goes; those that are not wanted are absent. */
  readonly targets: Readonly<Partial<Record<Signal, Target>>>;
  readonly scope: Scope;
  readonly spans: SpanMode;
  /** Longest content of tool calls, in UTF-16 units; 0 for none. */
  readonly content: number;
  /** Attributes of all resources, and of mcpsonde's own. */
  readonly host: Attributes;
  readonly own: Attributes;
  /** One resource for all. */
  readonly isOne: boolean;
  readonly isDelta: boolean;
  /** The same of mcpsonde's own counters. */
  readonly isOwnDelta: boolean;
  readonly maxSeries: number;
  readonly intervalMs: number;
}

/** What it needs of the world. */
export interface World {
  now(): number;
  /** Whether a process is still there that was at `since`. */
  isAlive(process: Process, since: number): boolean;
  readonly pipeline?: (() => MetricsSnapshot) | undefined;
}

/** Findings with which calls end that end without a message. */
const ENDING: ReadonlySet<string> = new Set(["mcp.call.hung", "mcp.call.cancelled", "mcp.http.failed"]);
/** Requests that are remembered for what sensors tell; those that are open for as long as somebody listens. */
const REQUESTS = 8192, LISTENS = 1024;
const LISTEN = "subscriptions/listen";

/** Where a call stands. */
interface Known {
  readonly call: LogicalCall;
  readonly session: McpSession;
  readonly sender: McpContext["sender"];
}

/** A request that a sensor may tell of: no more than is needed, as events hold on to large buffers. */
interface Asked {
  readonly session: McpSession;
  readonly span: SpanContext;
}

/** The courier of OTLP. */
export class OtlpCourier implements Courier {
  readonly format = FORMAT;
  readonly endpoint: string;
  readonly tickMs: number;
  readonly #options: CourierOptions;
  readonly #world: World;
  readonly #resources: Resources;
  readonly #instruments: Instruments;
  readonly #calls: Calls;
  readonly #events = new CallEvents();
  readonly #sessions: Sessions;
  readonly #own: OwnMetrics;
  /** What sensors may tell of; filled once there is a sensor. */
  readonly #asked = new RecentMap<string | number, Asked>(REQUESTS);
  #hasSensors = false;
  /** By HTTP exchange, whose end is theirs: no message tells of it. */
  readonly #listens = new RecentMap<number, Known>(LISTENS);
  /** Records of the event at hand. */
  readonly #out: Uint8Array[] = [];

  constructor(options: CourierOptions, world: World) {
    const { encoding, targets, host, own, isOne, isDelta } = options;
    const now = world.now();
    this.#options = options;
    this.#world = world;
    this.endpoint = (targets.traces ?? targets.metrics ?? targets.logs)?.url ?? "";
    this.tickMs = options.intervalMs;
    this.#resources = new Resources({ encoding, host, own, isOne });
    this.#instruments = new Instruments(this.#resources.own, options.maxSeries, isDelta, now);
    this.#calls = new Calls(
      {
        encoding,
        spans: targets.traces === undefined ? false : options.spans,
        durations: targets.metrics !== undefined,
        content: options.content,
      },
      this.#resources,
      this.#instruments,
    );
    this.#sessions = new Sessions(this.#resources, this.#instruments, world.isAlive);
    this.#own = new OwnMetrics(world.pipeline, options.isOwnDelta, now);
  }

  *encode(batch: Batch): Generator<Uint8Array> {
    const out = this.#out;
    for (let k = 0; k < batch.length; k++) {
      this.#event(batch[k]!);
      for (let i = 0; i < out.length; i++) yield out[i]!;
      out.length = 0;
    }
  }

  *tick(): Generator<Uint8Array> {
    const { encoding, targets } = this.#options;
    if (targets.metrics === undefined) return;
    const now = this.#world.now();
    this.#sessions.look(now);
    for (const collected of this.#instruments.collect(now)) yield metricRecord(encoding, collected);
    for (const metric of this.#own.collect(now)) {
      yield metricRecord(encoding, { resource: this.#resources.own, metric });
    }
  }

  requests(records: Parameters<Courier["requests"]>[0]): ReturnType<Courier["requests"]> {
    return requestsOf(records, this.#options.targets, this.#options.scope);
  }

  /** An empty request of the first signal: shows whether path and credentials are right. */
  health(): ReturnType<NonNullable<Courier["health"]>> {
    const { encoding, targets, scope } = this.#options;
    const signal = targets.traces !== undefined ? "traces" : targets.metrics !== undefined ? "metrics" : "logs";
    return post(encoding, signal, targets[signal] ?? { url: this.endpoint, headers: {} }, scope, []);
  }

  #event(event: Event): void {
    switch (event.kind) {
      case "mcp":
        return this.#message(event);
      case "finding":
        return this.#finding(event);
      case "sensor":
        if (this.#options.targets.logs !== undefined) this.#sensor(event);
        return;
      case "gap":
        this.#own.gap(event);
        if (this.#options.targets.logs !== undefined) {
          this.#log(gapRecord(event, this.#world.now()), this.#resources.own);
        }
        return;
      case "http":
        this.#sessions.http(event);
        return this.#http(event);
    }
  }

  #message(event: McpEvent): void {
    const { context, type } = event;
    const call = context?.call;
    if (context === undefined || call === undefined) return;
    const { session, endsCall } = context;
    if (type === "request") {
      if (this.#hasSensors) this.#remember(event, { call, session, sender: context.sender });
      if (event.method === "initialize") this.#sessions.begins(event, context);
      else if (event.method === LISTEN && event.http !== undefined) {
        this.#listens.set(event.http.id, { call, session, sender: context.sender });
      }
      if (call.requests === 1) return;
    }
    if (type !== "response" || !endsCall) this.#events.note(call, event, endsCall);
    if (!endsCall) return;
    const sender = call.request.context?.sender;
    const happened = this.#events.take(call);
    this.#calls.end({ call, session, sender, last: event, time: event.time, said: undefined, happened }, this.#out);
  }

  /** Nobody listens any more. */
  #http({ type, exchange, time }: HttpEvent): void {
    if (type !== "end" && type !== "response" || this.#listens.size === 0) return;
    const known = this.#listens.get(exchange.id);
    if (known === undefined || known.call.outcome === undefined) return;
    this.#listens.delete(exchange.id);
    if (known.call.response !== undefined) return; // told by its message
    const happened = this.#events.take(known.call);
    this.#calls.end({ ...known, last: undefined, time, said: undefined, happened }, this.#out);
  }

  #finding(finding: FindingEvent): void {
    const { call, event, rule, time, message } = finding;
    this.#own.finding(finding);
    const known = knownOf(call, finding.session) ?? knownOf(event?.context?.call, event?.context?.session);
    if (ENDING.has(rule) && call !== undefined && call.outcome !== undefined && known !== undefined) {
      const happened = this.#events.take(call);
      this.#calls.end({ ...known, last: undefined, time, said: message, happened }, this.#out);
    }
    if (this.#options.targets.logs === undefined) return;
    const session = known?.session ?? finding.session;
    const resource = session === undefined
      ? this.#resources.own
      : this.#resources.process({ session, side: "server", process: session.server.process });
    this.#log(findingRecord(finding, this.#spanOf(known), this.#world.now()), resource);
  }

  #sensor(event: SensorEvent): void {
    this.#hasSensors = true;
    const { process, call } = event;
    const asked = process === undefined || call === undefined ? undefined : this.#asked.get(keyOf(process, call.id));
    const resource = asked === undefined
      ? process === undefined ? this.#resources.own : this.#resources.plain(process)
      : this.#resources.process({ session: asked.session, side: "server", process });
    this.#log(sensorRecord(event, asked?.span, this.#world.now()), resource);
  }

  #spanOf(known: Known | undefined): SpanContext | undefined {
    return known === undefined ? undefined : this.#calls.spanOf(known.call, known.session, known.sender);
  }

  #remember({ peer, id }: McpEvent, known: Known): void {
    if (peer === undefined || id === undefined) return;
    this.#asked.set(keyOf(peer, id), {
      session: known.session,
      span: this.#calls.spanOf(known.call, known.session, known.sender),
    });
  }

  #log(record: LogRecord, resource: EncodedResource): void {
    const head = resource.heads.logs;
    this.#out.push(Buffer.concat([head, this.#options.encoding.encode("LogRecord", record)]));
  }
}

function knownOf(call: LogicalCall | undefined, session: McpSession | undefined): Known | undefined {
  if (call === undefined) return undefined;
  const { context } = call.request;
  const own = session ?? context?.session;
  return own === undefined ? undefined : { call, session: own, sender: context?.sender };
}

/** Most ids are small numbers, and a number is a faster key than a text. */
function keyOf({ pid }: Process, id: JsonRpcId): string | number {
  const isSmall = typeof id === "number" && Number.isInteger(id) && id >= 0 && id < 2 ** 30;
  return isSmall ? pid * 2 ** 30 + id : `${pid} ${typeof id} ${id}`;
}
