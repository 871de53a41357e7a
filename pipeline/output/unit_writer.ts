/**
 * Writes units to something that may fail for a while.
 *
 * @module
 */
import type { Context } from "../component.ts";
import { ByteBuffer } from "./byte_buffer.ts";

/** Where units go: all of what is given, or an error and nothing. */
export interface Target {
  /** Writes. */
  write(bytes: Uint8Array): void | Promise<void>;
  /** True if `write` has always written when it returns. */
  readonly synchronous?: boolean;
  /** Called now and then while there is nothing to write. */
  idle?(): void;
  /** Closes it. */
  close(): void | Promise<void>;
}

/** How a writer copes. */
export interface UnitWriterOptions {
  /** Bytes kept while writing fails. What comes beyond it is dropped and counted. */
  readonly maxBytes: number;
  /** The code of an error after which nobody reads any more, and nothing need be said of it: `EPIPE`. */
  readonly quietEnd?: string | undefined;
  /** Puts a unit into the buffer that tells how many were dropped; called once writing works again. */
  readonly onDropped: (units: number) => void;
}

/** Waiting time after the first failure, and its limit, in milliseconds. */
const FIRST_MS = 100, LAST_MS = 5000;
/** At the end it is tried so often, so many milliseconds apart. */
const LAST_TRIES = 3, LAST_PAUSE_MS = 100;
/** Kept buffer; a larger one was made for one large unit and is let go. */
const CAPACITY = 512 * 1024;
/** Units are written once they are this many bytes. */
const WORTH = 256 * 1024;

/**
 * Gathers units in `buffer` and writes them. When that fails it says so once, keeps what it has, tries again after a
 * while (longer each time), and drops what does not fit: `full` says when. It never throws.
 */
export class UnitWriter {
  /** Put a whole unit here, then say so by {@linkcode added}. */
  buffer: ByteBuffer = new ByteBuffer(CAPACITY);
  /** True once nobody reads any more. */
  ended = false;
  readonly #target: Target;
  readonly #context: Pick<Context, "log" | "metrics">;
  readonly #options: UnitWriterOptions;
  #units = 0;
  #dropped = 0;
  #pause = 0;
  #retryAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;

  /** A writer to `target`, which it will close. */
  constructor(target: Target, context: Pick<Context, "log" | "metrics">, options: UnitWriterOptions) {
    this.#target = target;
    this.#context = context;
    this.#options = options;
  }

  /** True if the next unit is to be given to {@linkcode drop}. */
  get full(): boolean {
    return this.#pause > 0 && this.buffer.length >= this.#options.maxBytes;
  }

  /** True from a failure to the next success. */
  get failing(): boolean {
    return this.#pause > 0;
  }

  /** Counts a unit that found no room. */
  drop(): void {
    this.#dropped++;
    this.#context.metrics.dropped("write_failed");
  }

  /** Units were put into the buffer. If there is much to write, writes it; wait for the promise if there is one. */
  added(units = 1): Promise<void> | undefined {
    this.#units += units;
    return this.buffer.length >= WORTH ? this.flush() : undefined;
  }

  /** Writes whole units, or puts them into the buffer if that is better. Wait for the promise if there is one. */
  write(bytes: Uint8Array, units: number): Promise<void> | undefined {
    const { buffer } = this;
    if (buffer.length === 0 && this.#pause === 0 && !this.ended && this.#target.synchronous) {
      try {
        this.#target.write(bytes);
        return undefined;
      } catch (error) {
        buffer.append(bytes);
        this.#units += units;
        this.#fail(error);
        return undefined;
      }
    }
    buffer.append(bytes);
    return this.added(units);
  }

  /** Writes what there is, unless writing has just failed. Wait for the promise if there is one. */
  flush(): Promise<void> | undefined {
    if (this.ended) this.#discard();
    else if (this.buffer.length === 0) this.#target.idle?.();
    else if (this.#pause === 0 || Date.now() >= this.#retryAt) return this.#write();
    return undefined;
  }

  /** Writes the rest and closes the target. Gives up if that fails. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    for (let tries = 0; this.buffer.length > 0 && !this.ended && tries < LAST_TRIES; tries++) {
      if (tries > 0) await new Promise((resolve) => setTimeout(resolve, LAST_PAUSE_MS));
      await this.#write();
    }
    clearTimeout(this.#timer);
    const { log, metrics } = this.#context;
    if (this.buffer.length > 0 && !this.ended) {
      metrics.dropped("write_failed", this.#units);
      log.error(`${this.#units + this.#dropped} events could not be written`);
    }
    try {
      await this.#target.close();
    } catch (error) {
      this.#report(error);
    }
  }

  #write(): Promise<void> | undefined {
    if (this.#writing !== undefined) return this.#writing;
    const { bytes, length } = this.buffer;
    const units = this.#units;
    try {
      const writing = this.#target.write(bytes.subarray(0, length));
      if (writing === undefined) return this.#succeed(length, units);
      this.#writing = writing.then(() => this.#succeed(length, units), (error: unknown) => this.#fail(error)).finally(
        () => this.#writing = undefined,
      );
      return this.#writing;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #succeed(length: number, units: number): undefined {
    this.#discard(length, units);
    if (this.#pause === 0) return;
    this.#pause = 0;
    this.#context.log.info("writing works again");
    if (this.#dropped === 0) return;
    this.#options.onDropped(this.#dropped);
    this.#dropped = 0;
    this.#units++;
    this.#timer = setTimeout(() => this.flush(), 0);
  }

  #fail(error: unknown): void {
    const { quietEnd } = this.#options;
    if (quietEnd !== undefined && code(error) === quietEnd) {
      this.ended = true;
      return this.#discard();
    }
    if (this.#pause === 0) this.#report(error);
    else this.#context.metrics.error(code(error));
    this.#pause = Math.min(LAST_MS, this.#pause === 0 ? FIRST_MS : this.#pause * 2);
    this.#retryAt = Date.now() + this.#pause;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), this.#pause + 1);
  }

  #report(error: unknown): void {
    this.#context.metrics.error(code(error));
    const text = error instanceof Error ? error.message : String(error);
    this.#context.log.error(`cannot write: ${text}; keeping up to ${this.#options.maxBytes} bytes and trying again`);
  }

  /** Lets go of the first units; more may have come while they were written. */
  #discard(length = this.buffer.length, units = this.#units): void {
    const { buffer } = this;
    this.#units -= units;
    buffer.bytes.copyWithin(0, length, buffer.length);
    buffer.length -= length;
    if (buffer.length === 0 && buffer.bytes.length > 4 * CAPACITY) this.buffer = new ByteBuffer(CAPACITY);
  }
}

function code(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "write_failed";
}
