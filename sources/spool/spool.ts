/**
 * Follows a folder of spool files.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { Context } from "../../pipeline/component.ts";
import type { Batch, Event, GapEvent } from "../../pipeline/event.ts";
import { lookUpProcess } from "../../pipeline/local_process.ts";
import { ImportCheck, Sensors } from "../../pipeline/sensors/mod.ts";
import { SensorLines } from "../../protocols/sensor/mod.ts";
import { Checkpoint, loadCheckpoint, type SavedFile } from "./checkpoint.ts";
import { nameMatcher } from "./file_name.ts";
import { Folder } from "./folder.ts";
import { deleted, faulty, refused, tooMany, torn, truncated, unreadable } from "./notices.ts";
import { Budget } from "./line_reader.ts";
import type { Options } from "./options.ts";
import { Heap } from "../../pipeline/heap.ts";
import type { SpooledFile } from "./spooled_file.ts";
import { Watch } from "./watch.ts";

/** Without events an empty batch goes out this often: other stages may wait for one. In milliseconds. */
const TICK_MS = 100;
/** How often it is looked for writers that are gone, and for how long a file must be silent for that. */
const TIDY_MS = 2000, SILENT_MS = 5000, GONE_MS = 30_000;
/** Where the system tells of changes, all files are looked at less often by this factor. */
const WATCHED = 4;
/** Looks at all files take at most one part in so many of the time. */
const SCAN_SHARE = 50;
/** A batch is full from so many bytes of lines on, too. */
const BATCH_BYTES = 16 * 1024 * 1024;
/** Lines that have no end yet, or are very long, may take so many bytes together, over all files. */
const LINES_BYTES = 256 * 1024 * 1024;
/** Why a file cannot be opened that may be later: no descriptor left, no right. */
const LATER: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "EACCES", "EPERM", "ENOMEM"]);
/** What is left at the end is read for so long at most. */
const LAST_MS = 2000;

/** The source's state and its way of working. */
export class Spool {
  readonly #options: Options;
  readonly #context: Context;
  readonly #folder: Folder;
  readonly #watch: Watch;
  readonly #lines: SensorLines;
  readonly #sensors: Sensors;
  readonly #checkpoint: Checkpoint | undefined;
  /** Files that have a record waiting, by its time. */
  readonly #heap = new Heap<SpooledFile>();
  readonly #waiting = new Set<SpooledFile>();
  /** Files that have more and are not open for lack of room, the one changed longest ago last. */
  #backlog: SpooledFile[] = [];
  /** Files held open, the one used longest ago first. */
  readonly #open = new Set<SpooledFile>();
  /** Pids that were told to be gone. */
  readonly #gone = new Set<number>();
  readonly #budget = new Budget(LINES_BYTES);
  #out: Event[] = [];
  #scanned = 0;
  #tidied = 0;
  /** How long the last look at all files took. */
  #scanMs = 0;
  #isMissing = false;
  #watched = "";
  /** The checkpoint is behind. */
  #isDirty = false;
  #isFailing = false;

  /** Loads the checkpoint. Throws a sentence if that makes no sense. */
  constructor(options: Options, context: Context) {
    const { dir, pattern, format, mapping, from, checkpoint, check_imports, max_processes, max_sessions } = options;
    this.#options = options;
    this.#context = context;
    this.#lines = new SensorLines(format, mapping ?? {});
    this.#sensors = new Sensors({
      source: context.name,
      maxProcesses: max_processes,
      maxSessions: max_sessions,
      lookUp: lookUpProcess,
      imports: check_imports ? new ImportCheck() : undefined,
    });
    this.#watch = new Watch(context.signal);
    this.#folder = new Folder({ dir, isWanted: nameMatcher(pattern), maxFiles: options.max_files }, {
      lost: (file, bytes) => bytes > 0 && this.#tell(deleted(file.name, bytes)),
      truncated: (file, bytes) => {
        this.#leave(file);
        this.#tell(truncated(file.name, bytes));
      },
      refused: (name, why) => this.#tell(refused(name, why)),
      tooMany: (files) => this.#tell(tooMany(files)),
    });
    let saved: SavedFile[] | undefined;
    if (checkpoint !== undefined) {
      if (from === "checkpoint") saved = loadCheckpoint(checkpoint);
      this.#checkpoint = new Checkpoint(checkpoint);
    }
    this.#folder.begin(saved ?? [], from === "end");
  }

  /** Events, batch by batch, until the pipeline stops. */
  async *batches(): AsyncGenerator<Batch> {
    const { signal } = this.#context;
    let last = 0;
    try {
      while (!signal.aborted) {
        await this.#look();
        const wait = await this.#merge(false);
        const now = Date.now();
        this.#sensors.tick(now, this.#out);
        if (this.#out.length > 0 || now - last >= TICK_MS) {
          last = now;
          yield this.#take();
          this.#acknowledged();
        }
        if (wait > 0) await this.#watch.wait(Math.min(wait, TICK_MS));
      }
      yield* this.#finish();
    } finally {
      this.#watch.stop();
      for (const file of this.#open) file.close();
    }
  }

  /** Once asked to stop: what is there already. */
  async *#finish(): AsyncGenerator<Batch> {
    const stop = Date.now() + LAST_MS;
    this.#scanned = 0;
    await this.#look();
    while (await this.#merge(true) === 0 && Date.now() < stop) {
      yield this.#take();
      this.#acknowledged();
    }
    this.#sensors.end(this.#out);
    yield this.#take();
    this.#acknowledged();
  }

  #take(): Batch {
    const batch = this.#out;
    this.#out = [];
    return batch;
  }

  /** All sinks have taken what came before. */
  #acknowledged(): void {
    if (!this.#isDirty || this.#checkpoint === undefined) return;
    try {
      this.#checkpoint.save(this.#savedFiles());
      this.#isDirty = this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#context.log.error(`Cannot write the checkpoint: ${text(error)}`);
      this.#isFailing = true;
      this.#context.metrics.error("checkpoint");
    }
  }

  *#savedFiles(): Generator<string> {
    for (const file of this.#folder.files.values()) if (!file.isGone) yield file.saved;
  }

  // the folder

  /** Looks what has changed, and reads the next record of each file that has more. */
  async #look(): Promise<void> {
    const now = Date.now(), { poll_ms, dir } = this.#options;
    const changed = this.#watch.take(), every = this.#watch.isOn ? WATCHED * poll_ms : poll_ms;
    const isDue = now - this.#scanned >= Math.max(every, SCAN_SHARE * this.#scanMs) || changed === undefined;
    if (isDue || !this.#folder.glance(changed)) {
      this.#scanned = now;
      const isThere = await this.#folder.scan();
      this.#scanMs = Date.now() - now;
      if (!isThere && !this.#isMissing) this.#context.log.info(`Waiting for the folder ${dir}`);
      this.#isMissing = !isThere;
      if (this.#folder.place !== this.#watched || !this.#watch.isOn) {
        this.#watched = this.#folder.place;
        if (isThere) this.#watch.start(dir);
      }
      await this.#readAll([...this.#folder.files.values()]);
      if (now - this.#tidied >= TIDY_MS) this.#tidy(now);
      this.#context.metrics.set("files", this.#folder.files.size);
    } else if (changed.size > 0) {
      const files: SpooledFile[] = [];
      for (const name of changed) {
        const file = this.#folder.named(name);
        if (file !== undefined) files.push(file);
      }
      await this.#readAll(files);
    }
  }

  async #readAll(files: SpooledFile[]): Promise<void> {
    const more = files.filter((file) => (file.hasMore || file.isGone) && !this.#waiting.has(file));
    if (more.length + this.#backlog.length > this.#options.max_open) {
      this.#backlog = [...new Set([...this.#backlog, ...more])].sort((a, b) => b.changed - a.changed);
    } else this.#backlog.push(...more.reverse());
    await this.#readOn();
  }

  /** Opens as many files of the backlog as there is room for. */
  async #readOn(): Promise<void> {
    while (this.#waiting.size < this.#options.max_open) {
      const file = this.#backlog.pop();
      if (file === undefined) return;
      if (!this.#waiting.has(file) && !file.isFinished) await this.#read(file);
    }
  }

  /** Opens a file that has more, and reads its next record. */
  async #read(file: SpooledFile): Promise<void> {
    try {
      if (!file.isOpen) {
        if (file.isGone) return this.#folder.finished(file);
        if (!file.open(this.#options.max_line, this.#budget)) return this.#folder.replaced(file);
      }
      this.#open.delete(file);
      this.#open.add(file);
      const next = file.advance(this.#lines);
      if (typeof next === "boolean" ? next : await next) {
        this.#waiting.add(file);
        this.#heap.push(file);
      } else this.#atEnd(file);
    } catch (error) {
      this.#broken(file, error);
    }
    if (this.#open.size > this.#options.max_open) this.#closeOne();
  }

  /** A file cannot be read on. */
  #broken(file: SpooledFile, error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!file.isOpen && code === "ENOENT") return; // the next look will tell
    if (!file.isOpen && LATER.has(code)) return this.#folder.refuse(file.name, `not readable for now (${code})`);
    this.#leave(file);
    file.close();
    file.isDone = true;
    file.offset = file.size;
    this.#context.metrics.error("unreadable_file");
    this.#tell(unreadable(file.name, text(error)));
  }

  /** There is no whole line in a file, for now. */
  #atEnd(file: SpooledFile): void {
    this.#tellFaults(file);
    file.passedOver();
    this.#isDirty = true;
    if (!file.isGone) {
      if (file.isGzip) this.#close(file);
      return;
    }
    if (file.unfinished > file.toldTorn) this.#tell(torn(file.name, file.unfinished - file.toldTorn));
    this.#open.delete(file);
    this.#folder.finished(file);
  }

  #close(file: SpooledFile): void {
    file.close();
    this.#open.delete(file);
  }

  #closeOne(): void {
    for (const file of this.#open) if (!this.#waiting.has(file) && !file.isGone) return this.#close(file);
  }

  /** Takes a file out of all that is under way. */
  #leave(file: SpooledFile): void {
    this.#open.delete(file);
    if (!this.#waiting.delete(file)) return;
    const others: SpooledFile[] = [];
    for (let top; (top = this.#heap.pop()) !== undefined;) if (top !== file) others.push(top);
    for (const other of others) this.#heap.push(other);
  }

  // order

  /**
   * Moves records to the batch, the earliest first, until it is full. What is so new that another file may have something
   * earlier waits. Tells how long to wait, in milliseconds: 0 if there is more at once.
   */
  async #merge(all: boolean): Promise<number> {
    const { batch_events, window_ms, poll_ms } = this.#options, heap = this.#heap, out = this.#out;
    let now = Date.now();
    for (let count = 0, bytes = 0; out.length < batch_events && bytes < BATCH_BYTES; count++) {
      const file = heap.top;
      if (file === undefined || file.record === undefined) return all ? 1 : poll_ms;
      const due = Math.min(file.time, file.readAt) + window_ms;
      if (due > now && !all) {
        now = Date.now();
        if (due > now) return Math.ceil(due - now);
      }
      bytes += file.record.to - file.record.from;
      this.#sensors.record(file.record, { time: file.time }, now, out);
      file.delivered();
      this.#isDirty = true;
      let more: boolean | Promise<boolean>;
      try {
        more = file.advance(this.#lines);
        if (typeof more !== "boolean") more = await more; // waiting for nothing takes as long as the rest
      } catch (error) {
        this.#broken(file, error);
        continue;
      }
      if (file.faults.unreadable > 0 || file.faults.tooLarge > 0) this.#tellFaults(file);
      if (more) heap.sink();
      else {
        heap.pop();
        this.#waiting.delete(file);
        this.#atEnd(file);
        if (this.#backlog.length > 0) await this.#readOn();
      }
      if ((count & 1023) === 1023) now = Date.now();
    }
    return 0;
  }

  // writers

  /** Looks for writers that are gone. */
  #tidy(now: number): void {
    this.#tidied = now;
    const newest = new Map<string, number>(), latest = new Map<number, number>();
    for (const { writer, changed } of this.#folder.files.values()) {
      if (writer === undefined) continue;
      newest.set(writer.key, Math.max(newest.get(writer.key) ?? 0, writer.generation));
      latest.set(writer.pid, Math.max(latest.get(writer.pid) ?? 0, changed));
    }
    for (const file of this.#folder.files.values()) {
      const { writer } = file;
      if (writer === undefined || this.#waiting.has(file) || now - file.changed < SILENT_MS) continue;
      const { unfinished, toldTorn } = file;
      if (unfinished <= toldTorn || file.isGzip) continue;
      if (writer.generation === newest.get(writer.key) && isAlive(writer.pid)) continue;
      this.#tell(torn(file.name, unfinished - toldTorn));
      file.toldTorn = unfinished;
    }
    for (const [pid, changed] of latest) {
      if (now - changed < GONE_MS) this.#gone.delete(pid);
      else if (!this.#gone.has(pid) && !isAlive(pid)) {
        this.#gone.add(pid);
        this.#sensors.gone(pid, this.#out);
      }
    }
    for (const pid of this.#gone) if (!latest.has(pid)) this.#gone.delete(pid);
  }

  // gaps

  #tellFaults(file: SpooledFile): void {
    for (const notice of faulty(file)) {
      this.#context.metrics.error(notice.reason, notice.lost?.records ?? 1);
      this.#tell(notice);
    }
  }

  #tell(notice: Omit<GapEvent, "kind" | "time" | "source">): void {
    this.#out.push({ kind: "gap", time: Date.now(), source: this.#context.name, ...notice });
  }
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
