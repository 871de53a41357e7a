/**
 * Adds records to the newest segment, many with one call.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, lstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { codeOf, remove } from "./files.ts";
import { HEADER_BYTES, VERSION } from "./header.ts";
import { putRecord, RECORD_BYTES } from "./record.ts";
import { Segment, segmentName } from "./segment.ts";

/** Bytes that are gathered before they are written. */
const BLOCK = 1024 * 1024;
/** Where the block begins. */
const SMALLEST = 64 * 1024;

/** What a writer needs to know. */
export interface WriterOptions {
  readonly dir: string;
  readonly id: string;
  readonly format: string;
  /** Bytes of a segment, about. */
  readonly segmentBytes: number;
  /** Wait for the disk when a segment is made or closed. */
  readonly sync: boolean;
  /** Told, in a sentence, of what an operator should know. */
  readonly onProblem: (message: string) => void;
}

/** Writes a buffer. What was put counts once `write` has returned. */
export class Writer {
  /** Bytes that were put and are not written. */
  pending = 0;
  /** Records of them. */
  pendingRecords = 0;
  /** The number after the last record that is written. */
  after: number;
  readonly #options: WriterOptions;
  readonly #segments: Segment[];
  #active: Segment | undefined;
  #block = new Uint8Array(SMALLEST);
  #view = new DataView(this.#block.buffer);
  /** What the segment of the pending records is, or will be, marked with. */
  #salt = salt();
  /** The number of the segment's first record. */
  #first: number;
  #time = 0;

  /** `end` is the number of the next record; `segments` the buffer's own list, the oldest first. */
  constructor(options: WriterOptions, segments: Segment[], end: number, after: number) {
    this.#options = options;
    this.#segments = segments;
    this.#first = end;
    this.after = after;
  }

  /** The segment that is written to. */
  get active(): Segment | undefined {
    return this.#active;
  }

  /** The number of the next record to be put. */
  get end(): number {
    return (this.#active?.end ?? this.#first) + this.pendingRecords;
  }

  /** Bytes that the files grow by if a payload of so many is put. */
  cost(payload: number): number {
    const own = RECORD_BYTES + payload;
    return this.#active === undefined && this.pending === 0 || this.#isFull(own) ? own + HEADER_BYTES : own;
  }

  /** True if what is pending has to be written before a payload of so many bytes is put. */
  isDue(payload: number): boolean {
    const own = RECORD_BYTES + payload;
    return this.pending > 0 && (this.pending + own > BLOCK || this.#isFull(own));
  }

  /** Puts a record. */
  put(payload: Uint8Array, time: number): void {
    const own = RECORD_BYTES + payload.length;
    if (this.pending === 0 && this.#isFull(own)) this.roll();
    if (this.pending + own > this.#block.length) this.#grow(this.pending + own);
    const index = this.end - this.#first;
    putRecord(this.#block, this.#view, this.pending, this.#salt, index, time, payload);
    this.pending += own;
    this.pendingRecords++;
    this.#time = time;
  }

  /** Writes what is pending. Throws the errors of `node:fs`; then it is pending still. */
  write(): void {
    if (this.pending === 0) return;
    this.#active ??= this.#create();
    this.#active.append(this.#block, this.pending, this.pendingRecords, this.#time);
    this.after = this.#active.end;
    this.pending = this.pendingRecords = 0;
    if (this.#block.length > BLOCK) this.#block = new Uint8Array(SMALLEST);
    if (this.#view.buffer !== this.#block.buffer) this.#view = new DataView(this.#block.buffer);
  }

  /** Forgets what is pending; gives how many records that was. Their numbers are not given again if they may be on the disk. */
  discard(): number {
    const records = this.pendingRecords;
    const end = this.end;
    this.pending = this.pendingRecords = 0;
    if (this.#active !== undefined && !this.#active.cut()) {
      this.roll();
      this.#first = end;
    }
    return records;
  }

  /** Begins a new segment with the next record. Nothing may be pending. */
  roll(): void {
    const active = this.#active;
    if (active === undefined) return;
    this.#active = undefined;
    this.#first = active.end;
    this.#salt = salt();
    const failed = active.close(this.#options.sync);
    if (failed !== undefined) this.#options.onProblem(`${active.path} may not be on the disk (${codeOf(failed)})`);
    if (active.end > active.first) return;
    this.#segments.splice(this.#segments.indexOf(active), 1); // nothing was written to it, and its name is the next one's
    remove(active.path);
  }

  #isFull(own: number): boolean {
    const active = this.#active;
    const size = (active?.size ?? HEADER_BYTES) + this.pending;
    return size > HEADER_BYTES && size + own > this.#options.segmentBytes;
  }

  #create(): Segment {
    const { dir, id, format, sync } = this.#options;
    while (isTaken(join(dir, segmentName(this.#first)))) this.#first++; // by what is no segment of ours
    const segment = Segment.create(join(dir, segmentName(this.#first)), {
      kind: "segment",
      version: VERSION,
      salt: this.#salt,
      buffer: id,
      number: this.#first,
      after: this.after,
      time: this.#time,
      format,
    });
    if (sync) syncFolder(dir);
    this.#segments.push(segment);
    return segment;
  }

  #grow(least: number): void {
    let length = this.#block.length;
    while (length < least) length *= 2;
    const block = new Uint8Array(length);
    block.set(this.#block.subarray(0, this.pending));
    this.#block = block;
    this.#view = new DataView(block.buffer);
  }
}

function salt(): number {
  return randomBytes(4).readUInt32LE();
}

function isTaken(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // whoever makes it is told why it does not go
  }
}

/** Waits until the names in a folder are on the disk, where that can be waited for. */
function syncFolder(dir: string): void {
  try {
    const fd = openSync(dir, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // not every file system can
  }
}
