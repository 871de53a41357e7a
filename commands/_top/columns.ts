/**
 * Tables for a terminal of any width: columns that grow, and columns that go when there is no room.
 *
 * @module
 */
import { fit, type Line, type Piece } from "./line.ts";

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** Columns of the terminal that it takes at least. */
  readonly width: number;
  /** Its share of what is left over; absent: none. */
  readonly grow?: number;
  /** It never grows beyond this. */
  readonly most?: number;
  readonly align?: "right";
  /** What goes first where there is no room: the highest. */
  readonly rank: number;
  /** What stands in it. `width` is what it has; `now` is in epoch milliseconds. */
  cell(row: Row, width: number, now: number): readonly Piece[];
}

/** A column and the width it got. */
export interface Placed<Row> {
  readonly column: Column<Row>;
  readonly width: number;
}

/** Between two columns; one blank on narrow terminals. */
const gap = (columns: number) => columns < 60 ? " " : "  ";

/** Which columns fit into `columns` of the terminal, and how wide they are. */
export function place<Row>(all: readonly Column<Row>[], columns: number): Placed<Row>[] {
  const between = gap(columns).length;
  const needed = (some: readonly Column<Row>[]) =>
    some.reduce((sum, { width }) => sum + width, 0) + between * (some.length - 1) + 1;
  let shown = [...all];
  while (shown.length > 1 && needed(shown) > columns) {
    const last = Math.max(...shown.map(({ rank }) => rank));
    shown = shown.filter(({ rank }) => rank !== last);
  }
  const widths = shown.map(({ width }) => width);
  let spare = columns - needed(shown);
  for (let growing = shown.map(() => true); spare > 0 && growing.some(Boolean);) {
    const shares = shown.reduce((sum, { grow = 0 }, i) => sum + (growing[i] ? grow : 0), 0);
    if (shares === 0) break;
    const round = spare;
    growing = shown.map(({ grow = 0, most = Infinity }, i) => {
      if (!growing[i] || grow === 0 || spare === 0) return false;
      const more = Math.min(Math.max(1, Math.floor(round * grow / shares)), most - widths[i]!, spare);
      widths[i]! += more;
      spare -= more;
      return widths[i]! < most && more > 0;
    });
  }
  return shown.map((column, i) => ({ column, width: widths[i]! }));
}

/** The titles. The one that is sorted by has an arrow. */
export function headLine<Row>(placed: readonly Placed<Row>[], columns: number, sorted?: string): Line {
  const blank: Piece = ["plain", gap(columns)];
  const pieces: Piece[] = [["plain", " "]];
  for (const [i, { column, width }] of placed.entries()) {
    if (i > 0) pieces.push(blank);
    const title = sorted?.slice(1) === column.title ? `${column.title}${sorted[0]}` : column.title;
    pieces.push(...fit([["heading", title]], width, column.align));
  }
  return { pieces };
}

/** A row. */
export function rowLine<Row>(
  placed: readonly Placed<Row>[],
  row: Row,
  columns: number,
  now: number,
  chosen: boolean,
): Line {
  const blank: Piece = ["plain", gap(columns)];
  const pieces: Piece[] = [["mark", chosen ? "›" : " "]];
  for (const [i, { column, width }] of placed.entries()) {
    if (i > 0) pieces.push(blank);
    pieces.push(...fit(column.cell(row, width, now), width, column.align));
  }
  return { pieces, chosen };
}
