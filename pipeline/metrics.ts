/**
 * What a running pipeline says of itself: a handful of counters for each node, updated once a batch.
 *
 * @module
 */
import type { Metrics } from "./component.ts";

/** The counters of one node at one moment. */
export interface NodeSnapshot {
  /** The node's path in the plan: `sources.kernel`, `transforms[0]`, `sinks.file`. */
  readonly node: string;
  /** As written in the file: `ebpf`, `./my_sink.ts`. */
  readonly type: string;
  /** Events that came in. 0 for a source. */
  readonly received: number;
  /** Events that went out; for a sink, those that it took and asked for more after. */
  readonly sent: number;
  /** Events dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Errors, by reason. */
  readonly errors: Readonly<Record<string, number>>;
  /**
   * Milliseconds that the node held a batch without waiting for another node. The engine cannot tell a source's
   * work from its waiting, so a source reports its own with `metrics.set("busy_ms", total)`.
   */
  readonly busy_ms: number;
  /** What the component itself reports, e.g. `ring_bytes`. */
  readonly gauges: Readonly<Record<string, number>>;
}

/** All counters of a pipeline at one moment. JSON as it is. */
export interface MetricsSnapshot {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** Milliseconds since the pipeline was built. */
  readonly uptime_ms: number;
  /** Sources, transforms, sinks (each after its own transforms), as in the plan. */
  readonly nodes: readonly NodeSnapshot[];
}

/** The live counters of one node: written by the engine and by the component, read by {@linkcode snapshot}. */
export class NodeMetrics implements Metrics {
  /** Events that came in. */
  received = 0;
  /** Events that went out. */
  sent = 0;
  readonly #node: string;
  readonly #type: string;
  readonly #dropped = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #gauges = new Map<string, number>();
  #busy = 0;
  #since = 0; // when the node got to work; 0 while it waits

  /** Counters for the node with this path and type. */
  constructor(node: string, type: string) {
    this.#node = node;
    this.#type = type;
  }

  dropped(reason: string, events = 1): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + events);
  }

  error(reason: string, count = 1): void {
    this.#errors.set(reason, (this.#errors.get(reason) ?? 0) + count);
  }

  set(name: string, value: number): void {
    this.#gauges.set(name, value);
  }

  /** The node got to work at this time (of `performance.now()`). */
  start(now: number): void {
    this.#since = now;
  }

  /** The node handed on, or began to wait for another node. */
  stop(now: number): void {
    if (this.#since === 0) return;
    this.#busy += now - this.#since;
    this.#since = 0;
  }

  /** The counters now. */
  snapshot(): NodeSnapshot {
    const { busy_ms, ...gauges } = Object.fromEntries(this.#gauges);
    return {
      node: this.#node,
      type: this.#type,
      received: this.received,
      sent: this.sent,
      dropped: Object.fromEntries(this.#dropped),
      errors: Object.fromEntries(this.#errors),
      busy_ms: busy_ms ?? this.#busy,
      gauges,
    };
  }
}
