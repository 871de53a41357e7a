import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../../pipeline/component.ts";
import type { Event, GapEvent, SensorEvent } from "../../../pipeline/event.ts";
import { options } from "../../../sources/spool/options.ts";
import { Spool } from "../../../sources/spool/spool.ts";
import { line } from "../../protocols/sensor/_lines.ts";

/** Waits for no longer than this for what should come, in milliseconds. */
const PATIENCE_MS = 10_000;

/** A spool that is followed. */
export class Followed {
  readonly events: Event[] = [];
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #error: unknown;

  /** Begins to follow. */
  constructor(more: Record<string, unknown>) {
    const context: Context = {
      name: "spool",
      signal: this.#stop.signal,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      metrics: { dropped: () => {}, error: () => {}, set: () => {} },
    };
    const spool = new Spool(options.parse({ poll_ms: 20, window_ms: 5, ...more }), context);
    this.#done = this.#read(spool).catch((error: unknown) => this.#error = error).then(() => {});
  }

  /** Waits until so many events of sensors have come. */
  async until(isDone: (followed: this) => boolean): Promise<this> {
    for (const end = Date.now() + PATIENCE_MS; !isDone(this); await sleep(5)) {
      if (this.#error !== undefined) throw this.#error;
      if (Date.now() > end) {
        throw new Error(
          `It did not come; there are ${this.names.slice(-20)}; ${this.gaps.map(({ message }) => message)}`,
        );
      }
    }
    return this;
  }

  /** Ends it, which reads what is there. */
  async stop(): Promise<this> {
    this.#stop.abort();
    await this.#done;
    if (this.#error !== undefined) throw this.#error;
    return this;
  }

  /** What sensors told. */
  get told(): SensorEvent[] {
    return this.events.filter((event) => event.kind === "sensor");
  }

  /** Their names. */
  get names(): string[] {
    return this.told.map(({ name }) => name);
  }

  /** What was not seen. */
  get gaps(): GapEvent[] {
    return this.events.filter((event) => event.kind === "gap");
  }

  async #read(spool: Spool): Promise<void> {
    for await (const batch of spool.batches()) this.events.push(...batch);
  }
}

/** Runs with a folder of its own. */
export function inFolder(run: (dir: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const dir = mkdtempSync(join(tmpdir(), "spool-"));
    try {
      await run(dir);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  };
}

/** Lines with these names, numbered from `first`, one millisecond after the other. */
export function lines(
  names: readonly string[],
  more: Parameters<typeof line>[3] & { readonly first?: number } = {},
): string {
  const { first = 0 } = more;
  return names.map((name, k) => `${line(name, first + k, {}, { ms: first + k, ...more })}\n`).join("");
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
