/**
 * Says in the log what an operator should know, and not the same again and again.
 *
 * @module
 */
import type { Log } from "../component.ts";

/** How long the same kind of thing is only counted, in milliseconds. */
const QUIET_MS = 30_000;

interface Told {
  at: number;
  more: number;
  message: (count: number) => string;
}

/** Warnings by kind: the first at once, those of the next half minute as a number. */
export class Notices {
  readonly #log: Log;
  readonly #told = new Map<string, Told>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Warns, unless that was told of the kind a moment ago. `count` is how many it is about. */
  warn(kind: string, count: number, message: (count: number) => string): void {
    const now = performance.now(), told = this.#told.get(kind);
    if (told !== undefined && now - told.at < QUIET_MS) {
      told.more += count;
      told.message = message;
      return;
    }
    this.#log.warn(message(count + (told?.more ?? 0)));
    this.#told.set(kind, { at: now, more: 0, message });
  }

  /** Warns of what was only counted. */
  flush(): void {
    for (const { more, message } of this.#told.values()) if (more > 0) this.#log.warn(message(more));
    this.#told.clear();
  }
}

/** `1 record`, `2,000 records`. */
export function records(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "record" : "records"}`;
}
