/**
 * One file of the folder, as far as it was read.
 *
 * @module
 */
import { readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { beginnings, SensorLines, type SensorRecord, type Unreadable } from "../../protocols/sensor/mod.ts";
import { GzipBytes, openFile, PlainBytes } from "./bytes.ts";
import { type SavedFile, serialize } from "./checkpoint.ts";
import { type Writer, writerOf } from "./file_name.ts";
import { type Fingerprint, fingerprint, fits, LOOKED_AT } from "./fingerprint.ts";
import { type Budget, LineReader } from "./line_reader.ts";

/** What is wrong with a file's lines, counted until it is told. */
export interface Faults {
  /** Lines that are none of a sensor. */
  unreadable: number;
  /** Why the first of them is none. */
  why: Unreadable | undefined;
  /** Bytes of those, and of ends of lines whose writer died. */
  bytes: number;
  /** Lines over the limit, and their bytes. */
  tooLarge: number;
  tooLargeBytes: number;
}

/** A file. */
export class SpooledFile {
  name: string;
  readonly dev: number;
  readonly ino: number;
  readonly isGzip: boolean;
  readonly writer: Writer | undefined;
  /** As it was seen last. */
  size: number;
  /** Milliseconds since the epoch. */
  changed: number;
  /** Just past the last line that was handed on. */
  offset: number;
  /** Of a compressed file: it was read to its end. */
  isDone = false;
  /** No longer in the folder, and read as far as it is open. */
  isGone = false;
  /** Forgotten: it is gone, or another has taken its place. */
  isFinished = false;
  /** Bytes at its end that have been told of as torn. */
  toldTorn = 0;
  /** The line that is next, once it was read. */
  record: SensorRecord | undefined;
  /** Of the record: milliseconds since the epoch. */
  time = 0;
  /** When it was read. */
  readAt = 0;
  readonly faults: Faults = { unreadable: 0, why: undefined, bytes: 0, tooLarge: 0, tooLargeBytes: 0 };
  readonly #dir: string;
  #reader: LineReader | undefined;
  /** Of a plain file that is open. */
  #fd: number | undefined;
  #print: Fingerprint | undefined;
  #text: string | undefined;
  /** Bytes of a line without end, when it was closed. */
  #tail: number | undefined;

  /** A file in the folder, to be read from an offset on. */
  constructor(dir: string, name: string, stats: Stats, offset: number, print?: Fingerprint) {
    this.#dir = dir;
    this.name = name;
    this.dev = stats.dev;
    this.ino = stats.ino;
    this.isGzip = name.endsWith(".gz");
    this.writer = writerOf(name);
    this.size = stats.size;
    this.changed = stats.mtimeMs;
    this.offset = offset;
    this.#print = print;
  }

  /** True if more may be read of it. */
  get hasMore(): boolean {
    if (this.record !== undefined) return true;
    return this.isGzip ? !this.isDone : this.size > this.offset + (this.#reader === undefined ? this.#tail ?? 0 : 0);
  }

  /** True if a file is held open. */
  get isOpen(): boolean {
    return this.#reader !== undefined;
  }

  /** Bytes that were not handed on. */
  get left(): number {
    return this.isGzip ? 0 : Math.max(0, this.size - this.offset);
  }

  /** Bytes at its end that are no whole line, if it was read to its end as that is now; 0 if it was not. */
  get unfinished(): number {
    const reader = this.#reader;
    if (reader === undefined) {
      return this.#tail !== undefined && this.#tail + this.offset === this.size ? this.#tail : 0;
    }
    return this.record === undefined ? reader.partial : 0;
  }

  /** Its first bytes, to know it again. */
  get print(): Fingerprint | undefined {
    return this.#print;
  }

  /**
   * Opens it, if it is not. False if there is another file by now at its place, or in its place. Throws what the system
   * says.
   */
  open(maxLine: number, budget: Budget): boolean {
    if (this.#reader !== undefined) return true;
    const path = join(this.#dir, this.name);
    const { fd, stats } = openFile(path);
    const bytes = new PlainBytes(fd, this.offset);
    if (stats.ino !== this.ino || stats.dev !== this.dev || !this.isGzip && !this.#isSame(fd)) {
      bytes.close();
      return false;
    }
    if (this.isGzip) bytes.close();
    else this.#fd = fd;
    this.#reader = new LineReader(this.isGzip ? new GzipBytes(path, this.offset) : bytes, this.offset, maxLine, budget);
    return true;
  }

  /** Lets go of the open file. Only while no record waits. */
  close(): void {
    if (this.#reader !== undefined) this.#tail = this.unfinished;
    this.#reader?.close();
    this.#reader = this.#fd = this.record = undefined;
  }

  /** Goes to the next record. False at the end that the file has now. What is none is counted in `faults`. */
  advance(lines: SensorLines): boolean | Promise<boolean> {
    const reader = this.#reader;
    if (reader === undefined) return false;
    for (;;) {
      const found = reader.next();
      if (typeof found !== "boolean") {
        return found.then((is) => is ? this.#take(reader, lines) || this.advance(lines) : this.#end());
      }
      if (!found) return this.#end();
      if (this.#take(reader, lines)) return true;
    }
  }

  /** The record was handed on. */
  delivered(): void {
    this.record = undefined;
    this.offset = this.#reader?.offset ?? this.offset;
    this.#text = undefined;
    if (this.#fd !== undefined && (this.#print?.bytes ?? 0) < Math.min(this.offset, LOOKED_AT)) this.#isSame(this.#fd);
  }

  /** What was passed over is done with, too. */
  passedOver(): void {
    if (this.record !== undefined || this.#reader === undefined || this.#reader.offset === this.offset) return;
    this.delivered();
  }

  /** Its line of the checkpoint. */
  get saved(): string {
    if (this.#text === undefined) {
      const { name, dev, ino, offset, size } = this;
      this.#text = serialize({
        name,
        dev,
        ino,
        offset,
        size,
        fingerprint: this.#print ?? fingerprint(new Uint8Array(0)),
      });
    }
    return this.#text;
  }

  /** It has another name, or another size. */
  seen(name: string, stats: Stats): void {
    if (name !== this.name || stats.size !== this.size) this.#text = undefined;
    this.name = name;
    this.size = stats.size;
    this.changed = stats.mtimeMs;
  }

  #take(reader: LineReader, lines: SensorLines): boolean {
    const { faults } = this, { buffer, start, end } = reader;
    if (reader.skipped > 0) {
      faults.tooLarge++;
      faults.tooLargeBytes += reader.skipped;
      reader.skipped = 0;
    }
    if (start === end) return false;
    let record = lines.read(buffer, start, end);
    if (record === "not_json") record = this.#mend(buffer, start, end, lines) ?? record;
    this.toldTorn = 0;
    if (typeof record === "string") {
      if (record === "blank") return false;
      faults.unreadable++;
      faults.why ??= record;
      faults.bytes += end - start;
      return false;
    }
    this.record = record;
    this.time = record.time ?? Math.max(this.time, this.changed);
    this.readAt = reader.readAt;
    return true;
  }

  /** A whole line behind the beginning of one whose writer died. */
  #mend(buffer: Uint8Array, start: number, end: number, lines: SensorLines): SensorRecord | undefined {
    for (const from of beginnings(buffer, start, end)) {
      const record = lines.read(buffer, from, end);
      if (typeof record === "string") continue;
      const torn = from - start - this.toldTorn;
      if (torn > 0) {
        this.faults.unreadable++;
        this.faults.why ??= "not_json";
        this.faults.bytes += torn;
      }
      return record;
    }
    return undefined;
  }

  #end(): false {
    if (this.isGzip) this.isDone = true;
    return false;
  }

  /** True if the file begins as it did. Looks at more of it than before, if there is more. */
  #isSame(fd: number): boolean {
    const head = new Uint8Array(LOOKED_AT);
    const read = readSync(fd, head, 0, LOOKED_AT, 0);
    const known = this.#print, now = head.subarray(0, read);
    if (known !== undefined && !fits(known, now)) return false;
    if (known === undefined || known.bytes < read) {
      this.#print = fingerprint(now);
      this.#text = undefined;
    }
    return true;
  }
}

/** True if what was saved is of this file. */
export function isSaved(saved: SavedFile, stats: Stats): boolean {
  return saved.dev === stats.dev && saved.ino === stats.ino && saved.offset <= stats.size;
}
