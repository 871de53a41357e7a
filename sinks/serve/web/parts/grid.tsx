/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * A long list of which only the visible rows are elements.
 *
 * @module
 */
/// <reference lib="dom" />
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { HasId, Pages } from "../model/pages.ts";
import { STRINGS } from "../strings.ts";
import { useKeys, useSize } from "../use.ts";

/** Rows above and below those that are seen. */
const OVERSCAN = 6;
/** Heights in pixels: of the head, of a row, and of one on two lines. */
const HEAD = 32, ROW = 30, TALL_ROW = 52;
/** Below this width rows have two lines; `style/list.css` has the same. */
const TALL_BELOW = 620;

/** What the list shows. */
export interface GridProps<Row extends HasId> {
  /** For those who do not see it. */
  readonly label: string;
  readonly rows: Pages<Row>;
  /** Names of the columns, each with a class. */
  readonly columns: readonly (readonly [name: string, label: string])[];
  /** The cells of a row. */
  readonly cells: (row: Row) => ComponentChildren;
  /** More classes of a row. */
  readonly rowClass?: (row: Row) => string;
  /** The row that is open. */
  readonly opened: number | undefined;
  /** The list is at its top while this is true. */
  readonly follows: boolean;
  /** It was scrolled away, or a row was chosen. */
  readonly onLeave: () => void;
  readonly onOpen: (row: Row) => void;
  readonly onMove?: (row: Row) => void;
}

/** The list. */
export function Grid<Row extends HasId>(props: GridProps<Row>): JSX.Element {
  const { label, rows, columns, cells, rowClass, opened, follows, onLeave, onOpen, onMove } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const rowHeight = width > 0 && width <= TALL_BELOW ? TALL_ROW : ROW;
  const [top, setTop] = useState(0);
  const [cursor, setCursor] = useState(-1);

  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(rows.length, Math.ceil((top + (height || 800)) / rowHeight) + OVERSCAN);
  useEffect(() => rows.look(first, last), [rows, first, last, rows.length]);

  useEffect(() => {
    if (!follows) return;
    setCursor(-1);
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [follows]);

  /** Brings a row into view and marks it. */
  const moveTo = (index: number): void => {
    if (rows.length === 0) return;
    index = Math.max(0, Math.min(rows.length - 1, index));
    onLeave();
    setCursor(index);
    const element = scroller.current;
    if (element) {
      const from = index * rowHeight, room = element.clientHeight - HEAD;
      if (from < element.scrollTop) element.scrollTop = from;
      else if (from + rowHeight > element.scrollTop + room) element.scrollTop = from + rowHeight - room;
    }
    const row = rows.at(index);
    if (row !== undefined) onMove?.(row);
  };
  const at = cursor >= 0 ? cursor : opened === undefined ? -1 : rows.indexOf(opened);
  const rowsOfPage = Math.max(1, Math.floor(height / rowHeight) - 2);
  const down = () => moveTo(at < 0 ? Math.floor(top / rowHeight) : at + 1);
  const up = () => moveTo(at < 0 ? Math.floor(top / rowHeight) : at - 1);
  const enter = () => {
    const row = at < 0 ? undefined : rows.at(at);
    if (row === undefined) return false;
    onOpen(row);
    return true;
  };
  /** For keys that scroll: only where nothing else is to be scrolled. */
  const here = (act: () => void) => ({ target }: KeyboardEvent) => {
    const isHere = target === document.body || (target instanceof Node && scroller.current?.contains(target) === true);
    if (isHere) act();
    return isHere;
  };
  useKeys({
    j: down,
    k: up,
    ArrowDown: here(down),
    ArrowUp: here(up),
    PageDown: here(() => moveTo((at < 0 ? 0 : at) + rowsOfPage)),
    PageUp: here(() => moveTo((at < 0 ? 0 : at) - rowsOfPage)),
    Home: here(() => moveTo(0)),
    End: here(() => moveTo(rows.length - 1)),
    Enter: enter,
  });

  const shown: JSX.Element[] = [];
  const slots = last - first + 1;
  let active: string | undefined;
  for (let index = first; index < last; index++) {
    const row = rows.peek(index);
    const id = `row-${index % slots}`;
    const isAt = index === at;
    if (isAt && row !== undefined) active = id;
    shown.push(
      <div
        key={id}
        id={id}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={isAt}
        class={`row ${row === undefined ? "is-coming" : rowClass?.(row) ?? ""} ${isAt ? "is-at" : ""} ${
          row !== undefined && row.id === opened ? "is-open" : ""
        }`}
        style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
        onClick={() => {
          if (row === undefined) return;
          onLeave();
          setCursor(index);
          onOpen(row);
        }}
      >
        {row === undefined ? <span role="gridcell" class="coming" aria-label={STRINGS.loading}></span> : cells(row)}
      </div>,
    );
  }

  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.more ? -1 : rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={active}
      onScroll={({ currentTarget }) => {
        setTop(currentTarget.scrollTop);
        if (currentTarget.scrollTop > rowHeight / 2) onLeave();
      }}
    >
      <div role="rowgroup" class="grid-head">
        <div role="row" aria-rowindex={1} class="row head">
          {columns.map(([name, label]) => <span key={name} role="columnheader" class={`cell ${name}`}>{label}</span>)}
        </div>
      </div>
      <div
        role="rowgroup"
        class="grid-body"
        style={{ height: `${rows.length * rowHeight + (rows.more && rows.length > 0 ? rowHeight : 0)}px` }}
      >
        {shown}
      </div>
    </div>
  );
}
