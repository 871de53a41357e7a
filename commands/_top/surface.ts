/**
 * What ink writes its frames to: takes whole screens, and sends a terminal what is different in them. A slow terminal gets
 * fewer frames, not later ones.
 *
 * @module
 */
import type { Writer } from "../../sinks/console/writer.ts";

/** Columns and lines of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** From here to the end the terminal shows nothing of it, if it knows the sequence: no half of a frame is ever seen. */
const BEGIN = "\x1b[?2026h", END = "\x1b[?2026l";

/** The screen as it was sent last. */
export class Surface {
  /** For ink: it may not add sequences of its own. */
  readonly isTTY = false;
  readonly #writer: Writer;
  readonly #encoder = new TextEncoder();
  #size: Size;
  /** The lines that the terminal shows; undefined: not known. */
  #shown: readonly string[] | undefined;
  #next: string | undefined;
  #writing: Promise<void> | undefined;
  #isOpen = false;
  /** Sequences to be sent before the next frame. */
  #before = "";
  /** Resolves when the terminal takes nothing any more. */
  readonly broken: Promise<void>;
  #onBroken = () => {};

  constructor(writer: Writer, size: Size) {
    this.#writer = writer;
    this.#size = size;
    this.broken = new Promise((resolve) => this.#onBroken = resolve);
  }

  get size(): Size {
    return this.#size;
  }

  /** Of {@linkcode Surface.size}, for ink. */
  get columns(): number {
    return this.#size.columns;
  }

  /** Likewise. */
  get rows(): number {
    return this.#size.rows;
  }

  /** The terminal is there, and empty. */
  open(size: Size): void {
    this.#size = size;
    this.#shown = undefined;
    this.#isOpen = true;
  }

  /** The terminal has another size: all is drawn anew. */
  resize(size: Size): void {
    this.#size = size;
    this.#shown = undefined;
  }

  /** The terminal is another's from now on. Resolves when what was under way has been sent, or `ms` later. */
  async close(ms: number): Promise<void> {
    this.#isOpen = false;
    this.#next = undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
    await Promise.race([this.#writing, late]);
    clearTimeout(timer);
  }

  /** Sends a sequence that draws nothing. */
  send(sequence: string): void {
    this.#before += sequence;
    this.#begin();
  }

  /** Takes a frame: lines, without one that is empty at the end. */
  write(frame: string): boolean {
    this.#next = frame;
    this.#begin();
    return true;
  }

  /** For ink; sizes are told by {@linkcode Surface.resize}. */
  on(): this {
    return this;
  }

  /** Likewise. */
  off(): this {
    return this;
  }

  /** What turns the screen into the next frame. */
  #frame(): string {
    if (this.#next === undefined) return "";
    const lines = this.#next.split("\n").slice(0, this.#size.rows);
    const text = difference(this.#shown, lines, this.#size.rows);
    this.#next = undefined;
    this.#shown = lines;
    return text;
  }

  #begin(): void {
    this.#writing ??= this.#send().finally(() => {
      this.#writing = undefined;
      if (this.#isOpen && (this.#next !== undefined || this.#before !== "")) this.#begin(); // came since
    });
  }

  async #send(): Promise<void> {
    try {
      while ((this.#next !== undefined || this.#before !== "") && this.#isOpen) {
        const sequences = this.#before;
        this.#before = "";
        const frame = this.#frame();
        const text = sequences + (frame === "" ? "" : BEGIN + frame + END);
        if (text !== "") await this.#writer.write(this.#encoder.encode(text));
      }
    } catch {
      this.#isOpen = false;
      this.#onBroken();
    }
  }
}

/** What turns one screen into another. */
export function difference(before: readonly string[] | undefined, after: readonly string[], rows: number): string {
  let text = before === undefined ? "\x1b[0m\x1b[2J" : "";
  for (let i = 0; i < rows; i++) {
    const line = after[i] ?? "";
    if (line !== (before === undefined ? "" : before[i] ?? "")) text += `\x1b[${i + 1};1H\x1b[0m\x1b[K${line}`;
  }
  return text;
}
