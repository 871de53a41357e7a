/**
 * A list as it is shown: rows in an order, a cursor, a table to draw them by.
 *
 * @module
 */
import { headLine, place, rowLine } from "./columns.ts";
import type { Line } from "./line.ts";
import { List } from "./list.ts";
import { type Order, ordered, type Table } from "./tables/table.ts";

/** One of the lists. */
export class ListView<Row> {
  readonly table: Table<Row>;
  readonly list: List<Row>;
  readonly #rows: () => readonly Row[];
  #order = 0;
  #isReversed = false;
  #isStale = true;

  /** Shows what `rows` gives, which is in the first of the table's orders. */
  constructor(table: Table<Row>, rows: () => readonly Row[], keyOf: (row: Row) => unknown, follow: boolean) {
    this.table = table;
    this.#rows = rows;
    this.list = new List(keyOf, follow);
  }

  /** What it is sorted by. */
  get order(): Order<Row> {
    return this.table.orders[this.#order]!;
  }

  /** Whether new rows come at the end. */
  get isInTime(): boolean {
    return this.#order === 0 && !this.#isReversed;
  }

  /** The rows have changed. */
  stale(): void {
    this.#isStale = true;
  }

  /** Takes the rows as they are now, if they have changed. */
  update(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const rows = this.#rows();
    this.list.set(this.isInTime ? rows : ordered(rows, this.order, this.#largestFirst));
  }

  /** Sorts by the next column. */
  nextOrder(): void {
    this.#order = (this.#order + 1) % this.table.orders.length;
    this.#isReversed = false;
    this.#reordered();
  }

  /** Sorts the other way round. */
  reverse(): void {
    this.#isReversed = !this.#isReversed;
    this.#reordered();
  }

  /** The table in so many lines and columns, the titles first. */
  lines(columns: number, height: number, now: number): Line[] {
    this.update();
    const { rows, from } = this.list.window(height - 1);
    const placed = place(this.table.columns(columns, rows), columns);
    const arrow = this.#largestFirst ? "↓" : "↑";
    const sorted = this.isInTime ? undefined : arrow + this.order.title;
    return [
      headLine(placed, columns, sorted),
      ...rows.map((row, i) => rowLine(placed, row, columns, now, from + i === this.list.index)),
    ];
  }

  get #largestFirst(): boolean {
    return this.order.largestFirst !== this.#isReversed;
  }

  #reordered(): void {
    this.list.follow(false);
    this.#isStale = true;
    this.update();
    this.list.go(0);
  }
}
