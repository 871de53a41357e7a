/**
 * The index of words over the texts of messages. It is made behind the rows, as it takes longer than they do: what is not
 * indexed yet is searched by reading it.
 *
 * Beside FTS5's index stands a list of all words, `words`: FTS5's own takes as long to read as all texts. Messages with words
 * that are too long for it are in `long_texts`.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { unescaped } from "./functions.ts";

/** Messages of one step: some milliseconds. */
const STEP = 500;
const WATERMARK = "text_indexed";
/** What FTS5's tokenizer `ascii` takes for a word: letters, digits, and all that is not ASCII. */
const WORD = /[0-9A-Za-z\u0080-\u{10ffff}]+/gu;
/** Longest word of the list, in UTF-16 units. */
const LONGEST = 128;
/** Words that are remembered, not to be written again. */
const KNOWN = 200_000;

/** The last message that is indexed. */
export function indexedTo(db: DatabaseSync): number {
  const value = db.prepare("SELECT value FROM state WHERE name = ?").get(WATERMARK)?.["value"];
  return typeof value === "number" ? value : 0;
}

/** Indexes messages. */
export class TextIndexer {
  readonly #db: DatabaseSync;
  readonly #known = new Set<string>();
  #words: string[] = [];
  #long: number[] = [];

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.function("indexed_text", (id, text) => this.#text(Number(id), String(text)));
  }

  /** Indexes some more messages; false if all are. */
  more(): boolean {
    const db = this.#db, from = indexedTo(db);
    const last = db.prepare("SELECT max(id) AS id FROM (SELECT id FROM message_rows WHERE id > ? ORDER BY id LIMIT ?)")
      .get(from, STEP)?.["id"];
    if (typeof last !== "number") return false;
    db.exec("BEGIN IMMEDIATE");
    try {
      db.prepare(
        "INSERT INTO text_index (rowid, text) SELECT id, indexed_text(id, text) FROM message_rows WHERE id > ? AND id <= ?",
      ).run(from, last);
      db.prepare("INSERT OR IGNORE INTO words (word) SELECT value FROM json_each(?)").run(JSON.stringify(this.#words));
      db.prepare("INSERT OR IGNORE INTO long_texts (id) SELECT value FROM json_each(?)").run(
        JSON.stringify(this.#long),
      );
      db.prepare("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)").run(WATERMARK, last);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      this.#known.clear();
      throw error;
    } finally {
      this.#words = [];
      this.#long = [];
    }
    return true;
  }

  /** The text as it is indexed: as it stands there and, where it has escapes, also what they stand for. */
  #text(id: number, text: string): string {
    const whole = text.includes("\\") ? `${text} ${unescaped(text)}` : text;
    let isLong = false;
    for (const [word] of whole.matchAll(WORD)) {
      if (this.#known.has(word)) continue;
      if (word.length > LONGEST) {
        isLong = true;
        continue;
      }
      if (this.#known.size >= KNOWN) this.#known.clear();
      this.#known.add(word);
      this.#words.push(word);
    }
    if (isLong) this.#long.push(id);
    return whole;
  }
}
