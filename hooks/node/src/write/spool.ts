/**
 * Files that take events when nobody listens.
 *
 * @module
 */
import { dirname, join } from "node:path";
import type { Identity } from "../events/identity.ts";
import { typeName } from "../guard.ts";
import { files } from "./files.ts";
import { now as steady } from "../time.ts";

/** What a spool may be told. */
export interface SpoolOptions {
  readonly dir: string;
  readonly maxFileBytes: number;
  /** Of all files of sensors. */
  readonly maxTotalBytes: number;
}

/** Names of files that sensors wrote, and nobody else. */
const OURS = /^mcpsonde-(?:python|node)-\d+-\d+\.\d+\.ndjson$/;
/** How long it is not tried again after it failed, in milliseconds. */
const PAUSE = 1000;
/** After how many files of our own it is looked what others have written. */
const LOOK = 8;
/** Of how many starts one looks, too. */
const TIDIES = 1 / 16;
/** Files and folders are the user's own; so many folders are made at most. */
const MAX_DEPTH = 64;
const FILE_MODE = 0o600, DIR_MODE = 0o700;

/** Appends whole lines to the file of this process. */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #identity: Identity;
  readonly #now: () => number;
  #fd: number | undefined;
  #generation = -1;
  #size = 0;
  #inode = 0n;
  /** True if the end of the file may be half a line. */
  #isTorn = false;
  #notBefore = 0;
  #failure = "spool_failed";
  /** Bytes of all files when they were last counted and ours since, and how many those were. */
  #total = 0;
  #rotations = 0;
  /** When it was last looked whether the file still stands in its folder. */
  #looked = 0;

  constructor(options: SpoolOptions, identity: Identity, now: () => number = steady) {
    this.#options = options;
    this.#identity = identity;
    this.#now = now;
  }

  /** Appends `buffer[0, length)`, whole lines. Gives what hindered it, in a word, if something did. */
  append(buffer: Uint8Array, length: number): string | undefined {
    const now = this.#now();
    if (now < this.#notBefore) return this.#failure;
    try {
      this.#ready(now);
      if (this.#isTorn) {
        this.#put(new Uint8Array([0x0a]), 1);
        this.#isTorn = false;
      }
      this.#put(buffer, length);
      if (this.#size >= this.#options.maxFileBytes) this.#rotate();
      return undefined;
    } catch (error) {
      this.#notBefore = now + PAUSE;
      this.close();
      this.#failure = /ENOSPC|EDQUOT/.test(typeName(error)) ? "disk_full" : "spool_failed";
      return this.#failure;
    }
  }

  close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd === undefined) return;
    try {
      files.closeSync(fd);
    } catch {
      // it is gone, then
    }
  }

  /** Opens the file unless it is open and still there. */
  #ready(now: number): void {
    if (this.#fd !== undefined) {
      if (this.#generation === this.#identity.generation && (now - this.#looked < PAUSE || this.#isThere())) return;
      this.close();
    }
    this.#looked = now;
    const { dir } = this.#options;
    makeFolder(dir);
    // Many processes may leave many small files: to look at all of them at each start would cost each start.
    if (this.#generation < 0 && Math.random() < TIDIES) this.#tidy();
    this.#generation = this.#identity.generation;
    this.#fd = files.openSync(this.#path(), "a", FILE_MODE);
    const { size, ino } = files.fstatSync(this.#fd, { bigint: true });
    this.#size = Number(size);
    this.#inode = ino;
  }

  #isThere(): boolean {
    this.#looked = this.#now();
    try {
      return files.statSync(this.#path(), { bigint: true }).ino === this.#inode;
    } catch {
      return false;
    }
  }

  #path(): string {
    const { pid, start } = this.#identity;
    return join(this.#options.dir, `mcpsonde-node-${pid}-${start}.${this.#generation}.ndjson`);
  }

  #put(buffer: Uint8Array, length: number): void {
    const fd = this.#fd ?? -1;
    const written = files.writeSync(fd, buffer, 0, length);
    this.#size += written;
    if (written === length) return;
    this.#isTorn = !this.#takeBack(fd, written);
    throw Object.assign(new Error("short write"), { code: "ENOSPC" });
  }

  /** The disk is full: takes back the part of a line that is there, unless another thread has written since. */
  #takeBack(fd: number, written: number): boolean {
    const { size } = files.fstatSync(fd);
    if (size !== this.#size) return false;
    files.ftruncateSync(fd, size - written);
    this.#size -= written;
    return true;
  }

  #rotate(): void {
    this.close();
    this.#identity.nextGeneration(this.#generation);
    this.#total += this.#size;
    const isFull = this.#total + this.#options.maxFileBytes > this.#options.maxTotalBytes;
    if (isFull || ++this.#rotations % LOOK === 0) this.#tidy();
  }

  /** Deletes the oldest files of sensors until there is room for one more. */
  #tidy(): void {
    const { dir, maxFileBytes, maxTotalBytes } = this.#options;
    const all: { path: string; size: number; time: number }[] = [];
    let total = 0;
    for (const name of files.readdirSync(dir)) {
      if (!OURS.test(name)) continue;
      const path = join(dir, name);
      try {
        const { size, mtimeMs } = files.statSync(path);
        all.push({ path, size, time: mtimeMs });
        total += size;
      } catch {
        // another sensor has deleted it
      }
    }
    all.sort((a, b) => a.time - b.time);
    for (const { path, size } of all) {
      if (total + maxFileBytes <= maxTotalBytes) break;
      try {
        files.unlinkSync(path);
      } catch {
        // as above
      }
      total -= size;
    }
    this.#total = total;
  }
}

/** Makes a folder and those above it. Node's own way never ends where the kernel says ENOENT, as in /proc. */
function makeFolder(dir: string, depth = 0): void {
  try {
    files.mkdirSync(dir, { mode: DIR_MODE });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(dir) === dir || depth > MAX_DEPTH) throw error;
    makeFolder(dirname(dir), depth + 1);
    files.mkdirSync(dir, { mode: DIR_MODE });
  }
}
