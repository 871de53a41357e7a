/**
 * Rows of a feed that are held for the screen: the newest, up to a bound, oldest first.
 *
 * @module
 */

/** What rows have: ids grow in the order in which things were stored. */
export interface Numbered {
  readonly id: number;
}

/** Rows in the order of their ids. */
export class Held<Row extends Numbered> {
  #rows: Row[] = [];
  readonly #most: number;

  /** At most `most` rows; then the oldest go. */
  constructor(most: number) {
    this.#most = most;
  }

  /** All of them, oldest first. A copy: it does not change. */
  rows(): Row[] {
    return this.#rows.slice();
  }

  get size(): number {
    return this.#rows.length;
  }

  get isFull(): boolean {
    return this.#rows.length >= this.#most;
  }

  get first(): Row | undefined {
    return this.#rows[0];
  }

  get last(): Row | undefined {
    return this.#rows.at(-1);
  }

  /** Forgets all. */
  clear(): void {
    this.#rows = [];
  }

  /** Takes new rows and newer states of rows. One that is older than all that is held is not taken, unless it fits. */
  put(rows: readonly Row[]): void {
    for (const row of rows) {
      const at = this.#place(row.id);
      if (this.#rows[at]?.id === row.id) this.#rows[at] = row;
      else if (at === this.#rows.length) this.#rows.push(row);
      else if (at > 0 || this.#rows.length < this.#most) this.#rows.splice(at, 0, row);
    }
    this.#trim();
  }

  /** Takes newer states of rows that are there. */
  update(rows: readonly Row[]): void {
    for (const row of rows) {
      const at = this.#place(row.id);
      if (this.#rows[at]?.id === row.id) this.#rows[at] = row;
    }
  }

  /** Takes a page of older rows, newest first. */
  putOlder(rows: readonly Row[]): void {
    const oldest = this.first?.id ?? Infinity;
    const older = rows.filter(({ id }) => id < oldest).toReversed();
    this.#rows = [...older.slice(Math.max(0, older.length - (this.#most - this.#rows.length))), ...this.#rows];
  }

  /** Puts rows, newest first, in the place of all that have an id of at least `from`. */
  replace(from: number, rows: readonly Row[]): void {
    this.#rows.length = this.#place(from);
    this.put(rows.toReversed());
  }

  /** Where a row of this id is, or would be. */
  #place(id: number): number {
    let low = 0, high = this.#rows.length;
    if (high > 0 && this.#rows[high - 1]!.id < id) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle]!.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #trim(): void {
    if (this.#rows.length > this.#most) this.#rows.splice(0, this.#rows.length - this.#most);
  }
}
