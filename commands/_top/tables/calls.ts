/**
 * The list of calls.
 *
 * @module
 */
import type { CallRow } from "../../../pipeline/store/rows.ts";
import {
  bytesCell,
  callCell,
  clockCell,
  clockWidth,
  countCell,
  findingsCell,
  nameCell,
  statusCell,
  tookCell,
} from "../cells.ts";
import { shortenMiddle } from "../../../sinks/console/width.ts";
import type { Column } from "../columns.ts";
import type { Table } from "./table.ts";

const STATUS = "✗ tool error".length;

const TOKENS: Column<CallRow> = {
  title: "TOKENS",
  width: 7,
  align: "right",
  rank: 8,
  cell: ({ tokens_out }) => countCell(tokens_out),
};

/** One line a call. */
export const CALLS: Table<CallRow> = {
  empty: "no calls",
  columns: (columns, rows) => [
    {
      title: "TIME",
      width: clockWidth(columns),
      rank: 3,
      cell: ({ time }, width) => clockCell(time, width),
    },
    {
      title: "CLIENT",
      width: 10,
      grow: 2,
      most: 18,
      rank: 7,
      cell: ({ client_name }, width) => nameCell(client_name && shortenMiddle(client_name, width), client_name),
    },
    {
      title: "SERVER",
      width: 10,
      grow: 2,
      most: 22,
      rank: 4,
      cell: ({ server_name, server }, width) => nameCell(shortenMiddle(server_name, width), server),
    },
    { title: "CALL", width: columns < 72 ? 14 : 24, grow: 6, rank: 0, cell: callCell },
    { title: "!", width: 2, rank: 2, cell: findingsCell },
    { title: columns < 72 ? "" : "STATUS", width: columns < 72 ? 1 : STATUS, rank: 0, cell: statusCell },
    { title: "TOOK", width: 8, align: "right", rank: 1, cell: (row, _, now) => tookCell(row, now) },
    { title: "IN", width: 9, align: "right", rank: 6, cell: ({ bytes_in }) => bytesCell(bytes_in) },
    { title: "OUT", width: 9, align: "right", rank: 5, cell: ({ bytes_out }) => bytesCell(bytes_out) },
    ...(rows.some(({ tokens_out }) => tokens_out !== undefined) ? [TOKENS] : []),
  ],
  orders: [
    { title: "TIME", by: ({ id }) => id, largestFirst: false },
    { title: "TOOK", by: ({ duration_ms }) => duration_ms, largestFirst: true },
    { title: "OUT", by: ({ bytes_out }) => bytes_out, largestFirst: true },
    { title: "TOKENS", by: ({ tokens_out }) => tokens_out, largestFirst: true },
    { title: "!", by: ({ findings }) => findings, largestFirst: true },
    { title: "STATUS", by: ({ outcome }) => outcome ?? "open", largestFirst: true },
    { title: "SERVER", by: ({ server_name }) => server_name, largestFirst: false },
    { title: "CALL", by: ({ name, method }) => name ?? method, largestFirst: false },
  ],
};
