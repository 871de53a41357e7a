/**
 * Turns batches with chunks into batches with HTTP events.
 *
 * @module
 */
import type { Batch, ChunkEvent, Stream } from "../../pipeline/event.ts";
import type { Direction, Mode, Reader } from "./connection.ts";
import { Connections } from "./connections.ts";
import { guess, guessAll, mayBegin } from "./detect.ts";
import { Http1Requests } from "./http1_requests.ts";
import { Http1Responses } from "./http1_responses.ts";
import { Http2Reader } from "./http2_reader.ts";
import { Hub } from "./hub.ts";
import type { Options } from "./options.ts";
import { HOLD_BATCHES } from "./outlet.ts";

/** Chunks that wait at most, over all directions, and their bytes. */
const MOST_WAITING = 1024;
const MOST_BYTES = 64 * 1024 * 1024;

/** The transform's state and its way of working, free of streams of batches. */
export class Decoder {
  /** Events and counters. */
  readonly hub: Hub;
  /** What is open. */
  readonly connections: Connections;
  /** Directions with chunks that wait. */
  readonly #waiting = new Set<Direction>();
  #chunks = 0;
  #bytes = 0;

  /** A decoder that has seen nothing. */
  constructor(options: Options) {
    this.hub = new Hub(options);
    this.connections = new Connections(this.hub, (direction, incomplete) => this.#give(direction, incomplete));
  }

  /** Chunks that wait. */
  get waiting(): number {
    return this.#chunks;
  }

  /** Decodes a batch: gives the same one if there is nothing to do in it. */
  decode(batch: Batch): Batch {
    const { outlet } = this.hub, { connections } = this;
    const first = firstRelevant(batch);
    outlet.begin(batch, first);
    connections.batch++;
    for (let k = first; k < batch.length; k++) {
      const event = batch[k]!;
      if (event.kind === "chunk" && isCandidate(event.stream) && this.#chunk(event)) outlet.drop();
      else outlet.pass();
    }
    const quiet = batch.length === 0;
    if (this.#waiting.size > 0) this.#flush(quiet);
    outlet.flush(connections.time, quiet);
    connections.sweep(quiet);
    this.hub.tellGaps();
    return outlet.finish();
  }

  /** Ends everything. */
  end(): Batch {
    const { outlet } = this.hub;
    outlet.begin([], 0);
    this.connections.closeAll("unfinished");
    outlet.flushAll();
    this.hub.tellGaps();
    return outlet.finish();
  }

  /** False if the chunk is to be passed on. */
  #chunk(chunk: ChunkEvent): boolean {
    const { connections } = this;
    const direction = connections.of(chunk);
    const { reader, waiting } = direction;
    if (reader !== undefined && waiting.length === 0) {
      const ready = reader.ready(chunk);
      if (ready === "no") this.#wait(direction, chunk);
      else this.#read(direction, reader, chunk, ready === "alone" ? "alone" : "now");
      return true;
    }
    if (reader === undefined && waiting.length === 0 && this.#passes(direction, chunk)) {
      if (chunk.eof) connections.end(direction);
      return chunk.stream.medium !== "unix";
    }
    this.#wait(direction, chunk);
    return true;
  }

  /** True if there is nothing to read in the first chunk of a direction, or in one that is not HTTP. */
  #passes(direction: Direction, { buffer, start, end, stream }: ChunkEvent): boolean {
    if (end === start) return true;
    if (stream.medium !== "unix" || direction.other?.reader?.sure === true) return direction.foreign = false;
    return direction.foreign ||= !mayBegin(buffer[start]);
  }

  /** Reads a chunk once it can be told what it is and what it answers. */
  #wait(direction: Direction, chunk: ChunkEvent): void {
    const { waiting } = direction;
    if (waiting.length === 0) {
      direction.waitingSince = this.connections.batch;
      this.#waiting.add(direction);
    }
    waiting.push(chunk);
    this.#chunks++;
    this.#bytes += chunk.end - chunk.start;
    this.#drain(direction, chunk.eof && direction.reader === undefined);
    while (this.#chunks > MOST_WAITING || this.#bytes > MOST_BYTES) {
      const [oldest] = this.#waiting;
      if (oldest === undefined) break;
      this.#drain(oldest, true);
    }
  }

  /** Reads what waits, as far as it may be read; `force`: all of it. */
  #drain(direction: Direction, force: boolean): void {
    const { waiting, connection } = direction;
    const reader = direction.reader ??= this.#decide(direction, force);
    if (reader === undefined) {
      if (direction.foreign) this.#giveBack(direction);
      return;
    }
    for (let chunk: ChunkEvent | undefined; (chunk = waiting[0]) !== undefined;) {
      const ready = reader.ready(chunk);
      if (ready === "no" && !force) {
        direction.heldBack = true;
        return;
      }
      waiting.shift();
      this.#chunks--;
      this.#bytes -= chunk.end - chunk.start;
      const alone = ready === "alone" || (ready === "no" && connection.queue.length === 0);
      const mode = alone ? "alone" : direction.heldBack ? "waited" : "now";
      direction.heldBack = false;
      this.#read(direction, direction.reader ?? reader, chunk, mode);
    }
    this.#waiting.delete(direction);
  }

  /** Passes on what waited. */
  #giveBack(direction: Direction): void {
    const { waiting } = direction;
    this.#waiting.delete(direction);
    this.#chunks -= waiting.length;
    for (const chunk of waiting) {
      this.#bytes -= chunk.end - chunk.start;
      this.hub.outlet.list.push(chunk);
      if (chunk.eof) this.connections.end(direction);
    }
    waiting.length = 0;
  }

  /** The reader for what waits; undefined if it cannot be told yet, or the direction is foreign. */
  #decide(direction: Direction, force: boolean): Reader | undefined {
    const { hub } = this;
    const known = direction.other?.reader;
    if (known?.sure) return this.#opposite(direction, known);
    const found = guessAll(direction.waiting);
    const { medium } = direction.stream;
    switch (found) {
      case "request":
        return new Http1Requests(direction, hub, true);
      case "response":
        return new Http1Responses(direction, hub, true);
      case "http2":
        return new Http2Reader(direction, hub);
      case "more":
        if (!force) return undefined;
        break;
      case "other":
    }
    if (medium === "unix") {
      direction.foreign = true;
      return undefined;
    }
    return new Http1Responses(direction, hub, false); // an event stream that began before capture did, or nothing
  }

  #opposite(direction: Direction, known: Reader): Reader {
    if (known instanceof Http1Requests) return new Http1Responses(direction, this.hub, true);
    if (known instanceof Http1Responses) return new Http1Requests(direction, this.hub, true);
    return new Http2Reader(direction, this.hub);
  }

  #read(direction: Direction, reader: Reader, chunk: ChunkEvent, mode: Mode): void {
    const { lost, start, end, eof } = chunk;
    direction.at(chunk);
    if (lost > 0) reader.lose(lost);
    if (end > start) {
      if (!reader.sure) reader = this.#reconsider(direction, reader, chunk);
      reader.push(chunk, mode);
    }
    if (eof) {
      reader.close("reset");
      this.hub.remind(direction);
      this.connections.end(direction);
    }
    const { other } = direction;
    if (other !== undefined && other.waiting.length > 0) this.#drain(other, false);
  }

  /** A direction whose reader is only supposed: another one takes over once it can be told what it is. */
  #reconsider(direction: Direction, reader: Reader, { buffer, start, end }: ChunkEvent): Reader {
    const known = direction.other?.reader;
    const found = known?.sure ? undefined : guess(buffer, start, end);
    if (known === undefined || !known.sure) {
      if (found === "more" || found === "other") return reader;
    } else if (known instanceof Http1Requests) return reader;
    if (found === "response") return reader; // it will see the head
    reader.close("malformed");
    if (known?.sure) return direction.reader = this.#opposite(direction, known);
    const { hub } = this;
    return direction.reader = found === "request"
      ? new Http1Requests(direction, hub, true)
      : new Http2Reader(direction, hub);
  }

  /** Lets go of the chunks that have waited for long enough. */
  #flush(quiet: boolean): void {
    const { batch, time } = this.connections;
    for (const direction of [...this.#waiting]) {
      const age = batch - direction.waitingSince;
      const [chunk] = direction.waiting;
      if (chunk === undefined) this.#waiting.delete(direction);
      else if (age >= 1 && (quiet || age >= HOLD_BATCHES || time - chunk.time >= this.hub.options.hold_ms)) {
        this.#drain(direction, true);
      }
    }
  }

  /** Gives up what a direction still has to read. */
  #give(direction: Direction, incomplete: string): void {
    if (direction.waiting.length > 0) this.#drain(direction, true);
    if (direction.ended) return;
    direction.reader?.close(incomplete);
    this.hub.remind(direction);
  }
}

/** Index of the first chunk that may be HTTP; the batch's length if there is none. */
function firstRelevant(batch: Batch): number {
  let pipe: Stream | undefined; // the last that was seen: chunks of a stream come in runs
  for (let k = 0; k < batch.length; k++) {
    const event = batch[k]!;
    if (event.kind !== "chunk" || event.stream === pipe) continue;
    if (isCandidate(event.stream)) return k;
    pipe = event.stream;
  }
  return batch.length;
}

/** True unless the medium says that it is no HTTP. */
function isCandidate({ medium }: Stream): boolean {
  return medium !== "pipe" && medium !== "sensor";
}
