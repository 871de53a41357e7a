/**
 * Bodies as they are collected, and how much they may take together.
 *
 * @module
 */

/** Least capacity of a buffer that a body grows in, in bytes. */
const LEAST = 4096;
const EMPTY = new Uint8Array(0);

/** Something unfinished that holds bytes. */
export interface Kept {
  /** Lets go of them, and takes them off the budget. */
  giveUp(reason: string): void;
}

/** How many bytes all that is unfinished has; beyond the bound the oldest is given up. */
export class Budget {
  /** Bytes held now. */
  bytes = 0;
  readonly #max: number;
  /** Oldest first. */
  readonly #kept = new Set<Kept>();

  /** `max` in bytes. */
  constructor(max: number) {
    this.#max = max;
  }

  /** So many bytes more are held. */
  add(kept: Kept, bytes: number): void {
    this.bytes += bytes;
    this.#kept.add(kept);
    if (this.bytes <= this.#max) return;
    for (const oldest of this.#kept) {
      oldest.giveUp("evicted");
      if (this.bytes <= this.#max) break;
    }
  }

  /** The bytes, all that were added, are held no more. */
  remove(kept: Kept, bytes: number): void {
    this.bytes -= bytes;
    this.#kept.delete(kept);
  }
}

/** The bytes of one body as sent. A body of one piece is not copied unless more of it may come. */
export class Body implements Kept {
  /** How many bytes have come, kept or not. */
  wireBytes = 0;
  /** Why it is not kept: `too_large` or `evicted`. */
  lost: string | undefined = undefined;
  readonly #budget: Budget;
  readonly #max: number;
  /** The only piece so far, in a buffer of others. */
  #piece: Uint8Array | undefined;
  /** What was copied: the first `#length` bytes. */
  #own: Uint8Array | undefined;
  #length = 0;

  /** `max`: bytes that are kept at most. */
  constructor(budget: Budget, max: number) {
    this.#budget = budget;
    this.#max = max;
  }

  /** The next bytes: `buffer[start, end)`. */
  push(buffer: Uint8Array, start: number, end: number): void {
    this.wireBytes += end - start;
    if (this.lost !== undefined || end <= start) return;
    if (this.wireBytes > this.#max) return this.giveUp("too_large");
    if (this.#own === undefined && this.#piece === undefined) {
      this.#piece = buffer.subarray(start, end);
      return;
    }
    this.settle();
    if (this.lost === undefined) this.#append(buffer.subarray(start, end));
  }

  /** More may come in another buffer: lets go of the one that the bytes are in. */
  settle(): void {
    const piece = this.#piece;
    this.#piece = undefined;
    if (piece !== undefined) this.#append(piece);
  }

  /** The bytes: to be called once, at the end. Undefined if they were not kept. */
  take(): Uint8Array | undefined {
    const bytes = this.#piece ?? this.#own?.subarray(0, this.#length) ?? EMPTY;
    this.#free();
    return this.lost === undefined ? bytes : undefined;
  }

  /** Keeps nothing from now on. */
  giveUp(reason: string): void {
    this.lost = reason;
    this.#free();
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (this.#own === undefined || length > this.#own.length) {
      const grown = new Uint8Array(Math.min(this.#max, Math.max(LEAST, 2 * length)));
      const more = grown.length - (this.#own?.length ?? 0);
      if (this.#own !== undefined) grown.set(this.#own.subarray(0, this.#length));
      this.#own = grown;
      this.#budget.add(this, more);
      if (this.lost !== undefined) return;
    }
    this.#own.set(bytes, this.#length);
    this.#length = length;
  }

  #free(): void {
    if (this.#own !== undefined) this.#budget.remove(this, this.#own.length);
    this.#piece = this.#own = undefined;
    this.#length = 0;
  }
}
