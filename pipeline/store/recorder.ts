/**
 * Makes rows of events.
 *
 * @module
 */
import { type Batch, type Event, type FindingEvent, type McpEvent, type SensorEvent, SEVERITIES } from "../event.ts";
import { nameOf, statusOf } from "../query/mod.ts";
import { RecentMap } from "../recent_map.ts";
import { shortened } from "../shortened.ts";
import { Calls } from "./calls.ts";
import type { Changed } from "./changed.ts";
import { cut } from "./cut.ts";
import { HttpRows } from "./http_rows.ts";
import { Lanes } from "./lanes.ts";
import { SMALL, type StoreLimits } from "./limits.ts";
import { Parties } from "./parties.ts";
import type { Lookup, RowWriter, Value } from "./statements.ts";

/** Messages whose rows are remembered, for findings about them; a power of two. */
const MESSAGES = 4096;
/** A mark is made after so many rows at least: a file's marks are what times are looked up in. */
const MARK = 2000;

const encoder = new TextEncoder();

/** Follows one run: the ids in its events are unique within it. */
export class Recorder {
  readonly #out: RowWriter;
  readonly #limits: StoreLimits;
  readonly #changed: Changed;
  readonly #parties: Parties;
  readonly #lanes: Lanes;
  readonly #http: HttpRows;
  readonly #calls: Calls;
  /** The last messages, at the low bits of their rows' ids. */
  readonly #messages: (McpEvent | undefined)[] = new Array(MESSAGES);
  /** Calls by the server's process and the JSON-RPC id: that is how sensors name them. */
  readonly #byRpcId = new RecentMap<string, number>(4096);
  #message: number;
  #finding: number;
  #event: number;
  #from = Infinity;
  #to = -Infinity;
  /** Rows since the last mark. */
  #rows = 0;
  /** Events that no row was made of. */
  leftOut = 0;

  constructor(out: RowWriter, lookup: Lookup, limits: StoreLimits, changed: Changed) {
    this.#out = out;
    this.#limits = limits;
    this.#changed = changed;
    this.#parties = new Parties(out, lookup, changed);
    this.#lanes = new Lanes(out, this.#parties, lookup);
    this.#http = new HttpRows(out, this.#parties, limits, lookup.lastId("http_rows"));
    this.#calls = new Calls(out, this.#lanes, limits, changed, lookup.lastId("call_rows"));
    this.#message = lookup.lastId("message_rows");
    this.#finding = lookup.lastId("finding_rows");
    this.#event = lookup.lastId("event_rows");
  }

  /** Takes a batch: what goes on is written with the next {@linkcode flush}, the rest now. */
  add(batch: Batch): void {
    for (let k = 0; k < batch.length; k++) {
      const event = batch[k]!;
      const { time } = event;
      if (time < this.#from) this.#from = time;
      if (time > this.#to) this.#to = time;
      if (event.kind === "mcp") this.#addMessage(event);
      else this.#add(event);
    }
    this.#rows += batch.length;
  }

  /** Writes what has gone on. */
  flush(): void {
    this.#calls.flush();
    this.#http.flush();
    this.#parties.flush();
    if (this.#rows >= MARK) this.mark();
  }

  /** Notes which rows are of which time. */
  mark(): void {
    if (this.#rows === 0 || this.#to < this.#from) return;
    this.#out.write("mark", [
      this.#from,
      this.#to,
      this.#calls.last,
      this.#message,
      this.#http.last,
      this.#event,
      this.#finding,
    ]);
    this.#rows = 0;
    this.#from = Infinity;
    this.#to = -Infinity;
  }

  /** Rows that nothing refers to are about to be deleted: makes them anew. */
  forget(): void {
    this.#lanes.forget();
  }

  #add(event: Exclude<Event, McpEvent>): void {
    switch (event.kind) {
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
        const who = this.#parties.process(process);
        return this.#addEvent(time, "gap", source, null, reason, shortened(message, SMALL), who, null, null, data);
      }
      case "chunk":
        this.leftOut++;
    }
  }

  #addMessage(event: McpEvent): void {
    const { time, context, type, peer, stream, buffer, start, end, request } = event;
    const parties = this.#parties;
    const id = ++this.#message;
    this.#messages[id & (MESSAGES - 1)] = event;
    this.#changed.messages.add(id);
    const session = context && parties.session(context.session, time);
    const call = context?.call;
    const state = call && session && this.#calls.of(call, session);
    const bytes = end - start;
    let http: number | null = null;
    if (event.http !== undefined) {
      http = this.#http.carrier(event.http, time, event.source, bytes, stream !== event.http.stream);
    }
    if (state !== undefined) {
      state.last = id;
      if (type === "request" && state.request === null) {
        state.request = id;
        state.http = http;
        if (peer !== undefined) this.#byRpcId.set(rpcKey(peer.pid, event.id), state.id);
      }
    }
    const list = context?.list;
    if (list !== undefined && session !== undefined) {
      const kind = LISTED.get(request?.method ?? "");
      if (kind !== undefined) parties.listed(session.server, kind, list);
    }
    const { text: limit } = this.#limits;
    const isCut = bytes > limit, { malformed, warnings, sseId } = event;
    const code = event.isError ? codeOf(event) : null;
    let name = type === "notification" ? nameOf(event) : undefined; // of others it is that of the call
    if (name !== undefined && name === call?.name) name = undefined;
    const row: Value[] = [
      id,
      time,
      this.#lanes.lane(event, session),
      state?.id ?? null,
      event.id ?? null,
      type === "request" ? null : statusOf(event) ?? null, // a request's is that of its call, which may change
      event.latency ?? null,
      bytes,
      malformed === undefined ? cut(buffer, start, end, limit) : encoder.encode(event.raw.slice(0, limit)),
    ];
    const isPlain = http === null && code === null && sseId === undefined && name === undefined &&
      warnings.length === 0 && malformed === undefined && !isCut;
    if (isPlain) return this.#out.write("message", row);
    const told = warnings.length === 0 ? null : JSON.stringify(warnings);
    const named = name === undefined ? null : shortened(name, SMALL);
    this.#out.write("fullMessage", [
      ...row,
      ...[http, code, sseId === undefined ? null : shortened(sseId, SMALL), named, told, malformed ?? null],
      isCut ? 1 : null,
    ]);
  }

  #addFinding(event: FindingEvent): void {
    const message = event.event;
    const context = message?.context ?? event.call?.request.context;
    const about = event.session ?? context?.session;
    const session = about && this.#parties.session(about, event.time);
    const call = event.call ?? message?.context?.call;
    const state = call && session && this.#calls.of(call, session);
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
      this.#parties.process(event.process ?? message?.process),
      this.#parties.process(event.peer ?? message?.peer),
    ]);
  }

  #addSensor(event: SensorEvent): void {
    const { time, source, sensor, name, process, call, data } = event;
    const row = call === undefined || process === undefined
      ? undefined
      : this.#byRpcId.get(rpcKey(process.pid, call.id));
    const told = call === undefined ? null : small(call);
    const who = this.#parties.process(process);
    this.#addEvent(time, "sensor", source, sensor, name, null, who, row ?? null, told, small(data));
  }

  #addEvent(time: number, kind: "sensor" | "gap", ...rest: Value[]): void {
    const id = ++this.#event;
    this.#changed.events.add(id);
    this.#out.write("event", [id, time, kind, ...rest]);
  }

  /** The row of one of the last messages. */
  #rowOf(event: McpEvent): number | null {
    const place = this.#messages.indexOf(event);
    if (place < 0) return null;
    const back = (this.#message - place) & (MESSAGES - 1);
    return this.#message - back;
  }
}

const LISTED: ReadonlyMap<string, "tool" | "resource" | "resource_template" | "prompt"> = new Map([
  ["tools/list", "tool"],
  ["resources/list", "resource"],
  ["resources/templates/list", "resource_template"],
  ["prompts/list", "prompt"],
]);

function rpcKey(pid: number, id: McpEvent["id"]): string {
  return `${pid} ${String(id)}`;
}

function codeOf({ error }: McpEvent): number | null {
  const code = typeof error === "object" && error !== null && !Array.isArray(error) ? error["code"] : undefined;
  return typeof code === "number" ? code : null;
}

/** As JSON; what is too large is left out. */
function small(value: object): string {
  const json = JSON.stringify(value);
  return json.length <= SMALL ? json : JSON.stringify({ left_out_bytes: json.length });
}
