/**
 * The terminal: taken over, and given back as it was.
 *
 * @module
 */
import process from "node:process";
import type { Size } from "./surface.ts";

/** The other screen, no cursor, lines that do not wrap. */
const TAKE = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J\x1b[H";
/** The reverse; the end of a frame too, should one have been cut. */
const GIVE_BACK = "\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
/** Where a size cannot be had. */
const USUAL: Size = { columns: 80, rows: 24 };

/** Standard input and output. */
export class Terminal {
  #isTaken = false;
  readonly #giveBack = () => this.giveBack();

  /** Its size now. */
  get size(): Size {
    try {
      const { columns, rows } = Deno.consoleSize();
      return columns > 0 && rows > 0 ? { columns, rows } : USUAL;
    } catch {
      return USUAL;
    }
  }

  /** Takes it over. However the process ends, but by SIGKILL, it is given back. */
  take(): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    globalThis.addEventListener("unload", this.#giveBack);
    write(TAKE);
  }

  /** Gives it back; at any time, and any number of times. */
  giveBack(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    globalThis.removeEventListener("unload", this.#giveBack);
    write(GIVE_BACK);
    raw(false);
  }

  /** Reads keys one by one again. */
  raw(): void {
    raw(true);
  }

  /** Stops the process as Ctrl-Z does; returns when it goes on. */
  stopProcess(): void {
    process.kill(process.pid, "SIGTSTP");
  }
}

function raw(isRaw: boolean): void {
  try {
    Deno.stdin.setRaw(isRaw);
  } catch {
    // it has gone away
  }
}

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let from = 0, tries = 0; from < bytes.length && tries < 100; tries++) {
      from += Deno.stdout.writeSync(bytes.subarray(from));
    }
  } catch {
    // it has gone away, or takes nothing now
  }
}
