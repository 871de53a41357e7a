/**
 * What was seen, kept in an SQLite file or in memory, and asked for again.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Batch } from "../event.ts";
import type { Ask, CallDetail, Page, ServerDetail } from "../feed/feed.ts";
import { Changed } from "./changed.ts";
import { openDatabase } from "./database.ts";
import { StoreError } from "./error.ts";
import { addFunctions } from "./functions.ts";
import { DEFAULT_LIMITS, type StoreLimits } from "./limits.ts";
import { links, rates, server, servers, tools } from "./overview.ts";
import { Reader } from "./reader.ts";
import { Recorder } from "./recorder.ts";
import { type Pruned, pruneStep, type Retention, sweep, usedBytes } from "./retention.ts";
import type {
  CallRow,
  EventRow,
  FindingRow,
  HttpRow,
  LinkRow,
  MessageRow,
  RateRow,
  ServerRow,
  ToolRow,
} from "./rows.ts";
import { Watch } from "./watch.ts";
import { DatabaseLookup, DatabaseWriter } from "./writer.ts";

/** What Deno's types do not know of yet. */
interface ArrayStatement {
  setReturnArrays(enabled: boolean): void;
}

/** How a store is opened. */
export interface StoreOptions {
  /** Nothing can be added. */
  readonly readonly?: boolean | undefined;
  /** Bounds of what is kept of one thing. */
  readonly limits?: Partial<StoreLimits> | undefined;
}

/**
 * A store. All is done at once, in this thread; readers see what was added before.
 *
 * @example Usage
 * ```ts ignore
 * const store = await Store.open(":memory:");
 * store.add(batch);
 * const { rows, more } = store.calls({ filter: "status:error", limit: 50 });
 * ```
 */
export class Store {
  /** The file, or `:memory:`. */
  readonly path: string;
  /** For questions that have no method. */
  readonly reader: Reader;
  readonly #db: DatabaseSync;
  readonly #writer: DatabaseWriter;
  readonly #limits: StoreLimits;
  readonly #changed = new Changed();
  readonly #watches = new Set<Watch>();
  #recorder: Recorder | undefined;

  private constructor(path: string, db: DatabaseSync, options: StoreOptions) {
    this.path = path;
    this.#db = db;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#writer = new DatabaseWriter(db);
    addFunctions(db);
    this.reader = new Reader(db);
  }

  /**
   * Opens a file, or makes it (0600, in a folder 0700); `:memory:` is a store without a file.
   *
   * @throws {StoreError} a sentence for a person.
   */
  static async open(path: string, options: StoreOptions = {}): Promise<Store> {
    return new Store(path, await openDatabase(path, options.readonly ?? false), options);
  }

  /**
   * Adds the rows of a batch, in one transaction: all of them or none.
   *
   * @throws {StoreError} if it cannot be written; none of the batch is there then.
   */
  add(batch: Batch): void {
    try {
      this.#writer.begin();
      this.#recorder ??= new Recorder(this.#writer, new DatabaseLookup(this.#db), this.#limits, this.#changed);
      this.#recorder.add(batch);
      this.#recorder.flush();
      this.#writer.commit();
    } catch (error) {
      this.#writer.rollback();
      this.#recorder = undefined; // what it remembers may not have been written
      this.#changed.clear();
      throw StoreError.of(error, this.path);
    }
    for (const watch of this.#watches) watch.note(this.#changed);
    this.#changed.clear();
  }

  /** What comes next is of another run: its sessions and calls are numbered anew. */
  newRun(): void {
    this.#mark();
    this.#recorder = undefined;
  }

  /** Calls, newest first. */
  calls(ask?: Ask): Page<CallRow> {
    return this.reader.page("calls", ask);
  }

  /** One call with all that belongs to it. */
  call(id: number): CallDetail | undefined {
    return this.reader.call(id);
  }

  /** Messages without their texts, newest first. */
  messages(ask?: Ask): Page<MessageRow> {
    return this.reader.page("messages", ask);
  }

  /** Findings, newest first. */
  findings(ask?: Ask): Page<FindingRow> {
    return this.reader.page("findings", ask);
  }

  /** What sensors told and what was not seen, newest first. */
  events(ask?: Ask): Page<EventRow> {
    return this.reader.page("events", ask);
  }

  /** HTTP exchanges, newest first. */
  http(ask?: Ask): Page<HttpRow> {
    return this.reader.page("http", ask);
  }

  /** Servers, by when they were first seen. */
  servers(): ServerRow[] {
    return servers(this.reader);
  }

  /** One server with what it offers. */
  server(key: string): ServerDetail | undefined {
    return server(this.reader, key);
  }

  /** What all servers offer; definitions only if asked for. */
  tools(withDefinitions = false): ToolRow[] {
    return tools(this.reader, withDefinitions);
  }

  /** Who talks to whom. */
  links(): LinkRow[] {
    return links(this.reader);
  }

  /** Calls by steps of time, oldest first, without those in which nothing was. */
  rates(from: number, to: number, stepMs: number): RateRow[] {
    return rates(this.reader, from, to, stepMs);
  }

  /**
   * Asks in SQL, at most so many rows. Nothing can be changed meanwhile.
   *
   * @throws {Error} of SQLite.
   */
  question(sql: string, limit: number): {
    readonly columns: string[];
    readonly rows: unknown[][];
    readonly more: boolean;
  } {
    this.#db.exec("PRAGMA query_only = ON");
    try {
      // as a part of another question: it can only be one, and an error on the way is not lost, as it is by iterate()
      const statement = this.#db.prepare(`SELECT * FROM (\n${sql.replace(/[\s;]+$/, "")}\n) LIMIT ?`);
      statement.setReadBigInts(true);
      (statement as unknown as ArrayStatement).setReturnArrays(true);
      const columns = statement.columns().map(({ name }) => name);
      const rows = statement.all(limit + 1) as unknown as unknown[][];
      return { columns, rows: rows.slice(0, limit), more: rows.length > limit };
    } finally {
      this.#db.exec("PRAGMA query_only = OFF");
    }
  }

  /** Notes what is added from now on, until it is closed. */
  watch(): Watch {
    const watch = new Watch(this.reader, () => this.#watches.delete(watch));
    this.#watches.add(watch);
    return watch;
  }

  /**
   * Deletes some of the oldest rows, if there is too much or it is too old; false if all may stay.
   *
   * @throws {StoreError} if it cannot be written.
   */
  prune(retention: Retention): boolean {
    try {
      return pruneStep(this.#db, retention) !== undefined;
    } catch (error) {
      throw StoreError.of(error, this.path);
    }
  }

  /** The same; tells what was deleted, undefined if nothing had to be. */
  pruned(retention: Retention): Pruned | undefined {
    try {
      return pruneStep(this.#db, retention);
    } catch (error) {
      throw StoreError.of(error, this.path);
    }
  }

  /** Bytes that the rows take. */
  get usedBytes(): number {
    return usedBytes(this.#db);
  }

  /**
   * Gives free space back to the disk, and deletes what no row refers to any more.
   *
   * @throws {StoreError} if another program has the file open.
   */
  vacuum(): void {
    try {
      this.#recorder = undefined;
      this.#db.exec("PRAGMA journal_mode = DELETE"); // which takes that nobody else has it
      sweep(this.#db);
      this.#db.exec("VACUUM; PRAGMA journal_mode = WAL");
    } catch (error) {
      throw StoreError.of(error, this.path);
    }
  }

  #mark(): void {
    if (this.#recorder === undefined) return;
    try {
      this.#writer.begin();
      this.#recorder.mark();
      this.#writer.commit();
    } catch (error) {
      this.#writer.rollback();
      throw StoreError.of(error, this.path);
    }
  }

  /** Closes the file. */
  close(): void {
    if (!this.#db.isOpen) return;
    try {
      this.#mark();
    } catch {
      // only times are looked up more slowly
    }
    this.#db.close();
  }
}
