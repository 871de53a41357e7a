/**
 * Reads a BPF ring buffer (kernel/bpf/ringbuf.c): a page with the consumer's position, a page with the producer's,
 * and the data twice in a row, so that every record is contiguous. Only a window of the data is mapped at a time: all of
 * it would count twice as memory of this process.
 *
 * @module
 */
import { libc } from "./libc.ts";
import { mapMemory, type Mapped } from "./mapped.ts";

const BUSY = 0x80000000, DISCARD = 0x40000000, LENGTH = 0x3fffffff, HEADER = 8;
const EPOLL_CTL_ADD = 1, EPOLLIN = 1, EPOLLET = 0x80000000;

/** Bytes of data mapped at a time, and how far a record that begins in a window may reach beyond it. */
const WINDOW = 4 << 20, OVERHANG = 1 << 16;

/** Where ring records stand in a copied block: the header's offset is a multiple of 8; the record follows it. */
export const RECORD_HEADER = HEADER;

/** Steps from one record's header to the next. */
export function recordStride(header: number): number {
  return ((header & LENGTH) + HEADER + 7) & ~7;
}

/** True for records the kernel gave up after reserving. */
export function isDiscarded(header: number): boolean {
  return (header & DISCARD) !== 0;
}

/** A ring buffer's reading end. */
export class Ring {
  readonly #consumer: Mapped;
  readonly #producer: Mapped;
  readonly #taken: BigUint64Array;
  readonly #made: BigUint64Array;
  readonly #fd: number;
  readonly #page: number;
  readonly #size: number;
  readonly #windowSize: number;
  #window: Mapped | undefined;
  #windowStart = -1;
  #words = new Int32Array(0);
  #bytes = new Uint8Array(0);
  readonly #epoll: number;
  readonly #bell: number;
  readonly #ready = new Uint8Array(2 * 16);

  constructor(fd: number, size: number) {
    const page = libc().getpagesize();
    this.#fd = fd;
    this.#page = page;
    this.#size = size;
    this.#windowSize = Math.min(WINDOW, size);
    this.#consumer = mapMemory(fd, page, 0, true);
    this.#producer = mapMemory(fd, page, page, false);
    this.#taken = new BigUint64Array(this.#consumer.buffer, 0, 1);
    this.#made = new BigUint64Array(this.#producer.buffer, 0, 1);
    this.#epoll = libc().epoll_create1(0x80000); // EPOLL_CLOEXEC
    this.#bell = libc().eventfd(0, 0x80800); // EFD_CLOEXEC | EFD_NONBLOCK
    for (const watched of [fd, this.#bell]) {
      const event = new DataView(new ArrayBuffer(16)); // struct epoll_event: events, then data (unused here)
      event.setUint32(0, EPOLLIN | EPOLLET, true);
      libc().epoll_ctl(this.#epoll, EPOLL_CTL_ADD, watched, new Uint8Array(event.buffer));
    }
  }

  /** Bytes waiting, headers included. */
  get waiting(): number {
    return Number(Atomics.load(this.#made, 0) - Atomics.load(this.#taken, 0));
  }

  /** Copies out whole records, at most about `limit` bytes, and frees their room. Undefined if there is none. */
  take(limit: number): Uint8Array<ArrayBuffer> | undefined {
    const from = Atomics.load(this.#taken, 0);
    const available = Number(Atomics.load(this.#made, 0) - from);
    const start = Number(from & BigInt(this.#size - 1));
    if (available === 0) return undefined;
    const inWindow = start & (this.#windowSize - 1);
    this.#map(start - inWindow);
    const end = Math.min(available, limit, this.#windowSize - inWindow);
    let length = 0;
    while (length < end) {
      const header = Atomics.load(this.#words, (inWindow + length) >> 2);
      if (header & BUSY) break; // still being written; later ones wait behind it
      length += recordStride(header);
    }
    if (length === 0) return undefined;
    const block = this.#bytes.slice(inWindow, inWindow + length);
    Atomics.store(this.#taken, 0, from + BigInt(length));
    return block;
  }

  #map(start: number): void {
    if (start === this.#windowStart) return;
    this.#window?.unmap();
    // Two pages of positions come first. The last window's overhang lies in the second copy of the data.
    const length = this.#windowSize + Math.min(OVERHANG, this.#size);
    this.#window = mapMemory(this.#fd, length, 2 * this.#page + start, false);
    this.#windowStart = start;
    this.#words = new Int32Array(this.#window.buffer);
    this.#bytes = new Uint8Array(this.#window.buffer);
  }

  /** Waits for the kernel's wake-up, `ring()`, or the time limit, off the event loop's thread. */
  async wait(ms: number): Promise<void> {
    await libc().epoll_wait(this.#epoll, this.#ready, 2, ms);
  }

  /** Ends a `wait` now. */
  ring(): void {
    libc().write(this.#bell, new Uint8Array(new BigUint64Array([1n]).buffer), 8n);
  }

  /** Unmaps and closes. No `wait` may be pending. */
  close(): void {
    this.#consumer.unmap();
    this.#producer.unmap();
    this.#window?.unmap();
    libc().close(this.#epoll);
    libc().close(this.#bell);
  }
}
