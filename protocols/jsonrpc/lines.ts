/**
 * Puts lines together from the pieces of a byte stream.
 *
 * @module
 */
import { findNewline } from "./scan.ts";

/**
 * Newline-delimited lines off chunks that may hold part of a line, one or many. A line that lies whole in its chunk is
 * told by its place there, without a copy; one that does not is gathered in a buffer of its own.
 *
 * Usage: {@linkcode push} a chunk, then call {@linkcode next} until it is false and look at `buffer`, `start`, `end`.
 */
export class LineSplitter {
  /** The line is `buffer[start, end)`, without its newline. A carriage return before it is left in. */
  buffer: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  /** Bytes of lines longer than allowed that were passed over, since this was last set to 0. */
  skipped = 0;

  /** The chunk that is being split. */
  #chunk: Uint8Array = EMPTY;
  #at = 0;
  #chunkEnd = 0;
  /** The beginning of a line whose end has not come: `#part[#from, #from + #length)`, with room up to `#room`. */
  #part: Uint8Array = EMPTY;
  #from = 0;
  #length = 0;
  #room = 0;
  /** Inside a line that is too long, or whose beginning is missing. */
  #skipping = false;
  readonly #limit: number;

  /** Lines of more than `limit` bytes are passed over up to their newline. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of the unfinished line held now. */
  get partial(): number {
    return this.#length;
  }

  /** True inside a line that is passed over. */
  get skipping(): boolean {
    return this.#skipping;
  }

  /** True if the next byte begins a line. */
  get fresh(): boolean {
    return this.#length === 0 && !this.#skipping;
  }

  /** Gives the next piece of the stream. The one before must be used up. */
  push(buffer: Uint8Array, start: number, end: number): void {
    this.#chunk = buffer;
    this.#at = start;
    this.#chunkEnd = end;
  }

  /** Finds the next line. False when the chunk is used up; the splitter then keeps no reference to it. */
  next(): boolean {
    while (this.#at < this.#chunkEnd) {
      const chunk = this.#chunk, at = this.#at;
      const newline = findNewline(chunk, at, this.#chunkEnd);
      this.#at = newline + 1;
      const whole = newline < this.#chunkEnd;
      if (this.#skipping) {
        this.skipped += newline - at;
        this.#skipping = !whole;
      } else if (this.#length + newline - at > this.#limit) {
        this.skipped += this.#length + newline - at;
        this.#drop();
        this.#skipping = !whole;
      } else if (whole && this.#length === 0) {
        this.buffer = chunk;
        this.start = at;
        this.end = newline;
        return true;
      } else {
        this.#gather(chunk, at, newline);
        if (!whole) break;
        this.#hand();
        return true;
      }
    }
    this.#chunk = EMPTY;
    this.buffer = EMPTY;
    return false;
  }

  /** Takes what there is of an unfinished line, as if a newline had come. False if there is none. */
  flush(): boolean {
    this.#skipping = false;
    if (this.#length === 0) return false;
    this.#hand();
    return true;
  }

  #gather(chunk: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#room) this.#grow(length);
    this.#part.set(chunk.subarray(from, to), this.#from + this.#length);
    this.#length = length;
  }

  #grow(length: number): void {
    const room = Math.min(this.#limit, Math.max(256, length * 2));
    const part = this.#part, from = this.#from;
    this.#part = room <= SHORT ? shared(room) : new Uint8Array(room);
    this.#from = room <= SHORT ? used - room : 0;
    this.#room = room;
    if (this.#length > 0) this.#part.set(part.subarray(from, from + this.#length), this.#from);
  }

  #hand(): void {
    this.buffer = this.#part;
    this.start = this.#from;
    this.end = this.#from + this.#length;
    this.#drop();
  }

  #drop(): void {
    this.#part = EMPTY;
    this.#length = this.#room = 0;
  }
}

const EMPTY = new Uint8Array(0);
/** Lines up to half of this share buffers: making one costs more than filling it. */
const SHORT = 1024;
const SHARED = 8 * 1024;
let slab = EMPTY;
let used = 0;

/** A buffer in which the `room` bytes before `used` are free. */
function shared(room: number): Uint8Array {
  if (used + room > slab.length) {
    slab = new Uint8Array(SHARED);
    used = 0;
  }
  used += room;
  return slab;
}
