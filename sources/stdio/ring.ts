/**
 * A bounded queue in shared memory, from the thread that moves bytes to the one that looks at them. The writer never
 * waits: what does not fit is counted.
 *
 * @module
 */

/** The two ways bytes go: 0 from the client to the server, 1 back. */
export type Way = 0 | 1;

/** Words of the head: what each 32-bit word of the first 64 bytes holds. */
const WROTE = 0, READ = 1, ASLEEP = 2, ENDED = 3, LOST = 4, ANSWERED = 6;
const HEAD_BYTES = 64;
/** Each record begins at a multiple of this, with a head of its own: length and flags, bytes lost before it, time. */
const RECORD = 16;
/** Bits of a record's first word above its length. */
const BACK = 1 << 28, EOF = 1 << 29;
const LENGTH = BACK - 1;
/** What is said to be lost at most: the place for it has 32 bits. */
const MOST_LOST = 0x7fff_ffff;

/** The least that a ring may hold, in bytes. */
export const LEAST_RING = 256 * 1024;

/** Makes the memory of a ring for `bytes` of records, rounded up to a power of two. */
export function newRing(bytes: number): SharedArrayBuffer {
  const room = 2 ** Math.ceil(Math.log2(Math.max(LEAST_RING, bytes)));
  return new SharedArrayBuffer(HEAD_BYTES + room);
}

/** What both ends have. */
class End {
  protected readonly words: Int32Array;
  protected readonly bytes: Uint8Array;
  protected readonly view: DataView;
  protected readonly mask: number;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, HEAD_BYTES / 4);
    this.bytes = new Uint8Array(memory, HEAD_BYTES);
    this.view = new DataView(memory, HEAD_BYTES);
    this.mask = this.bytes.length - 1;
  }
}

/** The end of the thread that moves bytes. */
export class RingWriter extends End {
  /** Called if the reader sleeps and there is something to read. */
  readonly #wake: () => void;

  constructor(memory: SharedArrayBuffer, wake: () => void) {
    super(memory);
    this.#wake = wake;
  }

  /** Copies `from[start, end)` in, or counts it as lost. `time`: milliseconds since the epoch. */
  write(way: Way, from: Uint8Array, start: number, end: number, time: number, eof = false): void {
    const length = end - start;
    const { words, bytes, view, mask } = this;
    if (way === 1) Atomics.store(words, ANSWERED, 1);
    const wrote = Atomics.load(words, WROTE);
    const used = (wrote - Atomics.load(words, READ)) >>> 0;
    const size = RECORD + (length + RECORD - 1 & -RECORD);
    if (used + size > bytes.length) {
      Atomics.store(words, LOST + way, Math.min(MOST_LOST, Atomics.load(words, LOST + way) + length));
      return;
    }
    const at = wrote & mask;
    view.setUint32(at, length | (way === 1 ? BACK : 0) | (eof ? EOF : 0), true);
    view.setUint32(at + 4, Atomics.exchange(words, LOST + way, 0), true);
    view.setFloat64(at + 8, time, true);
    const to = at + RECORD & mask;
    const first = Math.min(length, bytes.length - to);
    bytes.set(first === length && start === 0 && end === from.length ? from : from.subarray(start, start + first), to);
    if (first < length) bytes.set(from.subarray(start + first, end), 0);
    Atomics.store(words, WROTE, wrote + size | 0);
    if (Atomics.load(words, ASLEEP) === 1 && Atomics.compareExchange(words, ASLEEP, 1, 0) === 1) this.#wake();
  }

  /** No more will come. */
  end(): void {
    Atomics.store(this.words, ENDED, 1);
    Atomics.store(this.words, ASLEEP, 0);
    this.#wake();
  }
}

/** A record: bytes that were moved one way. */
export interface Moved {
  readonly way: Way;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of this way that were lost just before. */
  readonly lost: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** True at the end of this way. */
  readonly eof: boolean;
}

/** The end of the thread that looks at the bytes. */
export class RingReader extends End {
  /** The next record, copied out; undefined if there is none. */
  next(): Moved | undefined {
    const { words, bytes, view, mask } = this;
    const read = Atomics.load(words, READ);
    if (read === Atomics.load(words, WROTE)) return undefined;
    const at = read & mask;
    const word = view.getUint32(at, true), length = word & LENGTH;
    const copy = new Uint8Array(length);
    const from = at + RECORD & mask;
    const first = Math.min(length, bytes.length - from);
    copy.set(bytes.subarray(from, from + first));
    if (first < length) copy.set(bytes.subarray(0, length - first), first);
    const moved: Moved = {
      way: (word & BACK) === 0 ? 0 : 1,
      bytes: copy,
      lost: view.getUint32(at + 4, true),
      time: view.getFloat64(at + 8, true),
      eof: (word & EOF) !== 0,
    };
    Atomics.store(words, READ, read + RECORD + (length + RECORD - 1 & -RECORD) | 0);
    return moved;
  }

  /** Asks to be woken by the next record. False if there is one already, or all has ended. */
  sleep(): boolean {
    Atomics.store(this.words, ASLEEP, 1);
    if (this.ended || Atomics.load(this.words, READ) !== Atomics.load(this.words, WROTE)) {
      Atomics.store(this.words, ASLEEP, 0);
      return false;
    }
    return true;
  }

  /** True once nothing more will be written; there may be records left. */
  get ended(): boolean {
    return Atomics.load(this.words, ENDED) === 1;
  }

  /** True if all has ended and nobody has said anything: there is nothing but the two ends. */
  get silent(): boolean {
    return this.ended && (Atomics.load(this.words, WROTE) >>> 0) <= 2 * RECORD;
  }

  /** True once the server has said something. */
  get answered(): boolean {
    return Atomics.load(this.words, ANSWERED) === 1;
  }

  /** Once all has ended: bytes lost after the last record of this way. */
  lostAtEnd(way: Way): number {
    return Atomics.load(this.words, LOST + way);
  }
}
