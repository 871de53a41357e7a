/**
 * Waits until something may have happened in a folder.
 *
 * @module
 */

/** Watches by inotify where it can. What it says is a hint: events may be lost, and come late. */
export class Watch {
  /** Names of files that have changed since the last look; undefined: any may have. */
  #changed: Set<string> | undefined = new Set();
  #watcher: Deno.FsWatcher | undefined;
  #wake = () => {};
  readonly #signal: AbortSignal;

  /** Watches nothing yet. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** True while the system tells of changes. */
  get isOn(): boolean {
    return this.#watcher !== undefined;
  }

  /** Watches a folder instead of the last one. */
  start(dir: string): void {
    this.stop();
    try {
      const watcher = this.#watcher = Deno.watchFs(dir, { recursive: false });
      this.#follow(watcher);
    } catch { // no folder, or no watch left (fs.inotify.max_user_watches): polling does
    }
  }

  /** Ends. */
  stop(): void {
    try {
      this.#watcher?.close();
    } catch { // it has ended by itself
    }
    this.#watcher = undefined;
  }

  /** Waits so long at most, in milliseconds: less if something changes or the pipeline stops. */
  wait(ms: number): Promise<void> {
    if (this.#signal.aborted || this.#changed === undefined || this.#changed.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener("abort", done);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
      this.#signal.addEventListener("abort", done);
    });
  }

  /** What has changed since the last time; undefined: anything may have. */
  take(): ReadonlySet<string> | undefined {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  async #follow(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { kind, paths } of watcher) {
        if (kind === "access") continue;
        if (kind !== "modify" && kind !== "create") this.#changed = undefined;
        for (const path of paths) this.#changed?.add(path.slice(path.lastIndexOf("/") + 1));
        if ((this.#changed?.size ?? 0) > MOST) this.#changed = undefined;
        this.#wake();
      }
    } catch { // polling goes on
    }
    if (this.#watcher === watcher) this.#watcher = undefined;
    this.#changed = undefined;
    this.#wake();
  }
}

/** Names that are kept between two looks. */
const MOST = 4096;
