/**
 * The list of findings.
 *
 * @module
 */
import { SEVERITIES } from "../../../pipeline/event.ts";
import type { FindingRow } from "../../../pipeline/store/rows.ts";
import { shortenMiddle } from "../../../sinks/console/width.ts";
import { clockCell, clockWidth, nameCell, severityLook } from "../cells.ts";
import { piece } from "../line.ts";
import type { Table } from "./table.ts";

/** One line a finding. */
export const FINDINGS: Table<FindingRow> = {
  empty: "no findings",
  columns: (columns) => [
    { title: "TIME", width: clockWidth(columns), rank: 2, cell: ({ time }, width) => clockCell(time, width) },
    { title: "SEVERITY", width: 8, rank: 0, cell: ({ severity }) => [piece(severityLook(severity), severity)] },
    {
      title: "SERVER",
      width: 10,
      grow: 2,
      most: 22,
      rank: 3,
      cell: ({ server_name, server }, width) => nameCell(server_name && shortenMiddle(server_name, width), server),
    },
    {
      title: "RULE",
      width: 18,
      grow: 2,
      most: 34,
      rank: 4,
      cell: ({ rule }, width) => [piece("dim", shortenMiddle(rule, width))],
    },
    { title: "FINDING", width: 20, grow: 6, rank: 0, cell: ({ message }) => [piece("plain", message)] },
  ],
  orders: [
    { title: "TIME", by: ({ id }) => id, largestFirst: false },
    { title: "SEVERITY", by: ({ severity }) => SEVERITIES.indexOf(severity), largestFirst: true },
    { title: "RULE", by: ({ rule }) => rule, largestFirst: false },
    { title: "SERVER", by: ({ server_name }) => server_name, largestFirst: false },
  ],
};
