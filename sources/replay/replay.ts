/**
 * From a file to batches.
 *
 * @module
 */
import { closeSync, readSync } from "node:fs";
import type { Context } from "../../pipeline/component.ts";
import type { Batch, Event, GapEvent } from "../../pipeline/event.ts";
import { CaptureDecoder } from "../../protocols/capture/mod.ts";
import { Pace } from "./pace.ts";

/** Bytes read at once. A new block each time, as events refer to it; one of 256 KiB comes from the kernel, at 4 times the cost. */
const BLOCK = 64 * 1024;

/** How a file is replayed. */
export interface ReplayOptions {
  /** Keep the times between events. */
  readonly real: boolean;
  /** Events handed on at once. */
  readonly batchEvents: number;
}

/** Reads the file open at `fd`, which it closes at the end. What is wrong with it becomes a gap event. */
export async function* replay(
  fd: number,
  path: string,
  { real, batchEvents }: ReplayOptions,
  { name, signal, log, metrics }: Context,
): AsyncGenerator<Batch> {
  const capture = new CaptureDecoder();
  const pace = real ? new Pace(signal) : undefined;
  let time = Date.now();
  let bytes = 0, skipped = 0;
  const gap = (reason: string, message: string, lost: GapEvent["lost"]): Batch => {
    log.warn(message);
    return [{ kind: "gap", time, source: name, reason, message, lost }];
  };
  try {
    let block = new Uint8Array(0), end = 0;
    while (!signal.aborted && capture.problem === undefined) {
      const rest = block.subarray(capture.at, end);
      block = new Uint8Array(Math.max(BLOCK, capture.wanted));
      block.set(rest);
      end = rest.length;
      const bytesRead = readSync(fd, block, end, block.length - end, null);
      end += bytesRead;
      bytes += bytesRead;
      capture.block(block, 0, end);
      for (;;) {
        const batch = take(capture, batchEvents);
        if (batch.length === 0) break;
        time = batch.at(-1)?.time ?? time;
        if (pace !== undefined) yield* pace.batches(batch);
        else yield batch;
        if (signal.aborted) return;
      }
      if (capture.skipped > skipped) {
        const records = capture.skipped - skipped;
        skipped = capture.skipped;
        yield gap("corrupt_record", `${path}: ${records} records make no sense`, { records });
      }
      metrics.set("bytes_read", bytes);
      if (bytesRead === 0) break;
    }
    const left = end - capture.at;
    if (capture.problem !== undefined) yield gap("corrupt_capture", `${path}: ${capture.problem}`, { bytes: left });
    else if (left > 0) {
      yield gap("torn_capture", `${path}: the last record is cut after ${left} bytes`, { bytes: left });
    }
  } finally {
    closeSync(fd);
  }
}

function take(capture: CaptureDecoder, limit: number): Event[] {
  const batch: Event[] = [];
  while (batch.length < limit) {
    const event = capture.next();
    if (event === undefined) break;
    batch.push(event);
  }
  return batch;
}
