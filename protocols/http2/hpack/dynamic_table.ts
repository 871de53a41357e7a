/**
 * HPACK's dynamic table (RFC 7541 sections 2.3.2 and 4), also when its older part is not known.
 *
 * @module
 */
import type { Field } from "./static_table.ts";

/** What an entry counts beside its name and value (RFC 7541 section 4.1). */
export const ENTRY_BYTES = 32;
/** The table's size before anything changes it (RFC 9113 section 6.5.2). */
const INITIAL = 4096;

/**
 * The newest entries of the sender's table. New entries push indices up from the front, so the entries added since
 * capture began have their right index whatever lies behind them.
 *
 * It holds at least what the sender does, as far as known: sizes count what is known of an entry, the maximum is an upper
 * bound. So no entry that the sender may still refer to is dropped, but for the limit.
 */
export class DynamicTable {
  /** True if the sender has no entries older than the ones here. */
  whole = false;
  /** Entries here. */
  length = 0;
  /** A ring; the newest entry is at `#newest`. undefined: an entry whose name or value is not known. */
  #fields: (Field | undefined)[] = new Array(16).fill(undefined);
  #sizes = new Uint32Array(16);
  #newest = 0;
  #size = 0;
  #max = Infinity;
  readonly #limit: number;

  /** Holds up to `limit` bytes, whatever the sender does. */
  constructor(limit: number) {
    this.#limit = Math.max(limit, 2 * ENTRY_BYTES);
  }

  /** The connection begins here: the table is empty. */
  begin(): void {
    this.#clear();
    this.whole = true;
    this.#max = INITIAL;
  }

  /** Nothing is known of it any more. */
  forget(): void {
    this.#clear();
    this.whole = false;
    this.#max = Infinity;
  }

  /** The entry at `index`, where 0 is the newest; undefined if it is not known. */
  get(index: number): Field | undefined {
    return index < this.length ? this.#fields[(this.#newest + index) & (this.#fields.length - 1)] : undefined;
  }

  /** Adds an entry; undefined if its name or value is not known. `size` is its size as far as known. */
  add(field: Field | undefined, size: number): void {
    if (size > this.#max) {
      this.#clear();
      this.whole = true;
      return;
    }
    const counted = Math.min(size, this.#limit);
    this.#evict(this.#max - size);
    if (this.#size > this.#limit - counted) {
      this.#evict(this.#limit - counted);
      this.whole = false;
    }
    if (this.length === this.#fields.length) this.#grow();
    this.#newest = (this.#newest - 1) & (this.#fields.length - 1);
    this.#fields[this.#newest] = field;
    this.#sizes[this.#newest] = counted;
    this.#size += counted;
    this.length++;
    this.#settle();
  }

  /** The sender sets the maximum size. */
  resize(max: number): void {
    this.#max = max;
    this.#evict(max);
    this.#settle();
  }

  /** The sender's maximum is no larger than `max`. Of use if it is unknown; else the sender itself tells of changes. */
  bound(max: number): void {
    if (this.#max === Infinity) this.resize(max);
  }

  /** Where no other entry has room there is none. */
  #settle(): void {
    if (this.#max - this.#size < ENTRY_BYTES) this.whole = true;
  }

  #evict(size: number): void {
    const mask = this.#fields.length - 1;
    while (this.#size > size) {
      const oldest = (this.#newest + --this.length) & mask;
      this.#size -= this.#sizes[oldest]!;
      this.#fields[oldest] = undefined;
    }
  }

  #clear(): void {
    this.#evict(0);
    this.length = 0;
  }

  #grow(): void {
    const old = this.#fields.length;
    const fields: (Field | undefined)[] = new Array(old * 2).fill(undefined), sizes = new Uint32Array(old * 2);
    for (let k = 0; k < old; k++) {
      const from = (this.#newest + k) & (old - 1);
      fields[k] = this.#fields[from];
      sizes[k] = this.#sizes[from]!;
    }
    this.#fields = fields;
    this.#sizes = sizes;
    this.#newest = 0;
  }
}
