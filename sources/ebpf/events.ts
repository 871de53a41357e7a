/**
 * The events that a stream gives.
 *
 * @module
 */
import type { ChunkEvent, GapEvent, Process } from "../../pipeline/event.ts";
import type { Piece, Tracked } from "./tracked.ts";

const EMPTY = new Uint8Array(0);

/** For sentences. */
export function nameOf(process: Process | undefined): string {
  return process?.name ?? "an unknown process";
}

/** Bytes that went through. */
export function chunk(source: string, t: Tracked, piece: Piece): ChunkEvent {
  const { time, process, buffer, start, end, lost } = piece;
  return {
    kind: "chunk",
    time,
    source,
    process: process ?? t.from,
    peer: t.to,
    stream: t.stream,
    buffer,
    start,
    end,
    lost,
    eof: false,
  };
}

/** The stream's end. */
export function lastChunk(source: string, t: Tracked): ChunkEvent {
  const piece = { time: now(), process: undefined, buffer: EMPTY, start: 0, end: 0, lost: 0 };
  return { ...chunk(source, t, piece), eof: true };
}

/** Bytes that were not seen. */
export function gap(source: string, t: Tracked, reason: string, message: string, bytes: number): GapEvent {
  const { from: process, to: peer, stream } = t;
  return { kind: "gap", time: now(), source, process, peer, reason, message, lost: { bytes }, stream };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
