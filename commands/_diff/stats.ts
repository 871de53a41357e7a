/**
 * Figures of calls by server, method and name.
 *
 * @module
 */
import type { Store } from "../../pipeline/store/store.ts";

/** Figures of calls of one kind. */
export interface CallStats {
  readonly calls: number;
  /** Those that ended in `error` or `tool_error`. */
  readonly errors: number;
  /** Median and 95th percentile of those that ended, in milliseconds. */
  readonly p50_ms: number | undefined;
  readonly p95_ms: number | undefined;
}

/** Calls of one kind. */
export interface CallGroup {
  readonly server: string;
  readonly serverKey: string;
  readonly method: string;
  readonly name: string | undefined;
  readonly stats: CallStats;
}

/** Kinds of calls that are told apart: names may be as many as calls. */
const GROUPS = 10_000;

const SQL =
  `SELECT v.name AS server, v.key, j.method, j.name, c.outcome IN ('error', 'tool_error') AS failed, c.duration_ms
  FROM call_rows c JOIN subject_rows j ON j.id = c.subject JOIN session_rows s ON s.id = j.session
  JOIN server_rows v ON v.id = s.server`;

/** All kinds of calls of a store. */
export function callStats(store: Store): CallGroup[] {
  const groups = new Map<string, { group: Omit<CallGroup, "stats">; calls: number; errors: number; times: number[] }>();
  for (const row of store.reader.iterate(SQL)) {
    const method = String(row["method"]);
    const isNamed = method === "tools/call" || method === "prompts/get" || groups.size < GROUPS / 10;
    const name = isNamed && typeof row["name"] === "string" ? row["name"] : undefined;
    const key = `${row["key"]}\0${method}\0${name ?? ""}`;
    let one = groups.get(key);
    if (one === undefined) {
      if (groups.size >= GROUPS) continue;
      const group = { server: String(row["server"]), serverKey: String(row["key"]), method, name };
      groups.set(key, one = { group, calls: 0, errors: 0, times: [] });
    }
    one.calls++;
    if (row["failed"] === 1) one.errors++;
    if (typeof row["duration_ms"] === "number") one.times.push(row["duration_ms"]);
  }
  return [...groups.values()].map(({ group, calls, errors, times }) => {
    const sorted = Float64Array.from(times).sort();
    const of = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return { ...group, stats: { calls, errors, p50_ms: of(0.5), p95_ms: of(0.95) } };
  });
}
