/**
 * Whole lines as bytes, as many as are written in one call.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Line } from "../events/event.ts";
import { MAX_LINE } from "../events/limits.ts";

/** Takes what is sensitive out of JSON. */
export interface Redaction {
  /** False if there is no sign of anything sensitive in `buffer[start, end)`. */
  mayHold(buffer: Uint8Array, start: number, end: number): boolean;
  /**
   * The text, the same one if nothing has to be hidden. `isCommand`: it may hold a command line as `args` or `argv`. Throws
   * if it cannot be told.
   */
  redact(text: string, isCommand: boolean): string;
}

/** Bytes that are gathered before they are written: so many pass in one call without being cut by a signal, mostly. */
const ENOUGH = 64 * 1024;

/** Holds lines. */
export class Bytes {
  buffer: Buffer = Buffer.allocUnsafeSlow(2 * ENOUGH);
  length = 0;
  /** Lines in it. */
  lines = 0;
  readonly #redaction: Redaction;

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
  }

  /** True if it is time to write. */
  get isFull(): boolean {
    return this.length >= ENOUGH;
  }

  clear(): void {
    this.length = 0;
    this.lines = 0;
    if (this.buffer.length > 16 * ENOUGH) this.buffer = Buffer.allocUnsafeSlow(2 * ENOUGH);
  }

  /** Adds a line. Gives false, and adds nothing, if it is longer than a line may be. */
  add(item: Line): boolean {
    const begin = this.length;
    try {
      this.#line(item, item.open, true);
    } catch (error) {
      this.length = begin;
      throw error;
    }
    if (this.length - begin > MAX_LINE) {
      this.length = begin;
      return false;
    }
    this.lines++;
    return true;
  }

  #line(item: Line, open: string, isRaw: boolean): void {
    const { head, spread, tail } = item;
    const body = spread ? membersOf(open) : open;
    const line = head + body + tail; // one text, one write: each costs more than its bytes
    this.#reserve(3 * line.length); // a UTF-16 unit takes at most three bytes of UTF-8
    const begin = this.length;
    const written = this.buffer.write(line, begin);
    this.length += written;
    if (!isRaw || body.length <= 2) return;
    const isAscii = written === line.length;
    const start = begin + (isAscii ? head.length : Buffer.byteLength(head));
    const end = start + (isAscii ? body.length : Buffer.byteLength(body));
    if (!this.#redaction.mayHold(this.buffer, start, end)) return;
    const shown = this.#redaction.redact(open, spread);
    if (shown === open) return;
    this.length = begin;
    this.#line(item, shown, false);
  }

  #reserve(more: number): void {
    const wanted = this.length + more;
    if (wanted <= this.buffer.length) return;
    const next = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * this.buffer.length));
    this.buffer.copy(next, 0, 0, this.length);
    this.buffer = next;
  }
}

/** Makes an object members of the one that is being written; of what is none, nothing is left. */
function membersOf(open: string): string {
  return open.length > 2 && open.startsWith("{") ? "," + open.slice(1, -1) : "";
}
