/**
 * Rows of one kind as comma-separated values.
 *
 * @module
 */
import type { Store } from "../../pipeline/store/store.ts";
import type { AnyKind } from "../_query/columns.ts";
import { csvLine, flat } from "../_query/csv.ts";
import { CSV_COLUMNS } from "../_query/csv_columns.ts";
import type { Out } from "./out.ts";
import { rowsOf } from "./rows.ts";

/** A head, then a line for each row. */
export function writeCsv(
  store: Store,
  kind: AnyKind,
  filter: string | undefined,
  out: Out,
  each: () => void,
): void {
  const columns = CSV_COLUMNS[kind];
  out.write(csvLine(columns));
  for (const row of rowsOf(store, kind, filter)) {
    const values = flat(row);
    out.write(csvLine(columns.map((name) => values.get(name))));
    each();
  }
}
