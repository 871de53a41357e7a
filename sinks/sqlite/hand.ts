/**
 * Hands rows to the thread that writes them: one lot at a time, while the next gathers.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import type { Context } from "../../pipeline/component.ts";
import type { Packer } from "../../pipeline/store/pack.ts";
import type { Answer, Order, Setup } from "./messages.ts";

/** How long is waited until what failed is tried again, in milliseconds. */
const RETRY_MS = 1000;
/** How long, and how often, at the end. */
const LAST_RETRIES = 5;

/** The thread, as the sink sees it. */
export class Hand {
  /** What was tried last could not be written. */
  isFailing = false;
  readonly #packer: Packer;
  readonly #context: Context;
  readonly #worker: Worker;
  readonly #before: () => void;
  /** Bytes and rows that the thread has. */
  #bytes = 0;
  #rows = 0;
  /** They were not written, and wait to be tried again. */
  #failed: ArrayBuffer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written = 0;
  #pruned = 0;
  #isReady = false;
  #isEnding = false;
  #isEnded = false;
  #retries = 0;
  /** Called when anything has changed. */
  #wake: () => void = () => {};

  /** `before` is called before a lot is handed on. */
  constructor(packer: Packer, setup: Setup, context: Context, before: () => void) {
    this.#before = before;
    this.#packer = packer;
    this.#context = context;
    this.#worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: setup });
    this.#worker.on("message", (answer: Answer) => this.#told(answer));
    this.#worker.on("error", (error: Error) => this.#broken(error));
    this.#worker.on("exit", () => {
      this.#isEnded = true;
      this.#wake();
    });
  }

  /** Bytes that are not in the file yet. */
  get waiting(): number {
    return this.#packer.length + this.#bytes;
  }

  /** Resolves when the thread has the file open. */
  async ready(): Promise<void> {
    while (!this.#isReady && !this.#isEnded) await this.#change();
  }

  /** Hands on what has gathered, if the thread has nothing to do. */
  go(): void {
    if (this.#bytes > 0 || this.#isEnded) return;
    this.#before();
    if (this.#packer.length === 0) return;
    const { rows } = this.#packer;
    const { buffer: bytes } = this.#packer.take();
    this.#rows = rows;
    this.#send(bytes);
  }

  /** Waits until no more than so many bytes wait, half of them with the thread, or until writing fails. */
  async room(bytes: number): Promise<void> {
    const isFull = () => bytes === 0 ? this.waiting > 0 : this.#packer.length > bytes / 2;
    while (isFull() && !this.isFailing && !this.#isEnded) await this.#change();
  }

  /** Lets other work be done while nothing can be written. */
  breath(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 0));
  }

  /** Writes all that waits, as far as that can be done, and closes the file. */
  async end(): Promise<void> {
    this.#isEnding = true;
    while (!this.#isEnded) {
      this.go();
      if (this.waiting === 0) break;
      if (this.isFailing && this.#retries > LAST_RETRIES) {
        const rows = this.#rows + this.#packer.rows;
        this.#context.metrics.dropped("write_failed", rows);
        this.#context.log.error(`${rows} rows could not be written and are lost`);
        break;
      }
      await this.#change();
    }
    clearTimeout(this.#timer);
    if (this.#isEnded) return;
    this.#worker.postMessage({ type: "end" } satisfies Order);
    while (!this.#isEnded) await this.#change();
    await this.#worker.terminate();
  }

  #send(bytes: ArrayBuffer): void {
    this.#bytes = bytes.byteLength;
    this.#worker.postMessage({ type: "rows", bytes } satisfies Order, [bytes]);
  }

  #told(answer: Answer): void {
    const { metrics, log } = this.#context;
    switch (answer.type) {
      case "ready":
        this.#isReady = true;
        break;
      case "written":
        this.#bytes = 0;
        this.#retries = 0;
        metrics.set("rows_written", this.#written += this.#rows);
        if (this.isFailing) log.info("the file can be written again");
        this.isFailing = false;
        this.go();
        break;
      case "failed":
        metrics.error(answer.fault);
        if (!this.isFailing) log.warn(`${answer.message}; it is tried again each second`);
        this.isFailing = true;
        this.#retries++;
        this.#failed = answer.bytes;
        this.#timer = setTimeout(() => this.#again(), this.#isEnding ? RETRY_MS / 5 : RETRY_MS);
        break;
      case "pruned":
        metrics.set("rows_pruned", this.#pruned += answer.rows);
        break;
      case "ended":
        this.#isEnded = true;
        break;
    }
    this.#wake();
  }

  #again(): void {
    const bytes = this.#failed;
    this.#failed = undefined;
    if (bytes !== undefined) this.#send(bytes);
  }

  #broken(error: Error): void {
    this.#context.metrics.error("thread");
    this.#context.log.error(`the thread that writes has failed: ${error.message}`);
    this.#isEnded = true;
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
