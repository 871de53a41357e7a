/**
 * Chunk-size lines (RFC 9112, section 7.1).
 *
 * @module
 */

/** A chunk's size never has more digits than fit into a double. */
const MAX_DIGITS = 13;

/** Reads one chunk-size line after another, byte by byte, and the line end of the chunk before. Extensions are passed over. */
export class ChunkSize {
  /** The size, once `done`. */
  size = 0;
  done = false;
  bad = false;
  #digits = 0;
  #extension = false;
  /** The line end of the chunk before: not seen, its CR seen, or over. */
  #before: "due" | "cr" | "over" = "over";
  #bytes = 0;
  readonly #limit: number;

  /** A line of more than `limit` bytes is bad. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Begins anew; `after`: after a chunk. */
  reset(after: boolean): void {
    this.#before = after ? "due" : "over";
    this.size = this.#digits = this.#bytes = 0;
    this.done = this.bad = this.#extension = false;
  }

  /** Reads `bytes[at, end)` until the line is `done` or `bad`; returns how far it came. */
  read(bytes: Uint8Array, at: number, end: number): number {
    for (; at < end; at++) {
      const c = bytes[at]!;
      if (this.#before !== "over") {
        if (c === 10) this.#before = "over";
        else if (c === 13 && this.#before === "due") this.#before = "cr";
        else {
          this.bad = true;
          return at;
        }
        continue;
      }
      if (c === 10) {
        this.done = this.#digits > 0;
        this.bad = !this.done;
        return this.done ? at + 1 : at;
      }
      if (++this.#bytes > this.#limit) this.bad = true;
      else if (!this.#extension) {
        const digit = hex(c);
        if (digit >= 0) {
          this.size = this.size * 16 + digit;
          if (this.size > 0) this.#digits++;
          else this.#digits = 1;
          this.bad = this.#digits > MAX_DIGITS;
        } else if (this.#digits > 0 && (c === 0x3b || c === 13 || c === 0x20 || c === 9)) this.#extension = true;
        else this.bad = true;
      }
      if (this.bad) return at;
    }
    return at;
  }
}

function hex(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const letter = c | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

const SIZE_LINE = /^[0-9a-fA-F]{1,13}[ \t]*(;.*)?\r?$/s;

/** The size that this line gives, if it is a chunk-size line. */
export function sizeOf(line: string): number | undefined {
  return SIZE_LINE.test(line) ? parseInt(line, 16) : undefined;
}

/** Fields of an event stream and its comments, at the beginning of a line. */
const EVENT_LINE = /^(?:(?:data|event|id|retry):|:)/;

/** True if the line begins like one of an event stream. */
export function isEventLine(line: string): boolean {
  return EVENT_LINE.test(line);
}

/** True if these first characters of a line may become one of an event stream. */
export function mayBeEventLine(text: string): boolean {
  return ["data:", "event:", "id:", "retry:", ":"].some((field) => field.startsWith(text));
}
