/**
 * A courier, its buffer and its endpoint at work.
 *
 * @module
 */
import process from "node:process";
import type { Context } from "../component.ts";
import { DiskBuffer } from "../disk_buffer/mod.ts";
import type { Batch } from "../event.ts";
import { Client } from "./client.ts";
import { defaultDirectory } from "./directory.ts";
import { Endpoint } from "./endpoint.ts";
import { Intake } from "./intake.ts";
import { records as some } from "./notices.ts";
import type { DeliveryOptions } from "./options.ts";
import { Sender } from "./sender.ts";
import type { Carrier, Courier, HealthRequest } from "./types.ts";
import { Wake } from "./wake.ts";

/** How often the gauges are set and the buffer is looked after, in milliseconds. */
const REPORT_MS = 1000;
/** Between two ticks of a courier that does not say, in milliseconds. */
const TICK_MS = 10_000;

/** One run of a sink. */
export class Delivery {
  readonly #courier: Courier;
  readonly #options: DeliveryOptions;
  readonly #context: Context;
  readonly #buffer: DiskBuffer;
  readonly #client: Carrier;
  readonly #endpoint: Endpoint;
  readonly #sender: Sender;
  readonly #intake: Intake;
  /** Something was put into the buffer; something was taken out of it. */
  readonly #news = new Wake();
  readonly #room = new Wake();
  readonly #stop = new AbortController();
  #ended = false;
  /** When something was delivered last, of `performance.now()`. */
  #progress = 0;

  /** Opens the buffer, reads certificates. Throws a sentence. */
  constructor(courier: Courier, options: DeliveryOptions, context: Context, carrier?: Carrier) {
    this.#courier = courier;
    this.#options = options;
    this.#context = context;
    this.#client = carrier ?? clientFor(courier.endpoint, options);
    this.#endpoint = new Endpoint(courier.endpoint, this.#client, options, context);
    this.#intake = new Intake({ courier, options, context, room: this.#room, news: this.#news });
    const onOld = (count: number) => this.#intake.onDropped("too_old", count);
    this.#sender = new Sender(courier, this.#endpoint, options, context, onOld);
    this.#buffer = DiskBuffer.open({
      dir: options.buffer_dir ?? defaultDirectory(context.name, process.env),
      format: courier.format,
      maxBytes: options.buffer_bytes,
      maxAgeMs: options.buffer_age_s * 1000,
      maxRecordBytes: options.max_record_bytes,
      whenFull: options.when_buffer_full,
      sync: options.fsync !== "none",
      onDropped: this.#intake.onDropped,
      onProblem: (message) => context.log.warn(message),
    });
    if (options.tls.insecure) context.log.warn(`${this.#endpoint.name}: any certificate is taken (\`tls.insecure\`)`);
  }

  /** Lets go of everything without having run. */
  abandon(): void {
    this.#client.close();
    this.#buffer.close();
  }

  /** Takes the input until it ends, delivers, and lets go of everything. */
  async run(input: AsyncIterable<Batch>): Promise<void> {
    const options = this.#options;
    const waiting = this.#buffer.stats.records;
    if (waiting > 0) this.#context.log.info(`${some(waiting)} of an earlier run wait in the buffer`);
    const timers = [setInterval(() => this.#report(), REPORT_MS)];
    if (typeof options.fsync === "number") {
      let syncing = false;
      timers.push(setInterval(async () => {
        if (syncing) return;
        syncing = true;
        await this.#intake.sync(this.#buffer);
        syncing = false;
      }, options.fsync));
    }
    const ticking = new AbortController();
    const ticks = this.#tick(ticking.signal);
    const health = options.health_check ? this.#checkHealth() : Promise.resolve();
    const workers = Array.from({ length: options.concurrency }, () => this.#work());
    try {
      for await (const batch of input) {
        if (batch.length > 0) await this.#intake.take(this.#buffer, batch);
      }
    } finally {
      ticking.abort();
      await ticks;
      await this.#intake.put(this.#buffer, () => this.#courier.tick?.(true) ?? []);
      await this.#intake.finish(this.#buffer);
      await this.#finish(workers);
      this.#stop.abort();
      await health;
      for (const timer of timers) clearInterval(timer);
      this.#report();
      this.#intake.close();
      this.#sender.close();
      const { records } = this.#buffer.stats;
      if (records > 0) this.#context.log.warn(`${some(records)} wait in the buffer for the next run`);
      this.#client.close();
      this.#buffer.close();
    }
  }

  /** Waits for the workers while the endpoint takes something, and no longer than that. */
  async #finish(workers: readonly Promise<void>[]): Promise<void> {
    this.#ended = true;
    this.#news.notify();
    const { signal } = this.#context, { shutdown_ms } = this.#options;
    const began = this.#progress = performance.now();
    const { records } = this.#buffer.stats;
    if (this.#endpoint.failing && records > 0 && shutdown_ms >= 1000) {
      this.#context.log.info(`${some(records)} still to be sent: trying for ${Math.round(shutdown_ms / 1000)} s`);
    }
    const done = Promise.all(workers);
    let running = true;
    void done.then(() => running = false);
    let stopBy = signal.aborted ? began + shutdown_ms : Infinity;
    const told = () => {
      stopBy = performance.now() + shutdown_ms;
      this.#room.notify();
    };
    signal.addEventListener("abort", told, { once: true });
    void done.then(() => this.#room.notify());
    while (running) {
      const left = Math.min(stopBy, this.#progress + shutdown_ms) - performance.now();
      if (left <= 0) break;
      await this.#room.wait(left);
    }
    signal.removeEventListener("abort", told);
    this.#stop.abort();
    await done;
  }

  /** Takes portions out of the buffer, one after the other. */
  async #work(): Promise<void> {
    const { batch_events, batch_bytes } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (!await this.#isReady()) continue;
      const portion = this.#buffer.read(batch_events, batch_bytes, Date.now());
      if (portion.records.length === 0) {
        if (this.#ended) return;
        continue;
      }
      try {
        await this.#sender.deliver(portion.records, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#context.metrics.dropped("deliver", portion.records.length);
        this.#context.log.error(`${some(portion.records.length)} could not be delivered: ${error}`);
      }
      this.#buffer.acknowledge(portion);
      this.#progress = performance.now();
      this.#room.notify();
    }
  }

  /** True if there is enough to be sent, or waits long enough; waits a little otherwise. */
  async #isReady(): Promise<boolean> {
    if (this.#ended) return true;
    const { batch_events, batch_bytes, batch_ms } = this.#options;
    const { records, bytes, since } = this.#buffer.unread;
    if (records >= batch_events || bytes >= batch_bytes) return true;
    const left = since === undefined ? REPORT_MS : Math.min(batch_ms, since + batch_ms - Date.now());
    if (left <= 0) return true;
    await this.#news.wait(left);
    return false;
  }

  /** Records that are made by time. */
  async #tick(signal: AbortSignal): Promise<void> {
    const { tick, tickMs = TICK_MS } = this.#courier;
    if (tick === undefined) return;
    const wake = new Wake();
    signal.addEventListener("abort", () => wake.notify(), { once: true });
    while (!signal.aborted) {
      await wake.wait(tickMs);
      if (!signal.aborted) await this.#intake.put(this.#buffer, () => this.#courier.tick?.(false) ?? []);
    }
  }

  async #checkHealth(): Promise<void> {
    try {
      const request = this.#courier.health?.() ?? anyAnswer(this.#courier.endpoint);
      const verdict = await this.#endpoint.attempt(request, this.#stop.signal);
      if (verdict.outcome !== "rejected") return;
      this.#context.log.warn(`${this.#endpoint.name} refuses the health check: ${verdict.reason}`);
    } catch {
      // stopped meanwhile
    }
  }

  #report(): void {
    const now = Date.now(), { metrics } = this.#context;
    this.#buffer.maintain(now);
    const { records, bytes, oldest } = this.#buffer.stats;
    metrics.set("buffer_records", records);
    metrics.set("buffer_bytes", bytes);
    metrics.set("buffer_oldest_s", oldest === undefined ? 0 : Math.max(0, (now - oldest) / 1000));
    metrics.set("records_delivered", this.#sender.delivered);
    metrics.set("records_retried", this.#sender.retried);
    this.#endpoint.report();
  }
}

/** A request whose answer says no more than that there is somebody. */
function anyAnswer(url: string): HealthRequest {
  return { url, method: "HEAD", headers: {}, body: new Uint8Array(0), judge: () => ({ outcome: "done" }) };
}

function clientFor(endpoint: string, options: DeliveryOptions): Client {
  const client = new Client(options);
  client.prepare(endpoint);
  return client;
}
