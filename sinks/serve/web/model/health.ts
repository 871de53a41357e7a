/**
 * Rates from counters.
 *
 * @module
 */
import type { MetricsSnapshot, NodeSnapshot } from "../../../../pipeline/metrics.ts";

/** Snapshots that are kept. */
export const MOST_SNAPSHOTS = 120;

/** A node with its rates over the last seconds. */
export interface NodeRates {
  readonly node: NodeSnapshot;
  /** Events per second in and out. */
  readonly received: number;
  readonly sent: number;
  /** Share of one core, 0 to 1. */
  readonly busy: number;
  readonly dropped: number;
  readonly errors: number;
  /** What went out per second, between one snapshot and the next, oldest first. */
  readonly history: readonly number[];
}

/** Adds a snapshot; a pipeline that was started anew begins a new history. */
export function addSnapshot(
  history: readonly MetricsSnapshot[],
  next: MetricsSnapshot,
): readonly MetricsSnapshot[] {
  const last = history.at(-1);
  if (last !== undefined && (next.uptime_ms < last.uptime_ms)) return [next];
  if (last !== undefined && next.time <= last.time) return history;
  return [...history, next].slice(-MOST_SNAPSHOTS);
}

/** Rates are taken over this time, in milliseconds. */
const OVER = 5000;

/** The nodes of the latest snapshot. */
export function nodeRates(history: readonly MetricsSnapshot[]): readonly NodeRates[] {
  const now = history.at(-1);
  if (now === undefined) return [];
  const then = history.find(({ time }) => now.time - time <= OVER) ?? now;
  const seconds = (now.time - then.time) / 1000;
  const per = (a: number, b = 0) => seconds > 0 ? Math.max(0, a - b) / seconds : 0;
  return now.nodes.map((node) => {
    const old = then.nodes.find(({ node: name }) => name === node.node);
    return {
      node,
      received: per(node.received, old?.received),
      sent: per(node.sent, old?.sent),
      busy: per(node.busy_ms, old?.busy_ms) / 1000,
      dropped: sum(node.dropped),
      errors: sum(node.errors),
      history: rates(history, node.node),
    };
  });
}

function rates(history: readonly MetricsSnapshot[], name: string): readonly number[] {
  const out: number[] = [];
  const sent = (snapshot: MetricsSnapshot) => {
    const node = snapshot.nodes.find(({ node }) => node === name);
    return node === undefined ? 0 : Math.max(node.sent, node.received);
  };
  for (let k = 1; k < history.length; k++) {
    const before = history[k - 1], after = history[k];
    if (before === undefined || after === undefined) continue;
    out.push(Math.max(0, sent(after) - sent(before)) / Math.max(0.001, (after.time - before.time) / 1000));
  }
  return out;
}

/** All of them together. */
export function sum(counters: Readonly<Record<string, number>>): number {
  return Object.values(counters).reduce((all, count) => all + count, 0);
}
