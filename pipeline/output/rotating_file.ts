/**
 * A file that is set aside when it has become large or old.
 *
 * @module
 */
import { AppendFile } from "./append_file.ts";
import { type RotateOptions, setAside, tidy } from "./rotate.ts";

/** How a file is written. */
export interface RotatingFileOptions extends RotateOptions {
  /** Keep what is in the file. */
  readonly append: boolean;
  /** Begin a new file when someone has moved this one away. Default: true. */
  readonly follow?: boolean;
  /** The byte that every unit ends with. */
  readonly terminator?: number | undefined;
  /** Set the file aside before it grows beyond this many bytes. */
  readonly maxBytes?: number | undefined;
  /** Set the file aside once it has been open for this long, in milliseconds. */
  readonly maxMs?: number | undefined;
  /** `batch`: after every write. A number: when so many milliseconds have passed since the last time. */
  readonly fsync: "none" | "batch" | number;
  /** Told what went wrong while a file was set aside; writing goes on. */
  readonly onProblem: (message: string) => void;
}

/** How often to look whether someone else has moved the file away, in milliseconds. */
const LOOK_MS = 1000;

/** Adds units to a file, all or nothing each time. If the file is moved away, a new one is begun. */
export class RotatingFile {
  /** Says so to a {@linkcode UnitWriter}. */
  readonly synchronous = true;
  readonly #path: string;
  readonly #options: RotatingFileOptions;
  #file: AppendFile | undefined;
  #opened = 0;
  #looked = 0;
  #synced = 0;
  #dirty = false;
  #aside: Promise<void> = Promise.resolve();

  /** Opens the file, so that a path that cannot be written to is known at once. */
  constructor(path: string, options: RotatingFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#open(options.append);
  }

  /** Adds whole units. Throws as {@linkcode AppendFile} does; then nothing of them is in the file. */
  write(bytes: Uint8Array): void {
    const file = this.#rotate(bytes.length);
    file.write(bytes);
    this.#dirty = true;
    if (this.#options.fsync !== "none") this.idle();
  }

  /** To be called from time to time: what waits for its fsync gets it when due. */
  idle(): void {
    const { fsync } = this.#options;
    if (!this.#dirty || fsync === "none") return;
    const now = Date.now();
    if (fsync !== "batch" && now - this.#synced < fsync) return;
    this.#file?.sync();
    this.#synced = now;
    this.#dirty = false;
  }

  /** Closes the file and waits until those set aside are compressed. */
  async close(): Promise<void> {
    try {
      if (this.#dirty && this.#options.fsync !== "none") this.#file?.sync();
    } finally {
      this.#file?.close();
      this.#file = undefined;
      await this.#aside;
    }
  }

  #rotate(coming: number): AppendFile {
    const { maxBytes = Infinity, maxMs = Infinity, follow = true } = this.#options;
    const now = Date.now();
    let file = this.#file;
    if (follow && file?.isRegular && now - this.#looked >= LOOK_MS) {
      this.#looked = now;
      if (!file.isAt(this.#path)) file = this.#forget(file);
    }
    if (file?.isRegular && file.size > 0 && (file.size + coming > maxBytes || now - this.#opened >= maxMs)) {
      file = this.#setAside(file, new Date(now));
    }
    return file ?? this.#open(true);
  }

  #setAside(file: AppendFile, now: Date): AppendFile | undefined {
    const { onProblem } = this.#options;
    try {
      const aside = setAside(this.#path, now);
      this.#aside = this.#aside.then(() => tidy(this.#path, aside, this.#options)).catch((error: unknown) =>
        onProblem(`${aside} could not be compressed: ${text(error)}`)
      );
    } catch (error) {
      this.#opened = now.getTime(); // and the same file goes on until its time comes again
      onProblem(`${this.#path} could not be set aside: ${text(error)}`);
      return file;
    }
    return this.#forget(file);
  }

  #forget(file: AppendFile): undefined {
    file.close();
    this.#file = undefined;
  }

  #open(append: boolean): AppendFile {
    this.#file = new AppendFile(this.#path, { append, terminator: this.#options.terminator });
    this.#opened = this.#looked = this.#synced = Date.now();
    return this.#file;
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
