/**
 * A queue on the disk.
 *
 * @module
 */
import { join } from "node:path";
import { codeOf, exists, makeFolder, remove } from "./files.ts";
import { VERSION } from "./header.ts";
import { Lock } from "./lock.ts";
import { Position } from "./position.ts";
import { Reader } from "./reader.ts";
import { recover, type Recovered } from "./recover.ts";
import type { Segment } from "./segment.ts";
import { sentence } from "./sentence.ts";
import type { DiskBufferOptions, DiskBufferStats, DropReason, Portion } from "./types.ts";
import { Writer } from "./writer.ts";

const MIB = 1024 * 1024;
/** Bounds of a segment's size, unless it is given, in bytes. */
const SEGMENT = { least: 64 * 1024, most: 32 * MIB } as const;
/** A segment of which all is acknowledged is removed from this size on, in bytes. */
const IDLE = 4 * MIB;
/** How often to say in the lock that we live, in milliseconds. */
const TOUCH_MS = 15_000;
/** What a full disk, or quota, is called. */
const FULL: readonly string[] = ["ENOSPC", "EDQUOT"];

/** A portion that was read, in its place in the queue. */
interface Outstanding {
  readonly portion: Portion;
  /** The number after its last record. */
  readonly next: number;
  done: boolean;
}

/**
 * Records in the order in which they came, on the disk until they are acknowledged. What `commit` has taken outlives the
 * process, and with `sync` the machine. One process has a buffer at a time. All is synchronous but `sync`; nothing but `open`
 * throws.
 */
export class DiskBuffer {
  readonly #options: DiskBufferOptions;
  readonly #lock: { held: Lock };
  readonly #segments: Segment[];
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #outstanding: Outstanding[] = [];
  readonly #id: string;
  #position: Position | undefined;
  #syncing: Promise<void> | undefined;
  #next: number;
  #touched = 0;
  /** Bytes of all segments but the last: only that grows. */
  #counted: { readonly length: number; readonly last: Segment | undefined; readonly others: number } = {
    length: 0,
    last: undefined,
    others: 0,
  };
  /** What the disk says since it takes nothing. */
  #failing: string | undefined;

  private constructor(options: DiskBufferOptions, lock: Lock, position: Position, recovered: Recovered) {
    const { dir, format, maxBytes, sync, onProblem } = options;
    const { id, segments, next, end, after } = recovered;
    const segmentBytes = options.segmentBytes ?? Math.max(SEGMENT.least, Math.min(SEGMENT.most, maxBytes / 8));
    this.#options = options;
    this.#lock = { held: lock };
    this.#position = position;
    this.#segments = segments;
    this.#id = id;
    this.#next = next;
    this.#writer = new Writer({ dir, id, format, segmentBytes, sync, onProblem }, segments, end, after);
    this.#reader = new Reader(id, segments, next, options);
    if (position.found === undefined) { // both of its places, so that there is room for them whatever comes
      this.#note();
      this.#note();
    }
  }

  /**
   * Opens a buffer, or makes it.
   *
   * @throws {Error} with a sentence.
   */
  static open(options: DiskBufferOptions): DiskBuffer {
    const { dir } = options;
    let lock: Lock | undefined;
    try {
      makeFolder(dir);
      lock = Lock.take(join(dir, "lock"));
      const position = new Position(join(dir, "position"));
      try {
        const recovered = recover(dir, position, options.format);
        const { torn, lost } = recovered;
        if (torn > 0) options.onProblem(`${dir}: cut ${torn} bytes off the end, which are no whole record`);
        if (lost > 0) {
          options.onDropped("damaged", 1);
          options.onProblem(`${dir}: the last segment is damaged at its beginning, and ${lost} bytes of it are lost`);
        }
        return new DiskBuffer(options, lock, position, recovered);
      } catch (error) {
        position.close();
        throw error;
      }
    } catch (error) {
      lock?.release();
      throw sentence(dir, error);
    }
  }

  /** The buffer's id, with which the ids of its records begin: 16 hex digits. */
  get id(): string {
    return this.#id;
  }

  /**
   * Adds a record; it counts once `commit` has returned true. False if there is no room and the buffer is to `block`: then
   * try again later. Otherwise what there is no room for is dropped, and told.
   */
  append(record: Uint8Array, time: number): boolean {
    if (record.length === 0) return true;
    const { maxRecordBytes, maxBytes } = this.#options;
    if (record.length > maxRecordBytes || this.#writer.cost(record.length) > maxBytes) {
      this.#drop("too_large", 1);
      return true;
    }
    if (this.#writer.isDue(record.length) && !this.commit()) return false;
    if (!this.#makeRoom(record.length)) {
      if (this.#options.whenFull === "block") return false;
      this.#drop("buffer_full", 1);
      return true;
    }
    this.#writer.put(record, time);
    return true;
  }

  /** Writes what was added. False if the disk does not take it and the buffer is to `block`: then try again later. */
  commit(): boolean {
    for (;;) {
      try {
        this.#writer.write();
        this.#recovered();
        return true;
      } catch (error) {
        const code = codeOf(error);
        this.#failed(code);
        const isFull = FULL.includes(code);
        if (isFull && this.#clear()) continue;
        if (isFull && this.#options.whenFull === "drop_oldest" && this.#dropOldest()) continue;
        if (this.#options.whenFull === "block") return false;
        const dropped = this.#writer.discard();
        this.#drop(isFull ? "buffer_full" : "disk_error", dropped);
        return true;
      }
    }
  }

  /** Forgets what was added and not committed; gives how many records that was. */
  discard(): number {
    return this.#writer.discard();
  }

  /** Waits until what was committed is on the disk. Rejects with the errors of `node:fs`. */
  async sync(): Promise<void> {
    while (this.#syncing !== undefined) await this.#syncing.catch(() => {}); // what came since is not in that one
    this.#syncing = this.#writer.active?.sync();
    try {
      await this.#syncing;
    } finally {
      this.#syncing = undefined;
    }
  }

  /** Takes the next records, up to both limits, but one at least if there is one. They are to be acknowledged. */
  read(maxRecords: number, maxBytes: number, now: number): Portion {
    const portion = this.#reader.read(maxRecords, maxBytes, now);
    if (portion.records.length > 0) {
      this.#outstanding.push({ portion, next: this.#reader.next, done: false });
    } else if (this.#outstanding.length === 0) this.#advance(this.#reader.next); // nothing but what was dropped
    return portion;
  }

  /** All records of a portion are delivered, or given up. They are not read again, now or in a later run. */
  acknowledge(portion: Portion): void {
    const found = this.#outstanding.find((one) => one.portion === portion);
    if (found === undefined) return;
    found.done = true;
    let next = this.#next;
    while (this.#outstanding[0]?.done) next = this.#outstanding.shift()!.next;
    if (this.#outstanding.length === 0) next = Math.max(next, this.#reader.next);
    this.#advance(next);
  }

  /** What there is to be read: how many records, bytes of them (about), and when the first one was added. */
  get unread(): { readonly records: number; readonly bytes: number; readonly since: number | undefined } {
    const since = this.#reader.peek();
    if (since === undefined) return { records: 0, bytes: 0, since };
    return { records: this.#unread, bytes: this.#reader.bytes, since };
  }

  /** What is to be done from time to time: drops what is too old, notices a folder that was removed. */
  maintain(now: number): void {
    const oldest = now - this.#options.maxAgeMs;
    for (const segment of [...this.#segments]) {
      if (segment.lastTime >= oldest || segment.end <= this.#reader.next) break;
      if (segment === this.#writer.active) {
        if (this.#writer.pending > 0) break;
        this.#writer.roll();
      }
      this.#drop("too_old", this.#remove(segment));
    }
    if (now - this.#touched > TOUCH_MS || now < this.#touched) {
      this.#touched = now;
      this.#lock.held.touch();
    }
    this.#look();
  }

  /** What there is. */
  get stats(): DiskBufferStats {
    const taken = this.#outstanding.reduce((sum, { portion }) => sum + portion.records.length, 0);
    return {
      records: this.#unread + taken + this.#writer.pendingRecords,
      bytes: this.#bytes,
      segments: this.#segments.length,
      oldest: this.#outstanding[0]?.portion.records[0]?.time ?? this.#reader.peek(),
    };
  }

  /** Writes what was added, if that goes, and lets go of the folder. What is not acknowledged stays. */
  close(): void {
    if (this.#position === undefined) return;
    this.commit();
    this.#writer.roll();
    this.#reader.close();
    for (const segment of [...this.#segments]) {
      if (segment.end <= this.#next) this.#remove(segment);
      segment.drop();
    }
    this.#position.close();
    this.#position = undefined;
    this.#lock.held.release();
  }

  get #unread(): number {
    const { next } = this.#reader;
    return this.#segments.reduce((sum, { first, end }) => sum + Math.max(0, end - Math.max(first, next)), 0);
  }

  get #bytes(): number {
    const { length } = this.#segments, last = this.#segments[length - 1];
    if (length !== this.#counted.length || last !== this.#counted.last) {
      const others = this.#segments.slice(0, -1).reduce((sum, { size }) => sum + size, 0);
      this.#counted = { length, last, others };
    }
    return this.#counted.others + (last?.size ?? 0) + this.#writer.pending;
  }

  #makeRoom(payload: number): boolean {
    const { maxBytes, whenFull } = this.#options;
    for (;;) {
      if (this.#bytes + this.#writer.cost(payload) <= maxBytes) return true;
      if (this.#clear()) continue;
      if (this.#writer.pending > 0) { // so that it can be read, and make room
        if (!this.commit()) return false;
        continue;
      }
      if (whenFull !== "drop_oldest" || !this.#dropOldest()) return false;
    }
  }

  /** Removes the newest segment if all of it is acknowledged, pending records aside. True if that made room. */
  #clear(): boolean {
    const { active, pending } = this.#writer;
    if (active === undefined || pending > 0 || active.end > this.#next || active.end === active.first) return false;
    this.#writer.roll();
    this.#remove(active);
    return true;
  }

  #dropOldest(): boolean {
    const oldest = this.#segments[0];
    if (oldest === undefined) return false;
    if (oldest === this.#writer.active) {
      if (this.#writer.pending > 0 || oldest.end === oldest.first) return false;
      this.#writer.roll();
    }
    this.#drop("buffer_full", this.#remove(oldest));
    return true;
  }

  /** Removes a segment; gives how many of its records had not been read. */
  #remove(segment: Segment): number {
    const unread = this.#reader.leave(segment);
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    segment.drop();
    if (!segment.orphan) remove(segment.path);
    return unread;
  }

  #advance(next: number): void {
    if (next <= this.#next) return;
    this.#next = next;
    this.#note();
    while (this.#segments[0] !== undefined && this.#segments[0].closed && this.#segments[0].end <= next) {
      this.#remove(this.#segments[0]);
    }
    if ((this.#writer.active?.size ?? 0) > IDLE) this.#clear();
  }

  /** Writes down how far has been acknowledged. */
  #note(): void {
    try {
      this.#position?.write({
        kind: "position",
        version: VERSION,
        salt: 0,
        buffer: this.#id,
        number: this.#next,
        after: 0,
        time: Date.now(),
        format: this.#options.format,
      });
    } catch (error) {
      this.#failed(codeOf(error));
    }
  }

  #drop(reason: DropReason, records: number): void {
    if (records > 0) this.#options.onDropped(reason, records);
  }

  #failed(code: string): void {
    if (this.#failing === code) return;
    this.#failing = code;
    const what = FULL.includes(code) ? "the disk is full" : `the disk takes nothing (${code})`;
    const then = this.#options.whenFull === "block" ? "the pipeline waits" : "records are dropped";
    this.#options.onProblem(`${this.#options.dir}: ${what}; ${then}`);
  }

  #recovered(): void {
    if (this.#failing === undefined) return;
    this.#failing = undefined;
    this.#options.onProblem(`${this.#options.dir}: the disk takes records again`);
  }

  /** Begins anew where the folder was removed. What is open is read still. */
  #look(): void {
    const { dir } = this.#options;
    if (this.#segments.every((segment) => segment.isThere) && exists(join(dir, "lock"))) return;
    if (!this.commit() || this.#writer.pending > 0) return;
    try {
      for (const segment of this.#segments) {
        segment.orphan = !segment.isThere;
        if (segment === this.#writer.active) segment.open(); // to be read after it is closed
      }
      this.#writer.roll();
      makeFolder(dir);
      const lock = exists(join(dir, "lock")) ? this.#lock.held : Lock.take(join(dir, "lock"));
      this.#lock.held = lock;
      this.#position?.close();
      this.#position = new Position(join(dir, "position"));
      this.#note();
      this.#note();
      let lost = 0;
      for (const segment of [...this.#segments]) {
        if (!segment.isOpen && !exists(segment.path)) lost += this.#remove(segment);
      }
      this.#drop("removed", lost);
      this.#options.onProblem(
        `${dir} was removed, and made anew${lost > 0 ? `: ${lost} records in it had not been delivered` : ""}`,
      );
    } catch (error) {
      this.#failed(codeOf(error));
    }
  }
}
