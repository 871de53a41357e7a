/**
 * Opens a store's file.
 *
 * @module
 */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { APPLICATION_ID, SCHEMA_VERSION, TABLES, VIEWS } from "./schema.ts";
import { StoreError } from "./error.ts";

/** The first bytes of every SQLite database (SQLite's file format, 1.3). */
const MAGIC = "SQLite format 3\0";
/** How long is waited for another program that writes, in milliseconds. */
const BUSY_MS = 5000;

/** Whether a file begins as an SQLite database does. */
export function isDatabase(path: string): boolean {
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(MAGIC.length);
    return readSync(fd, bytes, 0, bytes.length, 0) === bytes.length && new TextDecoder().decode(bytes) === MAGIC;
  } finally {
    closeSync(fd);
  }
}

/**
 * Opens a file, or `:memory:`, and makes its tables if there are none. New files are readable by their owner only.
 *
 * @throws {StoreError} a sentence that names the file.
 */
export async function openDatabase(path: string, readonly: boolean): Promise<DatabaseSync> {
  const { DatabaseSync } = await sqlite();
  if (path !== ":memory:") prepare(path, readonly);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: readonly, timeout: BUSY_MS });
    check(db, path, readonly);
    return db;
  } catch (error) {
    db?.close();
    throw error instanceof StoreError ? error : StoreError.of(error, path);
  }
}

async function sqlite(): Promise<typeof import("node:sqlite")> {
  try {
    return await import("node:sqlite");
  } catch {
    throw new StoreError("this runtime has no node:sqlite; Deno and Node from 22.13 on have it");
  }
}

function prepare(path: string, readonly: boolean): void {
  if (existsSync(path)) {
    if (!statSync(path).isFile()) throw new StoreError(`${path} is no file`);
    if (statSync(path).size > 0 && !isDatabase(path)) throw new StoreError(`${path} is no SQLite database`);
    return;
  }
  if (readonly) throw new StoreError(`${path} does not exist`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

function check(db: DatabaseSync, path: string, readonly: boolean): void {
  const application = pragma(db, "application_id"), version = pragma(db, "user_version");
  if (application === APPLICATION_ID) {
    if (version > SCHEMA_VERSION) {
      throw new StoreError(
        `${path} was written by a later mcpsonde (tables of version ${version}; this one knows ${SCHEMA_VERSION})`,
      );
    }
    if (!readonly) tune(db);
    return;
  }
  const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"];
  if (application !== 0 || tables !== 0) throw new StoreError(`${path} is a database of another program`);
  if (readonly) throw new StoreError(`${path} is an empty database`);
  db.exec("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL");
  tune(db);
  db.exec(
    `BEGIN IMMEDIATE; ${TABLES} ${VIEWS} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`,
  );
}

function tune(db: DatabaseSync): void {
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 2048",
  );
}

/** Lets SQLite learn how its indexes are filled, by looking at some of their rows: it chooses among them by that. */
export function optimize(db: DatabaseSync): void {
  db.exec("PRAGMA analysis_limit = 1000; ANALYZE");
}

function pragma(db: DatabaseSync, name: string): number {
  const value = db.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === "number" ? value : 0;
}
