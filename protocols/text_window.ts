/**
 * Texts where a WebAssembly module can read them.
 *
 * @module
 */

/** What every module of ours exports, whatever else it does. */
interface Module {
  readonly memory: WebAssembly.Memory;
  /** Where its own data ends. */
  heap(): number;
}

/** How much is copied. All in bytes. */
export interface TextWindowOptions {
  /** How much of a buffer is copied ahead at most, if it is larger than half of that. */
  readonly size: number;
  /** How far the module reads and writes beyond a text. */
  readonly slack: number;
  /** Told of the module's memory at first, and whenever it has grown, which leaves views of it empty. */
  readonly onMemory?: (memory: ArrayBufferLike) => void;
}

const PAGE = 65_536, ALIGN = 16;

/**
 * Copies texts into a module's memory. Most lie one after the other in a large buffer: of that it copies ahead, so that
 * the next ones are there already. Any other text is copied by itself.
 */
export class TextWindow {
  /** Where the memory is free for whoever owns it, as long as no text is longer than the window. */
  readonly end: number;
  readonly #memory: WebAssembly.Memory;
  readonly #size: number;
  readonly #slack: number;
  readonly #onMemory: (memory: ArrayBufferLike) => void;
  #bytes: Uint8Array;
  /** Its length. */
  #room: number;
  /** Where the window is, and any other text. */
  readonly #window: number;
  readonly #single: number;
  /** What of which buffer lies in the window. */
  #owner: Uint8Array | undefined;
  #from = 0;
  #to = 0;
  /** What lies at `#single`. */
  #other: Uint8Array | undefined;
  #otherFrom = 0;
  #otherTo = 0;

  /** A window above the module's own data. */
  constructor({ memory, heap }: Module, { size, slack, onMemory = () => {} }: TextWindowOptions) {
    this.#memory = memory;
    this.#size = size;
    this.#slack = slack;
    this.#onMemory = onMemory;
    this.#window = align(heap());
    this.#single = align(this.#window + size + slack);
    this.end = align(this.#single + size + slack);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#room = this.#bytes.length;
    onMemory(memory.buffer);
    this.reserve(this.end);
  }

  /** Forgets what was copied. To be called whenever a buffer that was seen may change, so at the start of each batch. */
  forget(): void {
    this.#owner = this.#other = undefined;
  }

  /** Address of `buffer[start, end)`, which is copied if need be: then what follows it may be copied as well. */
  address(buffer: Uint8Array, start: number, end: number): number {
    if (buffer === this.#owner && start >= this.#from && end <= this.#to) return this.#window + start - this.#from;
    if (buffer === this.#other && start >= this.#otherFrom && end <= this.#otherTo) {
      return this.#single + start - this.#otherFrom;
    }
    if (buffer.length > this.#size / 2 && end - start <= this.#size) return this.#slide(buffer, start, end);
    this.copy(buffer, start, end);
    this.#other = buffer;
    this.#otherFrom = start;
    this.#otherTo = end;
    return this.#single;
  }

  /** Copies `buffer[start, end)` by itself, and does not remember it. Tells where it is. */
  copy(buffer: Uint8Array, start: number, end: number): number {
    this.#other = undefined;
    this.reserve(this.#single + end - start + this.#slack);
    this.#bytes.set(buffer.subarray(start, end), this.#single);
    return this.#single;
  }

  /** Puts bytes anywhere. */
  put(bytes: Uint8Array, at: number): void {
    this.reserve(at + bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Makes the memory reach up to an address. */
  reserve(end: number): void {
    if (end > this.#room) this.#grow(end);
  }

  #grow(end: number): void {
    this.#memory.grow(Math.ceil((end - this.#room) / PAGE));
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#room = this.#bytes.length;
    this.#onMemory(this.#memory.buffer);
  }

  /** Moves the window: the first time just over the text, as there may be no more in the buffer; then ahead of it. */
  #slide(buffer: Uint8Array, start: number, end: number): number {
    this.#to = buffer === this.#owner ? Math.min(buffer.length, start + this.#size) : end;
    this.#from = start;
    this.#owner = buffer;
    this.#bytes.set(buffer.subarray(start, this.#to), this.#window);
    return this.#window;
  }
}

function align(address: number): number {
  return Math.ceil(address / ALIGN) * ALIGN;
}
