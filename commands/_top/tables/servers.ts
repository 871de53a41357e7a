/**
 * The list of servers.
 *
 * @module
 */
import type { ServerRow } from "../../../pipeline/store/rows.ts";
import { clockCell, clockWidth, countCell, nameCell } from "../cells.ts";
import { piece } from "../line.ts";
import type { Column } from "../columns.ts";
import type { Table } from "./table.ts";

const TOKENS: Column<ServerRow> = {
  title: "TOKENS",
  width: 7,
  align: "right",
  rank: 5,
  cell: ({ tokens }) => countCell(tokens),
};

/** One line a server. */
export const SERVERS: Table<ServerRow> = {
  empty: "no servers",
  columns: (columns, rows) => [
    { title: "SERVER", width: 14, grow: 3, most: 32, rank: 0, cell: ({ name, key }) => nameCell(name, key) },
    { title: "VERSION", width: 8, grow: 1, most: 14, rank: 6, cell: ({ version = "" }) => [piece("dim", version)] },
    { title: "VIA", width: 5, rank: 4, cell: ({ transport }) => [piece("plain", transport)] },
    { title: "WHERE", width: 14, grow: 3, most: 40, rank: 8, cell: (row) => [piece("dim", where(row))] },
    { title: "CALLS", width: 7, align: "right", rank: 1, cell: ({ calls }) => countCell(calls) },
    { title: "ERRORS", width: 6, align: "right", rank: 2, cell: ({ errors }) => countCell(errors, "bad") },
    { title: "FINDINGS", width: 8, align: "right", rank: 3, cell: ({ findings }) => countCell(findings, "warn") },
    { title: "TOOLS", width: 5, align: "right", rank: 1, cell: ({ tools }) => countCell(tools) },
    ...(rows.some(({ tokens }) => tokens !== undefined) ? [TOKENS] : []),
    {
      title: "LAST",
      width: clockWidth(columns),
      rank: 7,
      cell: ({ last_seen }, width) => clockCell(last_seen, width),
    },
  ],
  orders: [
    { title: "SERVER", by: ({ name }) => name, largestFirst: false },
    { title: "CALLS", by: ({ calls }) => calls, largestFirst: true },
    { title: "ERRORS", by: ({ errors }) => errors, largestFirst: true },
    { title: "FINDINGS", by: ({ findings }) => findings, largestFirst: true },
    { title: "TOKENS", by: ({ tokens }) => tokens, largestFirst: true },
    { title: "LAST", by: ({ last_seen }) => last_seen, largestFirst: true },
  ],
};

/** Its address, or the process that it is. */
function where({ address, process, package: from }: ServerRow): string {
  return address ?? from ?? (process === undefined ? "" : `${process.name} [${process.pid}]`);
}
