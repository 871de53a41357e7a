/**
 * Takes records to the endpoint until nothing is left to be done for any of them.
 *
 * @module
 */
import type { Context } from "../component.ts";
import type { Endpoint } from "./endpoint.ts";
import { Notices, records as some } from "./notices.ts";
import type { DeliveryOptions } from "./options.ts";
import type { BufferedRecord, Courier, OutgoingRequest, Verdict } from "./types.ts";

/** An endpoint that takes nothing is not asked about each record. */
const SPLITS = 100;

/** Delivers portions of records. */
export class Sender {
  /** Records that the endpoint has taken. */
  delivered = 0;
  /** Records that were sent again. */
  retried = 0;
  /** How often a rejected request may still be taken apart before something is delivered. */
  #splits = SPLITS;
  readonly #courier: Courier;
  readonly #endpoint: Endpoint;
  readonly #maxAgeMs: number;
  readonly #context: Context;
  readonly #notices: Notices;
  readonly #onOld: (records: number) => void;

  /** `onOld` is told how many records are given up as they have waited for too long. */
  constructor(
    courier: Courier,
    endpoint: Endpoint,
    options: Pick<DeliveryOptions, "buffer_age_s">,
    context: Context,
    onOld: (records: number) => void,
  ) {
    this.#onOld = onOld;
    this.#courier = courier;
    this.#endpoint = endpoint;
    this.#maxAgeMs = options.buffer_age_s * 1000;
    this.#context = context;
    this.#notices = new Notices(context.log);
  }

  /** Resolves when each is delivered, rejected or too old. Rejects only when the signal is aborted. */
  async deliver(records: readonly BufferedRecord[], signal: AbortSignal): Promise<void> {
    for (let left = records; left.length > 0;) {
      const young = this.#young(left);
      left = await this.#round(young, signal);
      this.retried += left.length;
    }
  }

  /** Tells the log what is still to be told. */
  close(): void {
    this.#notices.flush();
  }

  /** Sends all of them once; gives those that are to be sent again. */
  async #round(records: readonly BufferedRecord[], signal: AbortSignal): Promise<readonly BufferedRecord[]> {
    const requests = this.#requests(records);
    const carried = new Set(requests.flatMap((request) => request.records));
    this.#reject(records.length - carried.size, "unsendable", "no request could be made of them");
    const again = new Set<number>(), failed = new Set<number>();
    for (const request of requests) {
      const verdict = await this.#endpoint.send(request, signal);
      await this.#apply(verdict, request, records, again, failed, signal);
    }
    this.delivered += carried.size - new Set([...again, ...failed]).size;
    return [...again].sort((a, b) => a - b).map((index) => records[index]!);
  }

  async #apply(
    verdict: Verdict,
    request: OutgoingRequest,
    records: readonly BufferedRecord[],
    again: Set<number>,
    failed: Set<number>,
    signal: AbortSignal,
  ): Promise<void> {
    const carried = request.records;
    switch (verdict.outcome) {
      case "done":
        this.#splits = SPLITS;
        return;
      case "retry":
        for (const index of carried) again.add(index);
        return;
      case "rejected":
        for (const index of carried) failed.add(index);
        if (!verdict.apart || carried.length <= 1 || this.#splits <= 0) {
          return this.#reject(carried.length, "rejected", verdict.reason);
        }
        this.#splits--;
        return await this.#halves(carried, records, signal);
      case "too_large":
        for (const index of carried) failed.add(index);
        if (carried.length <= 1) return this.#reject(carried.length, "too_large_for_endpoint", verdict.reason);
        return await this.#halves(carried, records, signal);
      case "partly": {
        const ours = new Set(carried);
        for (const index of verdict.retry) if (ours.has(index)) again.add(index);
        for (const { record, reason } of verdict.rejected) {
          if (!ours.has(record) || failed.has(record)) continue;
          failed.add(record);
          this.#reject(1, "rejected", reason);
        }
        if (verdict.refused === undefined || !(verdict.refused.count > 0)) return;
        const { count, what, reason } = verdict.refused;
        this.#context.metrics.dropped("refused", count);
        this.#notices.warn("refused", count, (count) => `${this.#endpoint.name} refused ${count} ${what}: ${reason}`);
      }
    }
  }

  /** Delivers one half after the other: what becomes of them is counted there. */
  async #halves(
    carried: readonly number[],
    records: readonly BufferedRecord[],
    signal: AbortSignal,
  ): Promise<void> {
    const half = carried.length >> 1;
    for (const part of [carried.slice(0, half), carried.slice(half)]) {
      await this.deliver(part.map((index) => records[index]!), signal);
    }
  }

  #requests(records: readonly BufferedRecord[]): readonly OutgoingRequest[] {
    if (records.length === 0) return [];
    try {
      return this.#courier.requests(records).filter((request) => request.records.length > 0);
    } catch (error) {
      this.#context.log.error(`no request could be made of ${some(records.length)}: ${error}`);
      return [];
    }
  }

  #reject(count: number, reason: string, message: string): void {
    if (count <= 0) return;
    this.#context.metrics.dropped(reason, count);
    this.#notices.warn(reason, count, (count) => `${this.#endpoint.name} rejected ${some(count)}: ${message}`);
  }

  #young(records: readonly BufferedRecord[]): readonly BufferedRecord[] {
    const oldest = Date.now() - this.#maxAgeMs;
    const young = records.filter(({ time }) => time >= oldest);
    const old = records.length - young.length;
    if (old > 0) this.#onOld(old);
    return young;
  }
}
