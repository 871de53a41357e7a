/**
 * What happened in a call, in its order.
 *
 * @module
 */
import type { CallDetail } from "../../../../pipeline/feed/feed.ts";
import type { EventRow, FindingRow, HttpRow, MessageRow } from "../../../../pipeline/store/rows.ts";

/** One thing that happened. */
export type Happening =
  | { readonly kind: "message"; readonly time: number; readonly row: MessageRow; readonly repeated: boolean }
  | { readonly kind: "finding"; readonly time: number; readonly row: FindingRow }
  | { readonly kind: "event"; readonly time: number; readonly row: EventRow }
  | { readonly kind: "http"; readonly time: number; readonly row: HttpRow }
  | { readonly kind: "end"; readonly time: number };

/** The order of things of one time. */
const RANK = { http: 0, message: 1, event: 2, finding: 3, end: 4 } as const;

/** All of it, oldest first. A request after the first one, or after one of the same method, is marked as repeated. */
export function timeline({ call, messages, findings, events, http }: CallDetail): readonly Happening[] {
  const methods = new Set<string>();
  const out: Happening[] = [];
  for (const row of messages) {
    const repeated = row.type === "request" && row.method !== undefined && methods.has(row.method);
    if (row.type === "request" && row.method !== undefined) methods.add(row.method);
    out.push({ kind: "message", time: row.time, row, repeated });
  }
  for (const row of findings) out.push({ kind: "finding", time: row.time, row });
  for (const row of events) out.push({ kind: "event", time: row.time, row });
  for (const row of http) out.push({ kind: "http", time: row.time, row });
  const isAnswered = messages.some(({ type }) => type === "response");
  if (call.outcome !== undefined && !isAnswered && call.duration_ms !== undefined) {
    out.push({ kind: "end", time: call.time + call.duration_ms });
  }
  return out.sort((a, b) => a.time - b.time || RANK[a.kind] - RANK[b.kind]);
}

/** From when to when: of the call, and of all that happened. */
export function extent(happenings: readonly Happening[], call: CallDetail["call"]): readonly [number, number] {
  let from = call.time, to = call.time + (call.duration_ms ?? 0);
  for (const { time } of happenings) {
    from = Math.min(from, time);
    to = Math.max(to, time);
  }
  return [from, to];
}
