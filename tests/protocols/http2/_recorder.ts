/** Notes what the reader tells. */
import { type Http2Handler, type Http2Headers, type Http2Limits, Http2Parser } from "../../../protocols/http2/mod.ts";

/** One call; pieces of DATA that follow one another on a stream are one. */
export type Told =
  | readonly ["headers", number, Http2Headers, boolean, boolean]
  | readonly ["promise", number, number, Http2Headers, boolean]
  | readonly ["data", number, string]
  | readonly ["end", number]
  | readonly ["reset", number, number]
  | readonly ["settings", readonly (readonly [number, number])[]]
  | readonly ["goaway", number, number]
  | readonly ["problem", number, string, number];

const decoder = new TextDecoder("latin1");

/** Records. */
export class Recorder implements Http2Handler {
  readonly told: Told[] = [];

  headers(streamId: number, headers: Http2Headers, end: boolean, complete: boolean): void {
    this.told.push(["headers", streamId, headers, end, complete]);
  }

  promise(streamId: number, promised: number, headers: Http2Headers, complete: boolean): void {
    this.told.push(["promise", streamId, promised, headers, complete]);
  }

  data(streamId: number, buffer: Uint8Array, start: number, end: number): void {
    if (start >= end) throw new Error("Empty data");
    const text = decoder.decode(buffer.subarray(start, end));
    const last = this.told.at(-1);
    if (last?.[0] === "data" && last[1] === streamId) {
      this.told[this.told.length - 1] = ["data", streamId, last[2] + text];
    } else this.told.push(["data", streamId, text]);
  }

  end(streamId: number): void {
    this.told.push(["end", streamId]);
  }

  reset(streamId: number, code: number): void {
    this.told.push(["reset", streamId, code]);
  }

  settings(values: ReadonlyMap<number, number>): void {
    this.told.push(["settings", [...values]]);
  }

  goaway(lastStreamId: number, code: number): void {
    this.told.push(["goaway", lastStreamId, code]);
  }

  problem(streamId: number, reason: string, bytes: number): void {
    this.told.push(["problem", streamId, reason, bytes]);
  }
}

/** Reads pieces, each in a buffer of its own; a number is that many bytes lost. */
export function read(pieces: readonly (Uint8Array | number)[], limits: Partial<Http2Limits> = {}): Told[] {
  const recorder = new Recorder(), parser = new Http2Parser(recorder, limits);
  for (const piece of pieces) {
    if (typeof piece === "number") parser.lose(piece);
    else parser.push(piece, 0, piece.length);
  }
  parser.close();
  return recorder.told;
}

/** Cuts bytes at these places, in any order. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const all = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...all, bytes.length].map((place, k) => bytes.slice(all[k - 1] ?? 0, place));
}
