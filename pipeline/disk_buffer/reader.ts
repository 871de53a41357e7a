/**
 * Reads records in their order, from segment to segment.
 *
 * @module
 */
import { codeOf } from "./files.ts";
import type { Segment } from "./segment.ts";
import type { DiskBufferOptions, Portion, StoredRecord } from "./types.ts";
import { Walker } from "./walker.ts";

/** What a reader needs to know. */
export type ReaderOptions = Pick<DiskBufferOptions, "maxAgeMs" | "onDropped" | "onProblem">;

/** Reads a buffer once. */
export class Reader {
  /** The number of the record that is read next, or that would be if it were whole. */
  next: number;
  readonly #id: string;
  readonly #segments: readonly Segment[];
  readonly #options: ReaderOptions;
  #segment: Segment | undefined;
  #walker: Walker | undefined;

  /** Begins with a record. `segments` is the buffer's own list, the oldest first. */
  constructor(id: string, segments: readonly Segment[], next: number, options: ReaderOptions) {
    this.#id = id;
    this.#segments = segments;
    this.next = next;
    this.#options = options;
  }

  /** The next records, up to both limits, but one at least if there is one. None if all were read. */
  read(maxRecords: number, maxBytes: number, now: number): Portion {
    const records: StoredRecord[] = [];
    const oldest = now - this.#options.maxAgeMs;
    let bytes = 0, old = 0;
    while (records.length < maxRecords) {
      const walker = this.#toRecord();
      if (walker === undefined) break;
      if (records.length > 0 && bytes + walker.length > maxBytes) break;
      const number = this.next;
      this.next++;
      if (walker.time < oldest) old++;
      else {
        records.push(new Stored(this.#id, number, walker.time, walker.payload));
        bytes += walker.length;
      }
      walker.pass();
    }
    if (old > 0) this.#options.onDropped("too_old", old);
    return { records, bytes };
  }

  /** When the next record was added; undefined if all were read. */
  peek(): number | undefined {
    return this.#toRecord()?.time;
  }

  /** Bytes of files that were not read. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => {
      if (segment === this.#segment) return sum + Math.max(0, segment.size - (this.#walker?.good ?? segment.size));
      return segment.end > this.next ? sum + segment.size : sum;
    }, 0);
  }

  /** Leaves a segment that is to be removed; gives how many of its records had not been read. */
  leave(segment: Segment): number {
    const unread = Math.max(0, segment.end - Math.max(this.next, segment.first));
    if (segment.first <= this.next) this.next = Math.max(this.next, segment.end);
    if (this.#segment === segment) this.#close();
    return unread;
  }

  /** Lets go of what is open. */
  close(): void {
    if (this.#segment !== undefined) this.#close();
  }

  /** Goes to the record that is next. Undefined if there is none, or none yet. */
  #toRecord(): Walker | undefined {
    for (;;) {
      const segment = this.#segment ?? this.#advance();
      if (segment === undefined) return undefined;
      const walker = this.#walker;
      const found = walker !== undefined && this.#find(walker, segment);
      if (found) {
        const number = segment.first + walker.index;
        if (number >= this.next && number < segment.end) {
          this.#missed(number, segment);
          return walker;
        }
        walker.pass(); // acknowledged in an earlier run, or taken back when it was written
        continue;
      }
      if (!segment.closed) return undefined;
      this.#missed(segment.end, segment);
      this.#close();
    }
  }

  #find(walker: Walker, segment: Segment): boolean {
    try {
      return walker.find(segment.size);
    } catch (error) {
      this.#options.onProblem(`${segment.path} cannot be read on (${codeOf(error)}): its rest is lost`);
      this.#walker = undefined;
      return false;
    }
  }

  /** Notes that what comes before a number was not found. */
  #missed(number: number, segment: Segment): void {
    if (number <= this.next) return;
    const records = number - this.next;
    this.next = number;
    this.#options.onDropped("damaged", records);
    this.#options.onProblem(
      `${segment.path} is damaged: ${records} ${records === 1 ? "record is" : "records are"} lost`,
    );
  }

  /** Opens the next segment that has records to be read. */
  #advance(): Segment | undefined {
    const segment = this.#segments.find((segment) => segment.end > this.next || !segment.closed);
    if (segment === undefined) return undefined;
    this.next = Math.max(this.next, segment.first);
    this.#segment = segment;
    if (segment.header === undefined) return segment;
    try {
      this.#walker = new Walker(segment.open(), segment.header.salt);
    } catch (error) {
      this.#options.onProblem(`${segment.path} cannot be opened (${codeOf(error)}): it is lost`);
    }
    return segment;
  }

  #close(): void {
    this.#segment?.release();
    this.#segment = undefined;
    this.#walker = undefined;
  }
}

/** A record whose id is made when it is asked for. */
class Stored implements StoredRecord {
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly #buffer: string;
  readonly #number: number;

  constructor(buffer: string, number: number, time: number, bytes: Uint8Array) {
    this.#buffer = buffer;
    this.#number = number;
    this.time = time;
    this.bytes = bytes;
  }

  get id(): string {
    return `${this.#buffer}-${this.#number}`;
  }
}
