/**
 * The thread that writes: it alone waits for the disk.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase, optimize } from "../../pipeline/store/database.ts";
import { StoreError } from "../../pipeline/store/error.ts";
import { unpack } from "../../pipeline/store/pack.ts";
import { pruneStep } from "../../pipeline/store/retention.ts";
import { TextIndexer } from "../../pipeline/store/text_index.ts";
import { DatabaseWriter } from "../../pipeline/store/writer.ts";
import type { Answer, Order, Setup } from "./messages.ts";

/** How often it is looked for what is too old or too much, in milliseconds. */
const PRUNE_MS = 5000;
/** How long words are indexed at the end, in milliseconds: what is left is searched by reading it. */
const LAST_MS = 2000;

const port = parentPort;
const setup = workerData as Setup;

function say(answer: Answer): void {
  port?.postMessage(answer);
}

class Thread {
  readonly #db: DatabaseSync;
  readonly #writer: DatabaseWriter;
  readonly #indexer: TextIndexer;
  #pruned = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#writer = new DatabaseWriter(db);
    this.#indexer = new TextIndexer(db);
    this.#rest();
  }

  take(order: Order): void {
    clearTimeout(this.#timer);
    if (order.type === "end") return this.#end();
    try {
      this.#writer.begin();
      unpack(new Uint8Array(order.bytes), this.#writer);
      this.#writer.commit();
      say({ type: "written" });
    } catch (error) {
      this.#writer.rollback();
      const { fault, message } = StoreError.of(error, setup.path);
      say({ type: "failed", fault, message, bytes: order.bytes });
    }
    this.#rest();
  }

  /** There is nothing to write: does what can wait, a little at a time. */
  #rest(): void {
    this.#timer = setTimeout(() => {
      let more = false;
      try {
        more = this.#prune() || (setup.textIndex && this.#indexer.more());
      } catch {
        // the disk is full, say: rows tell of it
      }
      if (more) this.#rest();
      else this.#timer = setTimeout(() => this.#rest(), PRUNE_MS);
    }, 0);
  }

  #prune(): boolean {
    const { maxAge, maxBytes } = setup;
    if ((maxAge === undefined && maxBytes === undefined) || Date.now() - this.#pruned < PRUNE_MS) return false;
    const before = maxAge === undefined ? undefined : Date.now() - maxAge;
    const pruned = pruneStep(this.#db, { before, maxBytes });
    if (pruned === undefined) {
      this.#pruned = Date.now();
      this.#db.exec("PRAGMA incremental_vacuum(1000)");
      return false;
    }
    say({ type: "pruned", rows: Object.values(pruned).reduce((sum, rows) => sum + rows, 0) });
    return true;
  }

  #end(): void {
    const until = Date.now() + LAST_MS;
    try {
      while (setup.textIndex && Date.now() < until && this.#indexer.more());
      optimize(this.#db);
    } catch {
      // what is not indexed is searched by reading it
    }
    this.#db.close();
    say({ type: "ended" });
    globalThis.close?.();
  }
}

const thread = new Thread(await openDatabase(setup.path, false));
port?.on("message", (order: Order) => thread.take(order));
say({ type: "ready" });
