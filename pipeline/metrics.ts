/**
 * What a running pipeline says of itself: a handful of counters for each node, updated once a batch.
 *
 * @module
 */

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
