/**
 * Deletes what is too old or too much, oldest first, a little at a time.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";

/** What is kept. */
export interface Retention {
  /** What happened before this time may go, in milliseconds since the epoch. */
  readonly before?: number | undefined;
  /** Bytes that the rows may take in the file. */
  readonly maxBytes?: number | undefined;
  /** Calls that are kept at least. The oldest of more go, some thousand rows at a time. */
  readonly maxCalls?: number | undefined;
}

/** Rows and bytes that were deleted. */
export interface Pruned {
  calls: number;
  messages: number;
  http: number;
  events: number;
  findings: number;
}

const KINDS = { calls: "call", messages: "message", http: "http", events: "event", findings: "finding" } as const;

/** Bytes that the file's rows take, without what is free in it. */
export function usedBytes(db: DatabaseSync): number {
  const value = (name: string) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  return (value("page_count") - value("freelist_count")) * value("page_size");
}

/** Deletes the oldest some thousand rows, if they are too old or the rest is too much; undefined if all may stay. */
export function pruneStep(db: DatabaseSync, { before, maxBytes, maxCalls }: Retention): Pruned | undefined {
  const mark = db.prepare("SELECT * FROM marks ORDER BY id LIMIT 1").get();
  if (mark === undefined) return undefined;
  const isOld = before !== undefined && Number(mark["to_time"]) < before;
  const isMany = maxCalls !== undefined && lastCall(db) - Number(mark["calls"]) >= maxCalls;
  if (!isOld && !isMany && (maxBytes === undefined || usedBytes(db) <= maxBytes)) return undefined;
  const pruned: Pruned = { calls: 0, messages: 0, http: 0, events: 0, findings: 0 };
  db.exec("BEGIN IMMEDIATE");
  try {
    const [calls, messages, findings] = [Number(mark["calls"]), Number(mark["messages"]), Number(mark["findings"])];
    uncount(db, calls, findings);
    db.prepare(
      "DELETE FROM text_index WHERE rowid IN (SELECT id FROM message_rows WHERE id <= ?1 AND id <= (SELECT value FROM state WHERE name = 'text_indexed'))",
    ).run(messages);
    db.prepare("DELETE FROM long_texts WHERE id <= ?").run(messages);
    for (const [kind, table] of Object.entries(KINDS) as [keyof Pruned, string][]) {
      pruned[kind] = Number(db.prepare(`DELETE FROM ${table}_rows WHERE id <= ?`).run(Number(mark[kind])).changes);
    }
    db.prepare("DELETE FROM marks WHERE id = ?").run(Number(mark["id"]));
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
  return pruned;
}

function lastCall(db: DatabaseSync): number {
  return Number(db.prepare("SELECT max(id) AS id FROM call_rows").get()?.["id"] ?? 0);
}

/** The counts of sessions are those of what is there. */
function uncount(db: DatabaseSync, calls: number, findings: number): void {
  db.prepare(
    `UPDATE session_rows AS s SET calls = s.calls - g.calls, errors = s.errors - g.errors
     FROM (SELECT j.session, count(*) AS calls, sum(c.outcome IN ('error', 'tool_error') AND c.outcome IS NOT NULL) AS errors
       FROM call_rows c JOIN subject_rows j ON j.id = c.subject WHERE c.id <= ? GROUP BY 1) AS g WHERE s.id = g.session`,
  ).run(calls);
  db.prepare(
    `UPDATE session_rows AS s SET findings = s.findings - g.n
     FROM (SELECT session, count(*) AS n FROM finding_rows WHERE id <= ? AND session IS NOT NULL GROUP BY 1) AS g
     WHERE s.id = g.session`,
  ).run(findings);
}

/** Deletes what nothing refers to any more. Whoever adds rows must not refer to what it knew before. */
export function sweep(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE;
    DELETE FROM subject_rows WHERE NOT EXISTS (SELECT 1 FROM call_rows c WHERE c.subject = subject_rows.id);
    DELETE FROM words WHERE NOT EXISTS (SELECT 1 FROM message_rows);
    DELETE FROM lane_rows WHERE id NOT IN (SELECT lane FROM message_rows);
    COMMIT`);
}
