/** A sink that delivers the messages of gap events as lines of text. */
import { Buffer } from "node:buffer";
import { z } from "zod";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Context } from "../../../pipeline/component.ts";
import type { Batch, Event } from "../../../pipeline/event.ts";
import { type Courier, type DeliveryOptions, deliveryOptions, deliverySink } from "../../../pipeline/delivery/mod.ts";

const schema = z.strictObject(deliveryOptions);
const encoder = new TextEncoder();

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "mcpsonde-delivery-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Options that are quick, with a buffer of its own. */
export function options(more: z.input<typeof schema> = {}): DeliveryOptions {
  return schema.parse({ buffer_dir: folder(), batch_ms: 5, retry: { initial_ms: 10, max_ms: 50 }, ...more });
}

/** Makes lines of events. */
export function courier(url: string, more: Partial<Courier> = {}): Courier {
  return {
    format: "lines/1",
    endpoint: url,
    *encode(batch) {
      for (const event of batch) yield encoder.encode(event.kind === "gap" ? `${event.message}\n` : "?\n");
    },
    requests: (records) => [{
      url,
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: Buffer.concat(records.map(({ bytes }) => bytes)),
      records: records.map((_, k) => k),
    }],
    ...more,
  };
}

/** What a sink has told. */
export interface Told extends Context {
  readonly logged: string[];
  readonly dropped: Record<string, number>;
  readonly errors: Record<string, number>;
  readonly gauges: Record<string, number>;
  readonly stop: AbortController;
}

export function context(): Told {
  const logged: string[] = [], stop = new AbortController();
  const dropped: Record<string, number> = {}, errors: Record<string, number> = {}, gauges: Record<string, number> = {};
  return {
    name: "lines",
    signal: stop.signal,
    stop,
    logged,
    dropped,
    errors,
    gauges,
    log: {
      info: (message) => logged.push(`info: ${message}`),
      warn: (message) => logged.push(`warn: ${message}`),
      error: (message) => logged.push(`error: ${message}`),
    },
    metrics: {
      dropped: (reason, count = 1) => dropped[reason] = (dropped[reason] ?? 0) + count,
      error: (reason, count = 1) => errors[reason] = (errors[reason] ?? 0) + count,
      set: (name, value) => gauges[name] = value,
    },
  };
}

export function event(message: string): Event {
  return { kind: "gap", time: 1, source: "test", reason: "test", message };
}

/** An input that the test feeds. */
export class Feed implements AsyncIterable<Batch> {
  readonly #waiting: { batch: Batch; taken: () => void }[] = [];
  #ended = false;
  #wake = () => {};

  /** Hands on a batch; resolves when the next one is asked for. */
  send(...messages: readonly string[]): Promise<void> {
    return new Promise((taken) => {
      this.#waiting.push({ batch: messages.map(event), taken });
      this.#wake();
    });
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        yield next.batch;
        next.taken();
      } else if (this.#ended) return;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

/** Runs a sink. */
export async function start(
  made: Courier,
  given: DeliveryOptions = options(),
): Promise<Told & { readonly feed: Feed; readonly done: Promise<void> }> {
  const told = context(), feed = new Feed();
  const sink = await deliverySink(made, given, told);
  return { ...told, feed, done: sink(feed) };
}

/** Waits until it holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (const stop = performance.now() + 30_000; !holds();) {
    if (performance.now() > stop) throw new Error(`it never held: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** `line 0`, `line 1`, … */
export function lines(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, k) => `line ${from + k}`);
}
