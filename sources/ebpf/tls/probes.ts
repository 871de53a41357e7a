/**
 * Which processes use which TLS code: finds them, and keeps probes on what they use for as long as they do.
 *
 * @module
 */
import { Pace } from "../../../bpf/elf/pace.ts";
import { type Image, type ImageHooks, Images } from "./images.ts";
import { type MappedFile, mayHoldTls, parseMaps } from "./maps.ts";
import { identify, readExe, readMaps } from "./open.ts";
import type { Attacher, TlsLibrary } from "./types.ts";

/** What the owner of the probes tells and is told. */
export interface TlsHooks extends ImageHooks {
  /** True of a process that is not to be probed, as mcpsonde itself. */
  ignored(pid: number): boolean;
}

/** Milliseconds that probes stay after their last user went, so that programs which come and go find them in place. */
const LINGER = 30_000;

/** Probes on the TLS code of all processes. */
export class TlsProbes {
  readonly #hooks: TlsHooks;
  readonly #images: Images;
  readonly #pace = new Pace();
  readonly #linger: number;
  /** What a process uses. Processes without TLS code are not here. */
  readonly #processes = new Map<number, ReadonlySet<Image>>();
  /** To be looked at, the new ones before those that were there all along. */
  readonly #urgent = new Set<number>();
  readonly #backlog: number[] = [];
  #working: Promise<void> | undefined;
  #sweeping: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(attacher: Attacher, hooks: TlsHooks, linger = LINGER) {
    this.#hooks = hooks;
    this.#images = new Images(attacher, hooks, this.#pace);
    this.#linger = linger;
  }

  /** Looks through /proc once, in slices so that the event loop is not held for more than about 10 ms at a time. */
  async scan(): Promise<void> {
    for (const entry of Deno.readDirSync("/proc")) {
      const pid = Number(entry.name);
      if (Number.isInteger(pid)) this.#backlog.push(pid);
    }
    this.#backlog.reverse(); // taken from the end: old processes first
    do await this.#work(); while (this.#backlog.length > 0); // the work that was under way may have been at its end
  }

  /** A process made an exec. */
  executed(pid: number): void {
    this.exited(pid); // what it used before
    this.#look(pid);
  }

  /**
   * A process mapped a file executable. Which file is read from its maps: device numbers differ there on some file
   * systems.
   */
  mapped(pid: number, _device: number, _inode: number): void {
    this.#look(pid);
  }

  /** A process exited. */
  exited(pid: number): void {
    this.#urgent.delete(pid);
    const images = this.#processes.get(pid);
    if (images === undefined) return;
    this.#processes.delete(pid);
    for (const image of images) this.#left(image, pid);
  }

  /**
   * Library of a process, if one is probed. A process may have several: curl uses OpenSSL, and GnuTLS comes with a
   * library of its. So GnuTLS counts only where there is no other.
   */
  libraryOf(pid: number): TlsLibrary | undefined {
    if (!this.#processes.has(pid)) this.#adopt(pid); // forked, so that neither exec nor map told of it
    let last: TlsLibrary | undefined;
    for (const { attached, tls: { library } } of this.#processes.get(pid) ?? []) {
      if (attached !== undefined && (last === undefined || last === "gnutls")) last = library;
    }
    return last;
  }

  /** Images and probes now, processes that use them now, files that could not be searched or probed ever. */
  get counts(): { images: number; probes: number; processes: number; failed: number } {
    return { ...this.#images.counts, processes: this.#processes.size };
  }

  /** Resolves when all that is known to be due was looked at. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Takes all probes off; resolves when they are. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#sweeping);
    this.#urgent.clear();
    this.#backlog.length = 0;
    this.#processes.clear();
    await Promise.all([...this.#images].map((image) => this.#images.detach(image)));
  }

  #look(pid: number): void {
    if (this.#closed || this.#hooks.ignored(pid)) return;
    this.#urgent.add(pid);
    this.#work();
  }

  #work(): Promise<void> {
    return this.#working ??= this.#drain().finally(() => {
      this.#working = undefined;
      if (this.#urgent.size + this.#backlog.length > 0) this.#work(); // told of at the last moment
    });
  }

  async #drain(): Promise<void> {
    await undefined; // what else has just been told of the same process costs no second look
    for (let pid = this.#next(); pid !== undefined && !this.#closed; pid = this.#next()) {
      try {
        await this.#examine(pid);
      } catch (error) {
        this.#hooks.warn(
          `process ${pid} could not be searched for TLS code: ${error instanceof Error ? error.message : error}`,
        );
      }
      await this.#pace.rest();
    }
  }

  #next(): number | undefined {
    for (const pid of this.#urgent) {
      this.#urgent.delete(pid);
      return pid;
    }
    for (let pid = this.#backlog.pop(); pid !== undefined; pid = this.#backlog.pop()) {
      if (!this.#hooks.ignored(pid)) return pid;
    }
    return undefined;
  }

  async #examine(pid: number): Promise<void> {
    const used: Image[] = [];
    for (const { file, main } of candidates(pid)) {
      const identity = identify(pid, file, main);
      const image = identity && await this.#images.probed(identity, file.path, pid);
      if (image !== undefined) used.push(image);
      if (this.#closed) return;
    }
    this.#uses(pid, used);
  }

  /** Takes a process for a user of what is probed already. */
  #adopt(pid: number): void {
    const used: Image[] = [];
    for (const { file, main } of candidates(pid)) {
      const identity = identify(pid, file, main);
      const image = identity && this.#images.get(identity.key);
      if (image?.attached !== undefined) used.push(image);
    }
    this.#uses(pid, used);
  }

  #uses(pid: number, images: readonly Image[]): void {
    const before = this.#processes.get(pid);
    const now = new Set(images);
    for (const image of before ?? []) if (!now.has(image)) this.#left(image, pid);
    for (const image of now) image.users.add(pid);
    if (now.size > 0) this.#processes.set(pid, now);
    else this.#processes.delete(pid);
    if (now.size > 0) this.#sweepLater();
  }

  #left(image: Image, pid: number): void {
    if (image.users.delete(pid) && image.users.size === 0) image.idleSince = performance.now();
  }

  #sweepLater(): void {
    if (this.#sweeping !== undefined || this.#closed) return;
    this.#sweeping = setTimeout(() => {
      this.#sweep().catch((error) => this.#hooks.warn(`TLS probes could not be looked through: ${error}`));
    }, this.#linger);
    Deno.unrefTimer(this.#sweeping);
  }

  /** Takes off the probes that nobody has used for a while. */
  async #sweep(): Promise<void> {
    for (const pid of [...this.#processes.keys()]) if (!isAlive(pid)) this.exited(pid); // its exit was lost
    if (this.#idle().length > 0) { // children of users that were never told of keep an image in use
      await this.scan();
      for (const image of this.#idle()) {
        if (this.#closed) return;
        await this.#images.detach(image);
      }
    }
    this.#sweeping = undefined;
    for (const image of this.#images) if (image.attached !== undefined) return this.#sweepLater();
  }

  #idle(): Image[] {
    const since = performance.now() - this.#linger;
    return [...this.#images].filter((image) =>
      image.attached !== undefined && image.users.size === 0 && image.idleSince <= since
    );
  }
}

/** The files of a process that may hold TLS code. */
function candidates(pid: number): { file: MappedFile; main: boolean }[] {
  const maps = readMaps(pid);
  if (maps === undefined) return [];
  const exe = readExe(pid);
  const found: { file: MappedFile; main: boolean }[] = [];
  for (const file of parseMaps(maps)) {
    const main = file.path === exe;
    if (main || mayHoldTls(file.path)) found.push({ file, main });
  }
  return found;
}

function isAlive(pid: number): boolean {
  try {
    return Deno.statSync(`/proc/${pid}`).isDirectory;
  } catch {
    return false;
  }
}
