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

/** A capture file whose first bytes were read and found good. */
export interface Opened {
  readonly path: string;
  readonly fd: number;
  readonly head: Uint8Array;
}

/** Reads the file, which it closes at the end. What is wrong with it becomes a gap event. */
export async function* replay(
  { path, fd, head }: Opened,
  { real, batchEvents }: ReplayOptions,
  { name, signal, log, metrics }: Context,
): AsyncGenerator<Batch> {
  const capture = new CaptureDecoder();
  const pace = real ? new Pace(signal) : undefined;
  let time = 0, bytes = head.length, skipped = 0;
  const gap = (reason: string, message: string, lost: GapEvent["lost"]): Batch => {
    log.warn(`${path}: ${message}`);
    return [{ kind: "gap", time, source: name, reason, message, lost }];
  };
  try {
    let block = head, end = head.length;
    let batch: Event[] = [];
    for (let read = -1; read !== 0 && capture.problem === undefined;) {
      const rest = block.subarray(capture.at, end);
      block = new Uint8Array(Math.max(BLOCK, capture.wanted));
      block.set(rest);
      read = readSync(fd, block, rest.length, block.length - rest.length, null);
      end = rest.length + read;
      bytes += read;
      capture.block(block, 0, end);
      while (fill(batch, capture, batchEvents)) {
        time = batch.at(-1)?.time ?? time;
        if (pace !== undefined) yield* pace.batches(batch);
        else yield batch;
        if (signal.aborted) return;
        batch = [];
      }
      if (capture.skipped > skipped) {
        const records = capture.skipped - skipped;
        skipped = capture.skipped;
        batch.push(...gap("damaged", `${records} records of the capture make no sense`, { records }));
      }
      metrics.set("bytes_read", bytes);
    }
    time = batch.at(-1)?.time ?? time;
    if (pace !== undefined) yield* pace.batches(batch);
    else if (batch.length > 0) yield batch;
    const left = end - capture.at;
    if (capture.problem !== undefined) {
      yield gap("damaged", `The capture is damaged (${capture.problem}): what follows is not read`, { bytes: left });
    } else if (left > 0) {
      yield gap("truncated", `The capture ends in the middle of a record: ${left} bytes are left over`, {
        bytes: left,
      });
    }
  } finally {
    closeSync(fd);
  }
}

/** Adds events to a batch. False if it takes another block to make it full. By itself, as it is what has to be fast. */
function fill(batch: Event[], capture: CaptureDecoder, size: number): boolean {
  for (let event: Event | undefined; (event = capture.next()) !== undefined;) {
    if (batch.push(event) >= size) return true;
  }
  return false;
}
