/**
 * The index of words over the texts of messages. It is made behind the rows, as it takes longer than they do: what is not
 * indexed yet is searched by reading it.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";

/** Messages of one step: some milliseconds. */
const STEP = 500;
const WATERMARK = "text_indexed";

/** The last message that is indexed. */
export function indexedTo(db: DatabaseSync): number {
  const value = db.prepare("SELECT value FROM state WHERE name = ?").get(WATERMARK)?.["value"];
  return typeof value === "number" ? value : 0;
}

/** Indexes some more messages; false if all are. Needs the functions of `functions.ts`. */
export function indexMore(db: DatabaseSync): boolean {
  const from = indexedTo(db);
  const last = db.prepare("SELECT max(id) AS id FROM (SELECT id FROM message_rows WHERE id > ? ORDER BY id LIMIT ?)")
    .get(from, STEP)?.["id"];
  if (typeof last !== "number") return false;
  db.exec("BEGIN IMMEDIATE");
  try {
    db.prepare(
      `INSERT INTO text_index (rowid, text) SELECT id, CASE WHEN instr(text, '\\') THEN text || ' ' || unescaped(text)
       ELSE text END FROM message_rows WHERE id > ? AND id <= ?`,
    ).run(from, last);
    db.prepare("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)").run(WATERMARK, last);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
  return true;
}
