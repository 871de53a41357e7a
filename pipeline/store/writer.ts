/**
 * Writes rows to a database of this thread, what belongs together in one transaction.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type Lookup,
  type NumberedTable,
  type RowWriter,
  type Statement,
  type StatementName,
  STATEMENTS,
  type Value,
} from "./statements.ts";

/** Rows that are inserted by one statement: to run one costs 2 µs, whatever it does (measured). */
const TOGETHER = 16;

/** Rows of one kind that wait. */
interface Waiting {
  readonly statement: Statement;
  single: StatementSync | undefined;
  several: StatementSync | undefined;
  values: Value[];
}

/** SQLite's texts end at the first NUL for most who read them, so that a peer could hide what comes after. */
function storable(value: Value): Value {
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\u2400") : value;
}

/** A writer. {@linkcode begin} and {@linkcode commit} stand around what belongs together. */
export class DatabaseWriter implements RowWriter {
  readonly #db: DatabaseSync;
  readonly #waiting: ReadonlyMap<StatementName, Waiting>;
  #isOpen = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#waiting = new Map(
      STATEMENTS.map((statement) =>
        [statement.name, { statement, single: undefined, several: undefined, values: [] }] as const
      ),
    );
  }

  begin(): void {
    if (this.#isOpen) return;
    this.#db.exec("BEGIN IMMEDIATE");
    this.#isOpen = true;
  }

  /** Writes a row, by and by. */
  write(name: StatementName, values: Value[]): void {
    const waiting = this.#waiting.get(name)!;
    if (name !== "message" && name !== "call") {
      (waiting.single ??= this.#db.prepare(waiting.statement.sql(1))).run(...values.map(storable));
      return;
    }
    const { values: all } = waiting;
    for (let k = 0; k < values.length; k++) all.push(storable(values[k]!));
    if (all.length < TOGETHER * waiting.statement.width) return;
    waiting.values = [];
    (waiting.several ??= this.#db.prepare(waiting.statement.sql(TOGETHER))).run(...all);
  }

  commit(): void {
    if (!this.#isOpen) return;
    for (const waiting of this.#waiting.values()) {
      const { statement: { width, sql }, values } = waiting;
      if (values.length === 0) continue;
      waiting.values = [];
      const single = waiting.single ??= this.#db.prepare(sql(1));
      for (let at = 0; at < values.length; at += width) single.run(...values.slice(at, at + width));
    }
    this.#db.exec("COMMIT");
    this.#isOpen = false;
  }

  /** Takes back what was written since the last {@linkcode begin}. */
  rollback(): void {
    for (const waiting of this.#waiting.values()) waiting.values = [];
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#db.exec("ROLLBACK");
    } catch {
      // SQLite has done so itself
    }
  }
}

/** Looks up what is there. */
export class DatabaseLookup implements Lookup {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  lastId(table: NumberedTable): number {
    const id = this.#db.prepare(`SELECT max(id) AS id FROM ${table}`).get()?.["id"];
    return typeof id === "number" ? id : 0;
  }

  server(key: string): { readonly id: number; readonly firstSeen: number } | undefined {
    const row = this.#db.prepare("SELECT id, first_seen FROM server_rows WHERE key = ?").get(key);
    if (row === undefined) return undefined;
    return { id: Number(row["id"]), firstSeen: Number(row["first_seen"]) };
  }

  tools(server: number): readonly (readonly [string, string])[] {
    const rows = this.#db.prepare("SELECT kind, name FROM tool_rows WHERE server = ?").all(server);
    return rows.map(({ kind, name }) => [String(kind), String(name)] as const);
  }
}
