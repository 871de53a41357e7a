/**
 * Which call a finding or a sensor's event belongs to.
 *
 * @module
 */
import type { FindingEvent, JsonRpcId, McpEvent, SensorEvent } from "../../pipeline/event.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";

/** Calls remembered, and calls of one id and method told apart. */
const MOST_CALLS = 2048, MOST_ALIKE = 16;
/** By how much the clocks of a sensor and of who saw the message may differ, in milliseconds. */
const SKEW = 20;

/** What is remembered of a call, besides what the view `T` wants to. Holds on to no message. */
export interface KnownCall<T> {
  /** Of the logical call. */
  readonly id: number;
  readonly name: string | undefined;
  /** The pids of all that sent, got or told of its requests. */
  readonly pids: number[];
  /** The session's `Mcp-Session-Id`, where it has one. */
  readonly session: string | undefined;
  /** Milliseconds since the epoch of its first request. */
  readonly start: number;
  readonly view: T;
}

/** Remembers calls by what others call them. */
export class KnownCalls<T> {
  readonly #byId = new RecentMap<number, KnownCall<T>>(MOST_CALLS);
  readonly #byRequest = new RecentMap<string, KnownCall<T>[]>(MOST_CALLS);

  /** The call of a message; `make` makes what the view wants to remember of one that is seen for the first time. */
  of(event: McpEvent, make: () => T): KnownCall<T> | undefined {
    const { context, type } = event;
    const call = context?.call;
    if (context === undefined || call === undefined) return undefined;
    let known = this.#byId.get(call.id);
    if (known === undefined) {
      const { id, name, startTime: start } = call;
      known = { id, name, pids: [], session: context.session.sessionId, start, view: make() };
      this.#byId.set(id, known);
    }
    if (type === "request") this.#note(event, known);
    return known;
  }

  /** The call that a finding is about. */
  ofFinding({ call, event }: FindingEvent): KnownCall<T> | undefined {
    const id = call?.id ?? event?.context?.call?.id;
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** The call that a sensor's process worked on: by id, method, process, session and time. */
  ofSensor({ call, process, time }: SensorEvent): KnownCall<T> | undefined {
    if (call === undefined || process === undefined) return undefined;
    const alike = this.#byRequest.get(key(call.id, call.method));
    if (alike === undefined) return undefined;
    let found: KnownCall<T> | undefined;
    for (const known of alike) {
      if (known.start > time + SKEW || !hasPart(known, process)) continue;
      if (call.session !== undefined && known.session !== undefined && call.session !== known.session) continue;
      if (found === undefined || known.start >= found.start) found = known;
    }
    return found;
  }

  #note(event: McpEvent, known: KnownCall<T>): void {
    addPids(event, known.pids);
    for (const view of event.views ?? []) addPids(view, known.pids);
    const alike = this.#byRequest.recall(key(event.id ?? null, event.method ?? ""), () => []);
    if (alike.includes(known)) return;
    if (alike.length >= MOST_ALIKE) alike.shift();
    alike.push(known);
  }
}

/** Whether a process, or its parent, has to do with the call. */
function hasPart({ pids }: KnownCall<unknown>, { pid, ppid }: NonNullable<SensorEvent["process"]>): boolean {
  return pids.includes(pid) || (ppid !== undefined && pids.includes(ppid));
}

function addPids({ process, peer, sensor }: McpEvent, pids: number[]): void {
  for (const end of [process, peer, sensor?.process]) {
    if (end !== undefined && !pids.includes(end.pid)) pids.push(end.pid);
  }
}

function key(id: JsonRpcId, method: string): string {
  return `${typeof id} ${String(id)} ${method}`;
}
