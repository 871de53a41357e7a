/**
 * Writes what a view has to show, when it is time.
 *
 * @module
 */
import type { Event } from "../../pipeline/event.ts";
import type { View } from "./view.ts";
import type { Writer } from "./writer.ts";

/** What a screen works with. */
export interface ScreenParts {
  readonly writer: Writer;
  /** Columns a line may take now. */
  columns(): number;
}

/** One write at a time: after each batch, and when something has waited long enough though nothing came. */
export class Screen {
  readonly #view: View;
  readonly #parts: ScreenParts;
  readonly #encoder = new TextEncoder();
  #writing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(view: View, parts: ScreenParts) {
    this.#view = view;
    this.#parts = parts;
  }

  add(event: Event, columns: number): void {
    this.#view.add(event, columns, performance.now());
  }

  /** Writes what is ready. Rejects if this write failed, or one before it. */
  async write(now: number = performance.now()): Promise<void> {
    const text = this.#view.take(this.#parts.columns(), now);
    if (text !== "") {
      this.#writing = this.#writing.then(() => this.#parts.writer.write(this.#encoder.encode(text)));
    }
    await this.#writing;
    const { due } = this.#view;
    if (due === undefined || this.#timer !== undefined || this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.write().catch(() => {}); // the next batch's write rejects as well
    }, Math.max(1, due - performance.now()));
  }

  /** Writes all that is left. */
  async end(): Promise<void> {
    this.stop();
    await this.write(Infinity);
  }

  /** Writes no more by itself. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
