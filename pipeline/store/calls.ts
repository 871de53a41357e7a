/**
 * Makes rows of logical calls, which are filled in as they go on.
 *
 * @module
 */
import type { LogicalCall } from "../context.ts";
import { RecentMap } from "../recent_map.ts";
import { shortened } from "../shortened.ts";
import type { Changed } from "./changed.ts";
import type { Lanes } from "./lanes.ts";
import { REMEMBERED, SMALL, type StoreLimits } from "./limits.ts";
import type { SessionState } from "./parties.ts";
import type { RowWriter } from "./statements.ts";

/** A call as it was written. */
export interface CallState {
  readonly id: number;
  readonly session: SessionState;
  call: LogicalCall;
  /** Rows of its first and last message and of its exchange. */
  request: number | null;
  last: number | null;
  http: number | null;
  findings: number;
  /** The worst finding's rank. */
  severity: number | null;
  /** Counted among the session's errors. */
  isFailed: boolean;
}

/** Knows the calls of one run. */
export class Calls {
  readonly #out: RowWriter;
  readonly #lanes: Lanes;
  readonly #limits: StoreLimits;
  readonly #changed: Changed;
  readonly #calls = new RecentMap<number, CallState>(REMEMBERED);
  readonly #dirty = new Set<CallState>();
  /** The last row's id. */
  last: number;

  constructor(out: RowWriter, lanes: Lanes, limits: StoreLimits, changed: Changed, last: number) {
    this.#out = out;
    this.#lanes = lanes;
    this.#limits = limits;
    this.#changed = changed;
    this.last = last;
  }

  /** The call, to be written with the batch. */
  of(call: LogicalCall, session: SessionState): CallState {
    let state = this.#calls.get(call.id);
    if (state === undefined) {
      state = {
        id: ++this.last,
        session,
        call,
        request: null,
        last: null,
        http: null,
        findings: 0,
        severity: null,
        isFailed: false,
      };
      this.#calls.set(call.id, state);
      session.calls++;
    }
    state.call = call;
    this.#dirty.add(state);
    return state;
  }

  /** Writes the calls that have changed. */
  flush(): void {
    for (const state of this.#dirty) this.#write(state);
    this.#dirty.clear();
  }

  #write(state: CallState): void {
    const { call, session } = state;
    const { outcome, request, taskId, humanTime } = call;
    const isOver = outcome !== undefined;
    if ((outcome === "error" || outcome === "tool_error") && !state.isFailed) {
      state.isFailed = true;
      session.errors++;
    }
    const tokens = isOver && this.#limits.tokens;
    const trace = request.context?.trace;
    this.#changed.calls.add(state.id);
    this.#out.write("call", [
      state.id,
      call.startTime,
      this.#lanes.subject(session, call.method, call.name, request),
      outcome ?? null,
      isOver ? call.serverTime + humanTime : null,
      isOver ? humanTime : null,
      call.requests,
      call.progress,
      call.bytesIn,
      call.bytesOut,
      request.id ?? null,
      state.request,
      state.last,
      state.http,
      state.findings,
      state.severity,
      call.errorCode ?? null,
      taskId === undefined ? null : shortened(taskId, SMALL),
      tokens ? whole(call.tokensIn) : null,
      tokens ? whole(call.tokensOut) : null,
      trace?.traceId ?? null,
      trace?.spanId ?? null,
    ]);
  }
}

function whole(tokens: number): number | null {
  return Number.isNaN(tokens) ? null : tokens;
}
