/**
 * Writes rows to a database of this thread, a batch in one transaction.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Lookup, type RowWriter, type StatementName, STATEMENTS, type Value } from "./statements.ts";

/** A writer. {@linkcode begin} and {@linkcode commit} stand around what belongs together. */
export class DatabaseWriter implements RowWriter {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<StatementName, StatementSync>();
  #isOpen = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  begin(): void {
    if (this.#isOpen) return;
    this.#db.exec("BEGIN IMMEDIATE");
    this.#isOpen = true;
  }

  write(name: StatementName, values: Value[]): void {
    let statement = this.#statements.get(name);
    if (statement === undefined) this.#statements.set(name, statement = this.#db.prepare(STATEMENTS[name]));
    statement.run(...values);
  }

  commit(): void {
    if (!this.#isOpen) return;
    this.#db.exec("COMMIT");
    this.#isOpen = false;
  }

  /** Takes back what was written since the last {@linkcode begin}. */
  rollback(): void {
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

  lastId(table: Parameters<Lookup["lastId"]>[0]): number {
    const id = this.#db.prepare(`SELECT max(id) AS id FROM ${table}`).get()?.["id"];
    return typeof id === "number" ? id : 0;
  }

  server(key: string): { readonly id: number; readonly firstSeen: number } | undefined {
    const row = this.#db.prepare("SELECT id, first_seen FROM servers WHERE key = ?").get(key);
    if (row === undefined) return undefined;
    return { id: Number(row["id"]), firstSeen: Number(row["first_seen"]) };
  }

  tools(server: number): readonly (readonly [string, string])[] {
    const rows = this.#db.prepare("SELECT kind, name FROM tools WHERE server = ?").all(server);
    return rows.map(({ kind, name }) => [String(kind), String(name)] as const);
  }
}
