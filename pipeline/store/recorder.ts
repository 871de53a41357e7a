/**
 * Makes rows of events.
 *
 * @module
 */
import type { LogicalCall } from "../context.ts";
import { type Batch, type Event, type FindingEvent, type McpEvent, type SensorEvent, SEVERITIES } from "../event.ts";
import { nameOf, statusOf } from "../query/mod.ts";
import { RecentMap } from "../recent_map.ts";
import { shortened } from "../shortened.ts";
import type { Changed } from "./changed.ts";
import { cut } from "./cut.ts";
import { HttpRows } from "./http_rows.ts";
import { REMEMBERED, SMALL, type StoreLimits } from "./limits.ts";
import { Parties, type SessionState } from "./parties.ts";
import type { Lookup, RowWriter, Value } from "./statements.ts";

/** A call as it was written. */
interface CallState {
  readonly id: number;
  readonly session: SessionState;
  call: LogicalCall;
  /** Rows of its first request and its exchange. */
  request: number | null;
  http: number | null;
  findings: number;
  severity: number | null;
  /** Counted as failed. */
  failed: boolean;
}

/** Messages whose rows are remembered, for findings about them. */
const MESSAGES = 4096;

/** Follows one run: the ids in its events are unique within it. */
export class Recorder {
  readonly #out: RowWriter;
  readonly #limits: StoreLimits;
  readonly #changed: Changed;
  readonly #parties: Parties;
  readonly #http: HttpRows;
  readonly #calls = new RecentMap<number, CallState>(REMEMBERED);
  readonly #dirty = new Set<CallState>();
  /** Rows of the last messages, oldest first, and where the next one goes. */
  readonly #messages: { event: McpEvent; id: number }[] = [];
  #place = 0;
  /** Calls by the server's process and the JSON-RPC id: that is how sensors name them. */
  readonly #byRpcId = new RecentMap<string, number>(4096);
  #call: number;
  #message: number;
  #finding: number;
  #event: number;
  /** Events that no row was made of. */
  leftOut = 0;

  constructor(out: RowWriter, lookup: Lookup, limits: StoreLimits, changed: Changed) {
    this.#out = out;
    this.#limits = limits;
    this.#changed = changed;
    this.#parties = new Parties(out, lookup, changed);
    this.#http = new HttpRows(out, this.#parties, limits, lookup.lastId("http"));
    this.#call = lookup.lastId("calls");
    this.#message = lookup.lastId("messages");
    this.#finding = lookup.lastId("findings");
    this.#event = lookup.lastId("events");
  }

  /** Writes the rows of a batch. */
  add(batch: Batch): void {
    for (let k = 0; k < batch.length; k++) this.#add(batch[k]!);
    for (const state of this.#dirty) this.#writeCall(state);
    this.#dirty.clear();
    this.#http.flush();
    this.#parties.flush();
  }

  #add(event: Event): void {
    switch (event.kind) {
      case "mcp":
        return this.#addMessage(event);
      case "finding":
        return this.#addFinding(event);
      case "http":
        if (!this.#http.add(event)) this.leftOut++;
        return;
      case "sensor":
        return this.#addSensor(event);
      case "gap": {
        const { time, source, reason, message, process, lost, cpu } = event;
        const data = lost === undefined && cpu === undefined ? null : JSON.stringify({ ...lost, cpu });
        return this.#addEvent(time, "gap", source, reason, message, this.#parties.process(process), null, null, data);
      }
      case "chunk":
        this.leftOut++;
    }
  }

  #addMessage(event: McpEvent): void {
    const { time, context, type, process, peer, stream, buffer, start, end, source, request } = event;
    const parties = this.#parties;
    const id = ++this.#message;
    const session = context && parties.session(context.session, time);
    const call = context?.call;
    const state = call && session && this.#callOf(call, session);
    const bytes = end - start;
    const http = event.http === undefined
      ? null
      : this.#http.carrier(event.http, time, source, bytes, stream !== event.http.stream);
    if (state !== undefined && event.type === "request" && state.request === null) {
      state.request = id;
      state.http = http;
      if (peer !== undefined) this.#byRpcId.set(`${peer.pid}\0${String(event.id)}`, state.id);
    }
    const list = context?.list;
    if (list !== undefined && session !== undefined) {
      const kind = LISTED.get(request?.method ?? "");
      if (kind !== undefined) parties.listed(session.server, kind, list);
    }
    const isText = event.malformed !== undefined;
    const { warnings } = event;
    this.#remember(event, id);
    this.#changed.messages.add(id);
    this.#out.write("message", [
      id,
      time,
      state?.id ?? null,
      session?.id ?? null,
      session?.server.id ?? null,
      type,
      event.id ?? null,
      event.method ?? request?.method ?? null,
      state === undefined ? nameOf(event) ?? null : null,
      context?.sender ?? null,
      parties.process(process),
      parties.process(peer),
      event.transport,
      stream.medium === "tls" ? 1 : null,
      source,
      type === "request" ? null : statusOf(event) ?? null, // a request's is that of its call, which may change
      event.isError ? codeOf(event) : null,
      event.latency ?? null,
      warnings.length === 0 ? null : JSON.stringify(warnings),
      event.malformed ?? null,
      context?.era ?? null,
      http,
      event.sseId ?? null,
      bytes,
      bytes > this.#limits.text ? 1 : null,
      isText ? event.raw.slice(0, this.#limits.text) : cut(buffer, start, end, this.#limits.text),
    ]);
  }

  #callOf(call: LogicalCall, session: SessionState): CallState {
    let state = this.#calls.get(call.id);
    if (state === undefined) {
      state = {
        id: ++this.#call,
        session,
        call,
        request: null,
        http: null,
        findings: 0,
        severity: null,
        failed: false,
      };
      this.#calls.set(call.id, state);
      session.calls++;
    }
    state.call = call;
    this.#dirty.add(state);
    return state;
  }

  #writeCall(state: CallState): void {
    const { call, session } = state;
    const { outcome, request, taskId, serverTime, humanTime } = call;
    const isOver = outcome !== undefined;
    if ((outcome === "error" || outcome === "tool_error") && !state.failed) {
      state.failed = true;
      session.errors++;
    }
    const { context, process, peer } = request;
    const asker = context?.sender ?? null;
    const isServer = asker === "server";
    const parties = this.#parties;
    const tokens = isOver && this.#limits.tokens;
    this.#changed.calls.add(state.id);
    this.#out.write("call", [
      state.id,
      call.startTime,
      session.id,
      session.server.id,
      call.method,
      call.name ?? null,
      request.transport,
      request.stream.medium === "tls" ? 1 : null,
      request.source,
      request.id ?? null,
      asker,
      context?.era ?? session.session.era ?? null,
      outcome ?? null,
      call.errorCode ?? null,
      isOver ? serverTime + humanTime : null,
      isOver ? serverTime : null,
      isOver ? humanTime : null,
      call.requests,
      call.progress,
      taskId ?? null,
      call.bytesIn,
      call.bytesOut,
      tokens ? whole(call.tokensIn) : null,
      tokens ? whole(call.tokensOut) : null,
      context?.trace?.traceId ?? null,
      context?.trace?.spanId ?? null,
      parties.process(isServer ? peer : process),
      parties.process(isServer ? process : peer),
      state.findings,
      state.severity,
      state.http,
      state.request,
      call.id,
    ]);
  }

  #addFinding(event: FindingEvent): void {
    const message = event.event;
    const context = message?.context ?? event.call?.request.context;
    const about = event.session ?? context?.session;
    const session = about && this.#parties.session(about, event.time);
    const call = event.call ?? message?.context?.call;
    const state = call && session && this.#callOf(call, session);
    const severity = SEVERITIES.indexOf(event.severity);
    if (session !== undefined) session.findings++;
    if (state !== undefined) {
      state.findings++;
      if (severity > (state.severity ?? -1)) state.severity = severity;
    }
    const id = ++this.#finding;
    const { evidence, references, details } = event;
    this.#changed.findings.add(id);
    this.#out.write("finding", [
      id,
      event.time,
      event.source,
      event.rule,
      severity,
      shortened(event.message, SMALL),
      evidence === undefined ? null : shortened(evidence, SMALL),
      event.detector ?? null,
      event.category ?? null,
      event.score ?? null,
      event.target ?? null,
      references === undefined ? null : JSON.stringify(references),
      details === undefined ? null : small(details),
      state?.id ?? null,
      message === undefined ? null : this.#rowOf(message),
      session?.id ?? null,
      session?.server.id ?? null,
      this.#parties.process(event.process ?? message?.process),
      this.#parties.process(event.peer ?? message?.peer),
    ]);
  }

  #addSensor(event: SensorEvent): void {
    const { time, source, name, process, call, data } = event;
    const row = call === undefined || process === undefined
      ? undefined
      : this.#byRpcId.get(`${process.pid}\0${String(call.id)}`);
    const told = call === undefined ? null : JSON.stringify(call);
    const shown = small({ sensor: event.sensor, ...data });
    this.#addEvent(time, "sensor", source, name, null, this.#parties.process(process), row ?? null, told, shown);
  }

  #addEvent(time: number, kind: "sensor" | "gap", ...rest: Value[]): void {
    const id = ++this.#event;
    this.#changed.events.add(id);
    this.#out.write("event", [id, time, kind, ...rest]);
  }

  #remember(event: McpEvent, id: number): void {
    const slot = this.#messages[this.#place];
    if (slot === undefined) this.#messages.push({ event, id });
    else {
      slot.event = event;
      slot.id = id;
    }
    this.#place = (this.#place + 1) % MESSAGES;
  }

  #rowOf(event: McpEvent): number | null {
    return this.#messages.findLast((slot) => slot.event === event)?.id ?? null;
  }
}

const LISTED = new Map(
  [
    ["tools/list", "tool"],
    ["resources/list", "resource"],
    ["resources/templates/list", "resource_template"],
    ["prompts/list", "prompt"],
  ] as const,
) as ReadonlyMap<string, "tool" | "resource" | "resource_template" | "prompt">;

function codeOf({ error }: McpEvent): number | null {
  const code = typeof error === "object" && error !== null && !Array.isArray(error) ? error["code"] : undefined;
  return typeof code === "number" ? code : null;
}

function whole(tokens: number): number | null {
  return Number.isNaN(tokens) ? null : tokens;
}

/** As JSON; what is too large is left out. */
function small(value: object): string {
  const json = JSON.stringify(value);
  return json.length <= SMALL ? json : JSON.stringify({ left_out_bytes: json.length });
}
