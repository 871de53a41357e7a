/**
 * Counts what comes, for `/metrics`: by names that a peer may choose, so each count has a bounded number of names.
 *
 * @module
 */
import type { LogicalCall } from "../../pipeline/context.ts";
import type { Batch, Event, McpEvent } from "../../pipeline/event.ts";

/** Stands for all names beyond the bound. */
export const OTHER = "_other";
/** Different names of one count, different series of durations, and the length of a name in UTF-16 units. */
const NAMES = 200, SERIES = 500, LONGEST = 100;

/** Calls that may be open at a time; the oldest are not counted when they end. */
const OPEN = 65_536;

/** Upper bounds of the durations, in seconds: OpenTelemetry's for `mcp.client.operation.duration` (semantic-conventions-genai, docs/gen-ai/mcp.md). */
export const BOUNDS: readonly number[] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** A count for each of some names. */
export class Counts {
  readonly #counts = new Map<string, number>();

  /** Adds one. `names` are parts of one name, joined by NUL. */
  add(names: string): void {
    const count = this.#counts.get(names);
    if (count !== undefined) this.#counts.set(names, count + 1);
    else if (this.#counts.size < NAMES && names.length <= 2 * LONGEST) this.#counts.set(names, 1);
    else {
      const other = names.split("\0").map(() => OTHER).join("\0");
      this.#counts.set(other, (this.#counts.get(other) ?? 0) + 1);
    }
  }

  /** All, as the parts of the name and the count. */
  *[Symbol.iterator](): Generator<readonly [names: readonly string[], count: number]> {
    for (const [names, count] of this.#counts) yield [names.split("\0"), count];
  }
}

/** Durations of one series. */
export interface Durations {
  /** How many are at most each of the {@linkcode BOUNDS} and above the one before; at last how many are above all. */
  readonly buckets: number[];
  /** In seconds. */
  sum: number;
  count: number;
}

/** The labels of a series of durations. */
export interface Series {
  readonly method: string;
  /** Of `tools/call`; else empty. */
  readonly tool: string;
  /** OpenTelemetry's `error.type`; empty if it went well. */
  readonly error: string;
  /** `pipe` or `tcp`. */
  readonly transport: string;
}

/** All counts. */
export class Tally {
  /** By type and transport. */
  readonly messages = new Counts();
  /** By method and outcome. */
  readonly calls = new Counts();
  /** By rule and severity. */
  readonly findings = new Counts();
  /** By reason. */
  readonly gaps = new Counts();
  /** By sensor. */
  readonly sensorEvents = new Counts();
  /** As the caller saw it, and what the other side had of it. */
  readonly durations = new Map<
    string,
    { readonly series: Series; readonly client: Durations; readonly server: Durations }
  >();

  /** Calls that have not ended, by their ids. */
  readonly #open = new Map<number, LogicalCall>();

  /** Counts a batch. */
  add(batch: Batch): void {
    for (const event of batch) this.#add(event);
    if (this.#open.size > OPEN) this.settle();
  }

  /** Counts calls that have ended without a message: refused by HTTP, cancelled, hung. To be called before counts are read. */
  settle(): void {
    for (const call of this.#open.values()) if (call.outcome !== undefined) this.#end(call);
    if (this.#open.size <= OPEN) return;
    for (const id of this.#open.keys()) { // the oldest: most will never end
      if (this.#open.size <= OPEN / 2) break;
      this.#open.delete(id);
    }
  }

  #add(event: Event): void {
    switch (event.kind) {
      case "mcp":
        return this.#message(event);
      case "finding":
        return this.findings.add(`${event.rule}\0${event.severity}`);
      case "gap":
        return this.gaps.add(event.reason);
      case "sensor":
        return this.sensorEvents.add(event.sensor);
      case "http":
      case "chunk":
    }
  }

  #message({ type, transport, context }: McpEvent): void {
    this.messages.add(`${type}\0${transport}`);
    const call = context?.call;
    if (call === undefined) return;
    if (type === "request") this.#open.set(call.id, call);
    if (context?.endsCall) this.#end(call);
  }

  #end(call: LogicalCall): void {
    if (this.#open.delete(call.id)) this.#call(call);
  }

  #call(call: LogicalCall): void {
    const { method, outcome = "hung", request, serverTime, humanTime } = call;
    this.calls.add(`${method}\0${outcome}`);
    const name = method === "tools/call" ? call.name ?? "" : "";
    const error = errorType(call);
    const transport = request.transport === "stdio" ? "pipe" : "tcp";
    const key = `${method}\0${name}\0${error}\0${transport}`;
    const found = this.durations.get(key) ?? this.#series(key, { method, tool: name, error, transport });
    note(found.client, (serverTime + humanTime) / 1000);
    note(found.server, serverTime / 1000);
  }

  #series(key: string, series: Series) {
    if (this.durations.size >= SERIES || key.length > 3 * LONGEST) {
      const transport = series.transport, error = series.error === "" ? "" : OTHER;
      series = { method: OTHER, tool: series.tool === "" ? "" : OTHER, error, transport };
      key = `${series.method}\0${series.tool}\0${error}\0${transport}`;
      const known = this.durations.get(key);
      if (known !== undefined) return known;
    }
    const made = { series, client: durations(), server: durations() };
    this.durations.set(key, made);
    return made;
  }
}

/** OpenTelemetry's `error.type`: the code of a JSON-RPC error, or `tool_error`. */
function errorType({ outcome, errorCode }: LogicalCall): string {
  if (outcome === "ok") return "";
  return outcome === "error" ? String(errorCode ?? "error") : outcome ?? "hung";
}

function durations(): Durations {
  return { buckets: new Array<number>(BOUNDS.length + 1).fill(0), sum: 0, count: 0 };
}

function note(durations: Durations, seconds: number): void {
  let k = 0;
  while (k < BOUNDS.length && seconds > (BOUNDS[k] ?? Infinity)) k++;
  durations.buckets[k] = (durations.buckets[k] ?? 0) + 1;
  durations.sum += seconds;
  durations.count++;
}
