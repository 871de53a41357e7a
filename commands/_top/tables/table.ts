/**
 * What a list of the screen is made of.
 *
 * @module
 */
import type { Column } from "../columns.ts";

/** An order that rows can be brought into. */
export interface Order<Row> {
  /** Title of the column that it is about. */
  readonly title: string;
  /** What rows are compared by; undefined goes last. */
  readonly by: (row: Row) => number | string | undefined;
  /** Whether the largest comes first unless it is asked for the other way round. */
  readonly largestFirst: boolean;
}

/** Columns and orders of one kind of rows. */
export interface Table<Row> {
  /** Said where there are no rows. */
  readonly empty: string;
  /** For a screen of this width, and some of the rows: a column that none of them has anything for is left out. */
  columns(columns: number, rows: readonly Row[]): readonly Column<Row>[];
  /** The first is the one at the start. */
  readonly orders: readonly Order<Row>[];
}

/** The rows in an order: a new array. Rows that are equal stay as they were. */
export function ordered<Row>(rows: readonly Row[], { by }: Order<Row>, largestFirst: boolean): Row[] {
  const sign = largestFirst ? -1 : 1;
  return rows.map((row) => ({ row, value: by(row) })).sort((a, b) => {
    if (a.value === b.value) return 0;
    if (a.value === undefined) return 1;
    if (b.value === undefined) return -1;
    return a.value < b.value ? -sign : sign;
  }).map(({ row }) => row);
}
