/**
 * One way of a conversation: what is read here is written there.
 *
 * @module
 */
import { POLL } from "./libc.ts";
import { AGAIN, BROKEN, type Port } from "./port.ts";
import type { RingWriter, Way } from "./ring.ts";

/** Bytes moved at once: what a pipe holds. */
const BLOCK = 64 * 1024;
const GONE = POLL.ERR | POLL.HUP | POLL.NVAL;

/** Decides what of the bytes goes on. */
export interface Gate {
  /**
   * Takes what was read; the buffer is used again afterwards. Returns what is to be written instead, in order.
   */
  pass(buffer: Uint8Array<ArrayBuffer>, start: number, end: number): readonly Uint8Array<ArrayBuffer>[];
  /** Nothing more will be read: what of an unfinished message is to be written. */
  end(): readonly Uint8Array<ArrayBuffer>[];
}

/** What a lane needs. */
export interface LaneOptions {
  readonly way: Way;
  readonly from: Port;
  readonly to: Port;
  readonly ring: RingWriter;
  readonly gate?: Gate | undefined;
}

/** Reads only when all that it read before is written: who writes slowly stalls who is read, and nothing piles up. */
export class Lane {
  readonly #way: Way;
  readonly #from: Port;
  readonly #to: Port;
  readonly #ring: RingWriter;
  readonly #gate: Gate | undefined;
  readonly #block = new Uint8Array(BLOCK);
  /** What waits to be written, the first of it from `#start`. */
  readonly #waiting: Uint8Array<ArrayBuffer>[] = [];
  #start = 0;
  /** The last byte written was the end of a line, or there was none. */
  #fresh = true;
  /** Answers from the gate of the other lane, which go in between two lines. */
  readonly #inserts: Uint8Array<ArrayBuffer>[] = [];
  #ended = false;

  constructor({ way, from, to, ring, gate }: LaneOptions) {
    this.#way = way;
    this.#from = from;
    this.#to = to;
    this.#ring = ring;
    this.#gate = gate;
  }

  /** True once nothing more will be moved. */
  get done(): boolean {
    return this.#to.fd < 0;
  }

  /** True if everything that was read is written. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#inserts.length === 0;
  }

  /** True while more waits to be inserted, or behind it to be written: who asks should not be read meanwhile. */
  get congested(): boolean {
    return this.#inserts.length + this.#waiting.length > 64;
  }

  /** Fills two entries of `poll`'s array. A source whose bytes cannot be written is not asked: it may have hung up. */
  ask(entries: Int32Array, at: number, paused: boolean): void {
    const writes = this.#waiting.length > 0;
    entries[at] = writes || paused || this.#ended ? -1 : this.#from.fd;
    entries[at + 1] = POLL.IN;
    entries[at + 2] = this.#to.fd;
    entries[at + 3] = writes ? POLL.OUT : 0;
  }

  /** Acts on what `poll` told. `time` gives milliseconds since the epoch. */
  act(entries: Int32Array, at: number, time: () => number): void {
    const readable = (entries[at + 1] ?? 0) >>> 16, writable = (entries[at + 3] ?? 0) >>> 16;
    if (writable !== 0) {
      if ((writable & GONE) !== 0 && (writable & POLL.OUT) === 0) return this.close(time());
      if (this.#waiting.length > 0 && !this.#write(true)) return;
    }
    if (readable !== 0 && entries[at] === this.#from.fd && this.#from.fd >= 0) this.#read(time);
  }

  /** Writes a line of our own as soon as no line of theirs is under way. */
  insert(line: Uint8Array<ArrayBuffer>): void {
    if (this.done) return;
    this.#inserts.push(line);
    this.#settle();
  }

  /** Ends the lane: both sides learn of it. */
  close(time: number): void {
    if (this.done) return;
    this.#from.close();
    this.#to.close();
    this.#waiting.length = this.#inserts.length = 0;
    this.#ring.write(this.#way, this.#block, 0, 0, time, true);
  }

  #read(time: () => number): void {
    const block = this.#block;
    const read = this.#from.read(block);
    if (read === AGAIN) return;
    if (read <= 0) {
      this.#ended = true;
      for (const part of this.#gate?.end() ?? []) this.#push(part, 0, part.length);
      this.#settle();
      if (this.#waiting.length === 0) this.close(time());
      else this.#from.close();
      return;
    }
    if (this.#gate === undefined) {
      this.#push(block, 0, read);
      this.#ring.write(this.#way, block, 0, read, time());
    } else {
      // what is denied is seen too, and before its answer
      this.#ring.write(this.#way, block, 0, read, time());
      for (const part of this.#gate.pass(block, 0, read)) this.#push(part, 0, part.length);
    }
    this.#settle();
  }

  /** Writes at once what can be, and keeps the rest. */
  #push(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): void {
    if (this.done || start === end) return;
    this.#fresh = bytes[end - 1] === 0x0a;
    if (this.#waiting.length === 0 && this.#to.writesAtOnce === Infinity) {
      const written = this.#to.write(bytes, start, end);
      if (written === BROKEN) return this.#close();
      if (written > 0) start += written;
    }
    if (start === end) return;
    if (this.#waiting.length === 0) this.#start = start;
    // the block stays as it is until all of it is written; nothing is copied
    this.#waiting.push(bytes.subarray(0, end));
  }

  /** Goes on writing. False if the lane has ended by it. */
  #write(ready: boolean): boolean {
    while (this.#waiting.length > 0) {
      const [part = this.#block] = this.#waiting;
      const most = this.#to.writesAtOnce;
      if (most !== Infinity && !ready) return true;
      const written = this.#to.write(part, this.#start, Math.min(part.length, this.#start + most));
      if (written === AGAIN) return true;
      if (written === BROKEN) {
        this.#close();
        return false;
      }
      this.#start += written;
      if (this.#start === part.length) {
        this.#waiting.shift();
        this.#start = 0;
      }
      ready = false;
    }
    this.#settle();
    if (!this.#ended || this.#waiting.length > 0) return true;
    this.#close();
    return false;
  }

  #settle(): void {
    if (!this.#fresh) return;
    for (const line of this.#inserts.splice(0)) {
      this.#push(line, 0, line.length);
      this.#tee(line);
    }
  }

  /** Shows a line of ours to the pipeline, in pieces that the ring takes. */
  #tee(line: Uint8Array<ArrayBuffer>): void {
    const time = performance.timeOrigin + performance.now();
    for (let at = 0; at < line.length; at += BLOCK) {
      this.#ring.write(this.#way, line, at, Math.min(line.length, at + BLOCK), time);
    }
  }

  #close(): void {
    this.close(performance.timeOrigin + performance.now());
  }
}
