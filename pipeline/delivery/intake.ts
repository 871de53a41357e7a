/**
 * The way of events into the buffer.
 *
 * @module
 */
import type { Context } from "../component.ts";
import type { DiskBuffer, DropReason } from "../disk_buffer/mod.ts";
import type { Batch, GapEvent } from "../event.ts";
import { Notices, records as some } from "./notices.ts";
import type { DeliveryOptions } from "./options.ts";
import type { Courier } from "./types.ts";
import type { Wake } from "./wake.ts";

/** How long to wait before a full buffer or disk is tried again, if nothing is delivered meanwhile; in milliseconds. */
const AGAIN_MS = 500;

/** When drops are told by a gap: after nothing was dropped for so long, or so long after the first; in milliseconds. */
const GAP_MS = { quiet: 1000, most: 10_000 } as const;

const WHY: Readonly<Record<DropReason, string>> = {
  buffer_full: "the buffer was full",
  disk_error: "the disk did not take them",
  too_large: "they were larger than `max_record_bytes`",
  too_old: "they waited for longer than `buffer_age_s`",
  damaged: "their bytes in the buffer were damaged",
  removed: "their files were removed",
};

/** What an intake works with. */
export interface IntakeParts {
  readonly courier: Courier;
  readonly options: Pick<DeliveryOptions, "fsync" | "when_buffer_full" | "shutdown_ms">;
  readonly context: Context;
  /** Notified when something was delivered; to be notified when something came. */
  readonly room: Wake;
  readonly news: Wake;
}

/** Puts what a courier makes of events into the buffer. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #notices: Notices;
  /** What was dropped and is still to be told as gaps. */
  readonly #gaps = new Map<DropReason, number>();
  #droppedSince = 0;
  #droppedAt = 0;
  #waits = false;
  #stopBy = Infinity;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#notices = new Notices(parts.context.log);
    const { signal } = parts.context;
    const stop = () => {
      this.#stopBy = performance.now() + parts.options.shutdown_ms;
      parts.room.notify();
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  }

  /** Counts and tells what the buffer drops. */
  readonly onDropped = (reason: DropReason, count: number): void => {
    this.#droppedAt = performance.now();
    if (this.#gaps.size === 0) this.#droppedSince = this.#droppedAt;
    this.#gaps.set(reason, (this.#gaps.get(reason) ?? 0) + count);
    this.#drop(reason, count, WHY[reason]);
  };

  /** Resolves when the batch is in the buffer: on the disk, if that is asked for. */
  async take(buffer: DiskBuffer, batch: Batch): Promise<void> {
    const told = this.#gaps.size > 0 && this.#isOver() ? [...this.#takeGaps(), ...batch] : batch;
    await this.put(buffer, () => this.#parts.courier.encode(told));
  }

  /** Tells the receiver what is still to be told. */
  async finish(buffer: DiskBuffer): Promise<void> {
    if (this.#gaps.size > 0) await this.put(buffer, () => this.#parts.courier.encode(this.#takeGaps()));
  }

  /** Tells the log what is still to be told. */
  close(): void {
    this.#notices.flush();
  }

  /** The same of what is made otherwise. */
  async put(buffer: DiskBuffer, make: () => Iterable<Uint8Array>): Promise<void> {
    const { context, options, news } = this.#parts;
    const now = Date.now();
    let late = 0;
    try {
      for (const record of make()) {
        while (late === 0 && !buffer.append(record, now)) if (!await this.#wait()) late++;
        if (late > 0) late++;
      }
    } catch (error) {
      context.metrics.error("encode");
      this.#notices.warn("encode", 1, (count) => `${count} batches could not be encoded whole: ${error}`);
    }
    if (late > 0) late--; // the first one counts once
    while (late === 0 && !buffer.commit()) if (!await this.#wait()) late += buffer.discard();
    if (late > 0) this.#drop("shutdown", late, "the pipeline was told to stop while the buffer was full");
    if (options.fsync === "batch") await this.sync(buffer);
    if (this.#waits && late === 0) context.log.info("the buffer takes events again");
    this.#waits = false;
    news.notify();
  }

  /** Waits for the disk. */
  async sync(buffer: DiskBuffer): Promise<void> {
    try {
      await buffer.sync();
    } catch (error) {
      this.#parts.context.metrics.error("fsync");
      this.#notices.warn(
        "fsync",
        1,
        () => `cannot wait for the disk: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  /** Waits for room. False if there is no time left to. */
  async #wait(): Promise<boolean> {
    const { context, room, news } = this.#parts;
    if (performance.now() >= this.#stopBy) return false;
    if (!this.#waits) {
      context.log.warn("the buffer takes nothing more: the pipeline waits until something is delivered");
    }
    this.#waits = true;
    context.metrics.set("blocked", 1);
    news.notify();
    await room.wait(Math.min(AGAIN_MS, this.#stopBy - performance.now()));
    context.metrics.set("blocked", 0);
    return true;
  }

  #drop(reason: string, count: number, why: string): void {
    this.#parts.context.metrics.dropped(reason, count);
    this.#notices.warn(reason, count, (count) => `dropped ${some(count)}: ${why}`);
  }

  /** True if nothing was dropped for a moment, or something for long. */
  #isOver(): boolean {
    const now = performance.now();
    return now - this.#droppedAt > GAP_MS.quiet || now - this.#droppedSince > GAP_MS.most;
  }

  #takeGaps(): GapEvent[] {
    const gaps = [...this.#gaps].map(([reason, count]): GapEvent => ({
      kind: "gap",
      time: Date.now(),
      source: this.#parts.context.name,
      reason,
      message: `${some(count)} were dropped on the way: ${WHY[reason]}`,
      lost: { records: count },
    }));
    this.#gaps.clear();
    return gaps;
  }
}
