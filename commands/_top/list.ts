/**
 * A list with a cursor, of which only what fits on the screen is drawn.
 *
 * @module
 */

/** What is shown of a list. */
export interface Window<Row> {
  readonly rows: readonly Row[];
  /** Index of the first in the whole list. */
  readonly from: number;
}

/** Rows in the order of the screen, one of them chosen. The choice is kept by key while rows come and go. */
export class List<Row> {
  #rows: readonly Row[] = [];
  #index = 0;
  #top = 0;
  #height = 1;
  #follow: boolean;
  readonly #keyOf: (row: Row) => unknown;

  /** An empty list. `follow`: the last row is chosen until another one is. */
  constructor(keyOf: (row: Row) => unknown, follow: boolean) {
    this.#keyOf = keyOf;
    this.#follow = follow;
  }

  /** All rows. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Which one is chosen: 0 for the first. */
  get index(): number {
    return this.#index;
  }

  /** The chosen one; undefined if there is none. */
  get chosen(): Row | undefined {
    return this.#rows[this.#index];
  }

  /** Whether the last row stays chosen as rows come. */
  get follows(): boolean {
    return this.#follow;
  }

  /** Takes other rows; what was chosen stays chosen, if it is still there, and stays where it is on the screen. */
  set(rows: readonly Row[]): void {
    const { chosen } = this;
    const before = this.#index;
    this.#rows = rows;
    if (this.#follow) this.#index = rows.length - 1;
    else if (chosen !== undefined) {
      const found = this.#find(this.#keyOf(chosen), before);
      this.#top += (found ?? before) - before;
      this.#index = found ?? before;
    }
    this.#clamp();
  }

  /** Moves the cursor by some rows. Whoever looks at what was does not want to be taken to what is new. */
  move(by: number): void {
    this.go(this.#index + by);
  }

  /** Moves the cursor by pages. */
  page(by: number): void {
    this.go(this.#index + Math.trunc(by * Math.max(1, this.#height - 1)));
  }

  /** Chooses a row by its index. */
  go(index: number): void {
    this.#index = index;
    this.#clamp();
    if (this.#index < this.#rows.length - 1) this.#follow = false;
  }

  /** Chooses a row by its key, if it is there. */
  goTo(key: unknown): boolean {
    const found = this.#find(key, this.#index);
    if (found !== undefined) this.go(found);
    return found !== undefined;
  }

  /** Follows, or no longer. */
  follow(follow: boolean): void {
    this.#follow = follow;
    if (follow) this.go(this.#rows.length - 1);
  }

  /** What fits into `height` lines. */
  window(height: number): Window<Row> {
    this.#height = Math.max(1, height);
    this.#clamp();
    return { rows: this.#rows.slice(this.#top, this.#top + this.#height), from: this.#top };
  }

  #clamp(): void {
    const last = this.#rows.length - 1;
    this.#index = Math.max(0, Math.min(this.#index, last));
    const lowest = Math.max(0, this.#rows.length - this.#height);
    this.#top = Math.max(0, Math.min(this.#top, lowest, this.#index));
    if (this.#index >= this.#top + this.#height) this.#top = this.#index - this.#height + 1;
  }

  /** The row of this key, looked for from near to far. */
  #find(key: unknown, near: number): number | undefined {
    for (let away = 0; away <= this.#rows.length; away++) {
      for (const i of away === 0 ? [near] : [near - away, near + away]) {
        const row = this.#rows[i];
        if (row !== undefined && this.#keyOf(row) === key) return i;
      }
    }
    return undefined;
  }
}
