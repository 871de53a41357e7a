/**
 * Values that fields of the filter language had in what is shown.
 *
 * @module
 */
import type { CallRow, FindingRow } from "../../pipeline/store/rows.ts";
import type { Data } from "./data.ts";

/** Rows that are looked at, the newest. */
const MOST_ROWS = 2000;

type Read<Row> = (row: Row) => string | undefined;

const OF_CALLS: Readonly<Record<string, Read<CallRow>>> = {
  method: ({ method }) => method,
  tool: ({ method, name }) => method === "tools/call" ? name : undefined,
  name: ({ name }) => name,
  server: ({ server_name }) => server_name,
  client: ({ client_name }) => client_name,
  era: ({ era }) => era,
  session: ({ session }) => String(session),
  comm: ({ client, server_process }) => server_process?.comm ?? client?.comm,
  exe: ({ client, server_process }) => server_process?.exe ?? client?.exe,
  container: ({ client, server_process }) => server_process?.container ?? client?.container,
};

const OF_FINDINGS: Readonly<Record<string, Read<FindingRow>>> = {
  rule: ({ rule }) => rule,
  detector: ({ detector }) => detector,
  category: ({ category }) => category,
  server: ({ server_name }) => server_name,
};

/** Each value once, the most recent first. */
export function seenValues(field: string, { calls, findings }: Pick<Data, "calls" | "findings">): Set<string> {
  const values = new Set<string>();
  collect(values, OF_CALLS[field], calls.rows());
  collect(values, OF_FINDINGS[field], findings.rows());
  return values;
}

function collect<Row>(values: Set<string>, read: Read<Row> | undefined, rows: readonly Row[]): void {
  if (read === undefined) return;
  for (const row of rows.slice(-MOST_ROWS).reverse()) {
    const value = read(row);
    if (value !== undefined && value !== "" && value.length <= 200) values.add(value);
  }
}
