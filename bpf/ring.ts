/**
 * Reads a BPF ring buffer (kernel/bpf/ringbuf.c): a page with the consumer's position, a page with the producer's,
 * and the data. The kernel offers the data twice in a row, so that no record is cut; it is mapped once here, which
 * halves the memory that counts as ours, and put together when it is copied out.
 *
 * @module
 */
import { libc } from "./libc.ts";
import { mapMemory, type Mapped } from "./mapped.ts";

const BUSY = 0x80000000, DISCARD = 0x40000000, LENGTH = 0x3fffffff, HEADER = 8;
const EPOLL_CTL_ADD = 1, EPOLLIN = 1, EPOLLET = 0x80000000;

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
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #size: number;
  readonly #epoll: number;
  readonly #bell: number;
  readonly #ready = new Uint8Array(2 * 16);

  constructor(fd: number, size: number) {
    const page = libc().getpagesize();
    this.#size = size;
    this.#consumer = mapMemory(fd, page, 0, true);
    this.#producer = mapMemory(fd, page + size, page, false);
    this.#taken = new BigUint64Array(this.#consumer.buffer, 0, 1);
    this.#made = new BigUint64Array(this.#producer.buffer, 0, 1);
    this.#words = new Int32Array(this.#producer.buffer, page);
    this.#bytes = new Uint8Array(this.#producer.buffer, page);
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
    let length = 0;
    while (length < available && length < limit) {
      const header = Atomics.load(this.#words, ((start + length) & (this.#size - 1)) >> 2); // aligned: never cut
      if (header & BUSY) break; // still being written; later ones wait behind it
      length += recordStride(header);
    }
    if (length === 0) return undefined;
    const toEnd = this.#size - start;
    let block: Uint8Array<ArrayBuffer>;
    if (length <= toEnd) {
      block = this.#bytes.slice(start, start + length);
    } else {
      block = new Uint8Array(length);
      block.set(this.#bytes.subarray(start));
      block.set(this.#bytes.subarray(0, length - toEnd), toEnd);
    }
    Atomics.store(this.#taken, 0, from + BigInt(length));
    return block;
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
    libc().close(this.#epoll);
    libc().close(this.#bell);
  }
}
