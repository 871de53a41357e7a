/**
 * A long list of rows, newest first, of which only some pages are in memory: those that are looked at, and as many others
 * as {@linkcode MOST_PAGES} says.
 *
 * @module
 */
import type { Page } from "../../../../pipeline/feed/feed.ts";

/** Rows of one request. */
export const PAGE_ROWS = 100;
/** Pages that are kept. */
export const MOST_PAGES = 30;
/** More rows than this cannot be scrolled to: a browser's elements have a greatest height (Firefox: 17.8 million px). */
export const MOST_ROWS = 400_000;

/** Rows with an id. */
export interface HasId {
  readonly id: number;
}

/** What is asked for. */
export type FetchPage<Row> = (before: number | undefined, limit: number) => Promise<Page<Row>>;

/** The list. Nothing in it changes by itself but that rows are fetched, which `onChange` tells. */
export class Pages<Row extends HasId> {
  /** Rows that there are, as far as is known; grows or shrinks as pages come. */
  length: number;
  /** Whether there may be more than `length`. */
  more: boolean;
  /** What went wrong last. */
  error: unknown;
  readonly #fetch: FetchPage<Row>;
  readonly #onChange: () => void;
  readonly #top: number | undefined;
  readonly #pages = new Map<number, Row[]>();
  readonly #asked = new Set<number>();
  /** Pages of which only the first rows are here. */
  readonly #partial = new Set<number>();
  /** Of pages that followed one another: the smallest id of the page before. */
  readonly #before: (number | undefined)[];
  /** Of a dense list: the first page that is known to be empty, and the last that is known not to be. */
  #void = Infinity;
  #solid = -1;
  #closed = false;

  /**
   * Rows with ids up to `top`. `dense`: all rows down to id 1, so that any place in the list can be asked for at once;
   * otherwise one page leads to the next. `seed`: rows that are known already, from the top on, without holes.
   */
  constructor(
    fetch: FetchPage<Row>,
    onChange: () => void,
    { top, dense = false, seed }: {
      readonly top?: number | undefined;
      readonly dense?: boolean;
      readonly seed?: Page<Row>;
    } = {},
  ) {
    this.#fetch = fetch;
    this.#onChange = onChange;
    this.#top = dense ? top : undefined;
    this.#before = [top === undefined ? undefined : top + 1];
    this.length = dense ? Math.min(MOST_ROWS, top ?? 0) : 0;
    this.more = !dense;
    if (seed !== undefined) this.#seed(seed);
  }

  /** The row at this place; undefined if it is not there yet: then it has been asked for. */
  at(index: number): Row | undefined {
    const page = Math.floor(index / PAGE_ROWS);
    if (this.#lacks(page)) this.#ask(page);
    return this.peek(index);
  }

  /** The row at this place if it is in memory. */
  peek(index: number): Row | undefined {
    const page = Math.floor(index / PAGE_ROWS);
    return this.#pages.get(page)?.[index - page * PAGE_ROWS];
  }

  /** Marks that these places are looked at: asks for what is missing, forgets pages that are far from them. */
  look(from: number, to: number): void {
    const first = Math.floor(Math.max(0, from) / PAGE_ROWS), last = Math.floor(Math.max(0, to - 1) / PAGE_ROWS);
    for (let page = first; page <= last; page++) {
      if (this.#lacks(page)) this.#ask(page);
    }
    if (this.more && to >= this.length - PAGE_ROWS / 2) this.#ask(this.#before.length - 1);
    if (this.#pages.size <= MOST_PAGES) return;
    const distance = (page: number) => Math.max(first - page, page - last, 0);
    const far = [...this.#pages.keys()].sort((a, b) => distance(b) - distance(a));
    for (const page of far.slice(0, this.#pages.size - MOST_PAGES)) this.#pages.delete(page);
  }

  /** Puts newer states of rows in their places. Gives whether any was there. */
  update(rows: readonly Row[]): boolean {
    let found = false;
    for (const row of rows) {
      for (const page of this.#pages.values()) {
        const first = page[0], last = page.at(-1);
        if (first === undefined || last === undefined || row.id > first.id || row.id < last.id) continue;
        const index = page.findIndex(({ id }) => id === row.id);
        if (index < 0) continue;
        page[index] = row;
        found = true;
        break;
      }
    }
    return found;
  }

  /** Place of the row with this id among those in memory, or -1. */
  indexOf(id: number): number {
    for (const [page, rows] of this.#pages) {
      const index = rows.findIndex((row) => row.id === id);
      if (index >= 0) return page * PAGE_ROWS + index;
    }
    return -1;
  }

  /** Rows in memory. */
  get held(): number {
    let held = 0;
    for (const rows of this.#pages.values()) held += rows.length;
    return held;
  }

  /** What still comes is thrown away. */
  close(): void {
    this.#closed = true;
  }

  #seed({ rows, more }: Page<Row>): void {
    for (let page = 0; page * PAGE_ROWS < rows.length; page++) {
      const part = rows.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
      const isLast = (page + 1) * PAGE_ROWS >= rows.length;
      this.#keep(page, { rows: part, more: more || !isLast });
      if (part.length < PAGE_ROWS && more) this.#partial.add(page);
    }
  }

  #lacks(page: number): boolean {
    return !this.#pages.has(page) || this.#partial.has(page);
  }

  #ask(page: number): void {
    if (this.#asked.has(page) || this.#closed || page * PAGE_ROWS >= MOST_ROWS) return;
    const before = this.#top === undefined ? this.#before[page] : this.#top + 1 - page * PAGE_ROWS;
    if (page > 0 && before === undefined) return;
    this.#asked.add(page);
    this.#fetch(before, PAGE_ROWS).then((got) => {
      if (this.#closed) return;
      this.error = undefined;
      this.#keep(page, got);
    }, (error) => {
      if (!this.#closed) this.error = error;
    }).finally(() => {
      this.#asked.delete(page);
      if (!this.#closed) this.#onChange();
    });
  }

  #keep(page: number, { rows, more }: Page<Row>): void {
    this.#pages.set(page, [...rows]);
    this.#partial.delete(page);
    const end = page * PAGE_ROWS + rows.length;
    if (this.#top !== undefined) return this.#measure(page, { rows, more }, end);
    if (more && rows.length === PAGE_ROWS) this.#before[page + 1] ??= rows.at(-1)?.id;
    if (end >= this.length) {
      this.length = end;
      this.more = more && end < MOST_ROWS;
    }
  }

  /** Old rows may have been forgotten by the store, nobody knows how many: the end is found by halving. */
  #measure(page: number, { rows, more }: Page<Row>, end: number): void {
    if (rows.length === 0) this.#void = Math.min(this.#void, page);
    else this.#solid = Math.max(this.#solid, page);
    if (rows.length > 0 && !more) {
      this.#void = page + 1;
      this.length = end;
    } else if (this.#void < Infinity && this.#solid + 1 >= this.#void) {
      this.length = Math.min(this.length, this.#void * PAGE_ROWS);
    } else if (this.#void < Infinity) {
      this.length = (Math.floor((this.#solid + this.#void) / 2) + 1) * PAGE_ROWS;
    }
  }
}
