/**
 * The files of the folder: which there are, and which are gone.
 *
 * @module
 */
import { closeSync, lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { RecentMap } from "../../pipeline/recent_map.ts";
import { GzipBytes, openFile } from "./bytes.ts";
import type { SavedFile } from "./checkpoint.ts";
import { fits, LOOKED_AT } from "./fingerprint.ts";
import { isSaved, SpooledFile } from "./spooled_file.ts";

/** What a look at the folder tells. */
export interface FolderEvents {
  /** A file is gone, or another has taken its place, with bytes that were not read. */
  lost(file: SpooledFile, bytes: number): void;
  /** A file was cut. */
  truncated(file: SpooledFile, bytes: number): void;
  /** Something that is no plain file, or cannot be read: told once. */
  refused(name: string, why: string): void;
  /** There are too many files. */
  tooMany(files: number): void;
}

/** What may be read. */
export interface FolderOptions {
  readonly dir: string;
  readonly isWanted: (name: string) => boolean;
  readonly maxFiles: number;
}

/** Files that are gone are remembered: a compressed copy may come. */
const REMEMBERED = 1024;

/** Keeps the list of files. */
export class Folder {
  /** By device and inode. */
  readonly files = new Map<string, SpooledFile>();
  readonly #options: FolderOptions;
  readonly #events: FolderEvents;
  readonly #byName = new Map<string, SpooledFile>();
  readonly #refused = new RecentMap<string, string>(REMEMBERED);
  readonly #gone = new RecentMap<string, SpooledFile>(REMEMBERED);
  /** Of the checkpoint, by device and inode, until the file is seen. */
  #saved = new Map<string, SavedFile>();
  #atEnd = false;
  #place = "";
  #isTooMany = false;

  /** Looks at nothing yet. */
  constructor(options: FolderOptions, events: FolderEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Where reading begins: of the files that are seen first, at their end, or where a checkpoint says. */
  begin(saved: readonly SavedFile[], atEnd: boolean): void {
    this.#saved = new Map(saved.map((file) => [keyOf(file), file]));
    this.#atEnd = atEnd;
  }

  /** Device and inode of the folder; empty while there is none. */
  get place(): string {
    return this.#place;
  }

  /** Looks at all files. False if there is no such folder. */
  async scan(): Promise<boolean> {
    const { dir, isWanted, maxFiles } = this.#options;
    let names: string[];
    try {
      const stats = lstatSync(`${dir}/.`);
      this.#place = keyOf(stats);
      names = readdirSync(dir).filter(isWanted);
    } catch {
      this.#place = "";
      names = [];
    }
    const seen = new Set<SpooledFile>();
    for (const name of names) {
      const stats = this.#look(name);
      if (stats === undefined) continue;
      const file = await this.#file(name, stats, maxFiles);
      if (file !== undefined) seen.add(file);
    }
    for (const file of [...this.files.values()]) if (!seen.has(file)) this.#vanished(file);
    if (this.#place !== "") {
      for (const saved of this.#saved.values()) this.#neverSeen(saved);
      this.#saved.clear();
      this.#atEnd = false;
    }
    return this.#place !== "";
  }

  /** Looks at some files that are known. False if that does not do: a file is new, or gone. */
  glance(names: Iterable<string>): boolean {
    for (const name of names) {
      if (!this.#options.isWanted(name)) continue;
      const file = this.#byName.get(name), stats = file === undefined ? undefined : this.#stat(name);
      if (file === undefined || stats === undefined || keyOf(file) !== keyOf(stats) || stats.size < file.size) {
        return false;
      }
      file.seen(name, stats);
    }
    return true;
  }

  /** The file with this name. */
  named(name: string): SpooledFile | undefined {
    return this.#byName.get(name);
  }

  /** Another file has taken the place of this one. */
  replaced(file: SpooledFile): void {
    if (file.left > file.toldTorn) this.#events.lost(file, file.left - file.toldTorn);
    this.#drop(file);
  }

  /** A file that is gone has been read to its end. */
  finished(file: SpooledFile): void {
    file.close();
    this.#drop(file);
  }

  #stat(name: string): Stats | undefined {
    try {
      return lstatSync(join(this.#options.dir, name));
    } catch {
      return undefined; // it is gone
    }
  }

  /** What there is under a name, if that is a plain file. */
  #look(name: string): Stats | undefined {
    const stats = this.#stat(name);
    if (stats === undefined || stats.isFile()) return stats;
    this.refuse(name, stats.isSymbolicLink() ? "a symbolic link" : stats.isDirectory() ? "a folder" : "no plain file");
    return undefined;
  }

  /** Tells once that something is not read. */
  refuse(name: string, why: string): void {
    if (this.#refused.get(name) === why) return;
    this.#refused.set(name, why);
    this.#events.refused(name, why);
  }

  async #file(name: string, stats: Stats, maxFiles: number): Promise<SpooledFile | undefined> {
    const key = keyOf(stats), known = this.files.get(key);
    if (known !== undefined && !known.isGone) {
      if (known.name !== name) {
        if (known.isGzip !== name.endsWith(".gz") || this.#stat(known.name) !== undefined) return known; // a hard link
        if (this.#byName.get(known.name) === known) this.#byName.delete(known.name);
        this.#byName.set(name, known);
      }
      if (!known.isGzip && stats.size < known.offset) {
        this.#events.truncated(known, Math.max(0, known.size - known.offset));
        known.close();
        this.#drop(known);
      } else {
        known.seen(name, stats);
        return known;
      }
    }
    if (this.files.size >= maxFiles) {
      if (!this.#isTooMany) this.#events.tooMany(maxFiles);
      this.#isTooMany = true;
      return undefined;
    }
    return await this.#add(name, stats, key);
  }

  async #add(name: string, stats: Stats, key: string): Promise<SpooledFile> {
    const { dir } = this.#options, saved = this.#saved.get(key);
    let file: SpooledFile;
    if (saved !== undefined && (name.endsWith(".gz") ? saved.name === name : isSaved(saved, stats))) {
      this.#saved.delete(key);
      file = new SpooledFile(dir, name, stats, saved.offset, saved.fingerprint);
      if (file.isGzip && saved.size === stats.size) file.isDone = true;
    } else {
      const before = name.endsWith(".gz") ? await this.#original(name) : undefined;
      file = new SpooledFile(dir, name, stats, before ?? (this.#atEnd && !name.endsWith(".gz") ? stats.size : 0));
      if (this.#atEnd && file.isGzip && before === undefined) file.isDone = true;
    }
    this.files.set(key, file);
    this.#byName.set(name, file);
    return file;
  }

  /** How far the file was read that this one is a compressed copy of. */
  async #original(name: string): Promise<number | undefined> {
    const plain = name.slice(0, -3), candidates = [this.#byName.get(plain), this.#gone.get(plain)];
    const saved = [...this.#saved.values()].find((file) => file.name === plain);
    if (candidates.every((file) => file === undefined) && saved === undefined) return undefined;
    const head = await headOf(join(this.#options.dir, name));
    for (const file of [...candidates, saved && { print: saved.fingerprint, offset: saved.offset }]) {
      if (file?.print !== undefined && file.print.bytes > 0 && fits(file.print, head)) {
        if (saved !== undefined) this.#saved.delete(keyOf(saved));
        return file.offset;
      }
    }
    return undefined;
  }

  #vanished(file: SpooledFile): void {
    if (file.isOpen) { // what is left of it can still be read
      file.isGone = true;
      if (this.#byName.get(file.name) === file) this.#byName.delete(file.name);
      if (this.files.get(keyOf(file)) === file) {
        this.files.delete(keyOf(file));
        this.files.set(`gone ${keyOf(file)}`, file);
      }
      return;
    }
    this.#events.lost(file, Math.max(0, file.left - file.toldTorn));
    this.#drop(file);
  }

  #neverSeen({ name, offset, size }: SavedFile): void {
    if (name.endsWith(".gz") || size <= offset) return;
    const stats = { dev: 0, ino: 0, size, mtimeMs: 0 } as Stats;
    this.#events.lost(new SpooledFile(this.#options.dir, name, stats, offset), size - offset);
  }

  #drop(file: SpooledFile): void {
    file.isFinished = true;
    for (const key of [keyOf(file), `gone ${keyOf(file)}`]) if (this.files.get(key) === file) this.files.delete(key);
    if (this.#byName.get(file.name) === file) this.#byName.delete(file.name);
    this.#gone.set(file.name, file);
    if (this.files.size < this.#options.maxFiles) this.#isTooMany = false;
  }
}

function keyOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev} ${ino}`;
}

/** The first bytes of a compressed file; fewer if it is damaged or not written yet. */
async function headOf(path: string): Promise<Uint8Array> {
  const head = new Uint8Array(LOOKED_AT);
  let filled = 0;
  let bytes: GzipBytes | undefined;
  try {
    closeSync(openFile(path).fd); // throws for what is no plain file
    bytes = new GzipBytes(path, 0);
    for (let read = -1; read !== 0 && filled < LOOKED_AT; filled += read) {
      read = await bytes.read(head, filled, LOOKED_AT);
    }
  } catch { // what there is will do
  }
  bytes?.close();
  return head.subarray(0, filled);
}
