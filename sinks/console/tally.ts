/**
 * What the summary counts, in bounded memory.
 *
 * @module
 */
import type { Event, FindingEvent, HttpEvent, HttpExchange, McpEvent, Process } from "../../pipeline/event.ts";
import { Histogram } from "./histogram.ts";
import { failed, toolName } from "./summarise.ts";
import { cut, visible } from "./visible.ts";

/** Rows kept; what comes after them is counted together. */
const MOST_ROWS = 200;
/** Processes told apart for the count of peers. */
const MOST_PIDS = 10_000;

/** The row of every method that came after the table was full. */
export const OTHER = "other";

/** One method, with the tool's name for `tools/call`. */
export interface Row {
  readonly name: string;
  readonly isRequest: boolean;
  /** Requests or notifications. */
  count: number;
  errors: number;
  answered: number;
  /** Requests that were withdrawn, which nobody has to answer. */
  cancelled: number;
  readonly latency: Histogram;
}

/** Counts events. */
export class Tally {
  readonly rows = new Map<string, Row>();
  messages = 0;
  malformed = 0;
  orphans = 0;
  findings = 0;
  /** Findings that are `high` or `critical`. */
  severe = 0;
  gaps = 0;
  /** HTTP exchanges that carried no message. */
  exchanges = 0;
  /** Messages that a gap says were lost, where it says. */
  lost = 0;
  first = NaN;
  last = NaN;
  readonly #pids = new Set<number>();
  /** Exchanges that carried a message. */
  readonly #mcp = new WeakSet<HttpExchange>();

  /** Adds an event. */
  add(event: Event): void {
    if (event.kind === "chunk") return;
    if (!(this.first <= event.time)) this.first = event.time;
    if (!(this.last >= event.time)) this.last = event.time;
    if (event.kind === "mcp") this.#message(event);
    else if (event.kind === "http") this.#http(event);
    else if (event.kind === "finding") this.#finding(event);
    else if (event.kind === "gap") {
      this.gaps++;
      this.lost += event.lost?.messages ?? event.lost?.records ?? 0;
    }
  }

  /** Distinct processes seen. */
  get processes(): number {
    return this.#pids.size;
  }

  /** Requests whose answer was not seen. */
  get unanswered(): number {
    let open = 0;
    for (const row of this.rows.values()) {
      if (row.isRequest) open += Math.max(0, row.count - row.answered - row.cancelled);
    }
    return open;
  }

  /** Calls that were withdrawn. */
  get cancelled(): number {
    let cancelled = 0;
    for (const row of this.rows.values()) cancelled += row.cancelled;
    return cancelled;
  }

  #finding({ severity, call }: FindingEvent): void {
    this.findings++;
    if (severity === "high" || severity === "critical") this.severe++;
    if (call?.outcome === "cancelled") this.#row(call.request, true).cancelled++;
  }

  #http({ type, exchange, process, peer }: HttpEvent): void {
    if (type !== "response" || this.#mcp.has(exchange)) return;
    this.exchanges++;
    this.#see(process);
    this.#see(peer);
  }

  #message(event: McpEvent): void {
    this.messages++;
    if (event.http !== undefined) this.#mcp.add(event.http);
    this.#see(event.process);
    this.#see(event.peer);
    if (event.type === "malformed") this.malformed++;
    else if (event.type !== "response") this.#asked(event);
    else if (event.request === undefined) this.orphans++;
    else {
      const row = this.#row(event.request, true);
      const { context } = event;
      const isLate = context?.call?.outcome === "cancelled" && !context.endsCall;
      if (!isLate) row.answered++;
      if (failed(event)) row.errors++;
      if (event.latency !== undefined) row.latency.add(event.latency);
    }
  }

  #asked(event: McpEvent): void {
    const { context, type } = event;
    this.#row(event, type === "request").count++;
    const ended = context?.endsCall ? context.call : undefined;
    if (ended?.outcome === "cancelled") this.#row(ended.request, true).cancelled++;
  }

  #see(process: Process | undefined): void {
    if (process !== undefined && this.#pids.size < MOST_PIDS) this.#pids.add(process.pid);
  }

  #row(asked: McpEvent, isRequest: boolean): Row {
    const tool = toolName(asked);
    const name = visible(cut(asked.method ?? "?", 80) + (tool === undefined ? "" : ` ${cut(tool, 80)}`));
    return this.#find(name, isRequest) ?? this.#find(OTHER, isRequest, true)!;
  }

  #find(name: string, isRequest: boolean, always = false): Row | undefined {
    const key = `${isRequest} ${name}`;
    let row = this.rows.get(key);
    if (row === undefined && (always || this.rows.size < MOST_ROWS)) {
      row = { name, isRequest, count: 0, errors: 0, answered: 0, cancelled: 0, latency: new Histogram() };
      this.rows.set(key, row);
    }
    return row;
  }
}
