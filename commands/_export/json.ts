/**
 * All rows as JSON: one document, or a line each.
 *
 * @module
 */
import type { Store } from "../../pipeline/store/store.ts";
import type { AnyKind } from "../_query/columns.ts";
import type { Out } from "./out.ts";
import { rowsOf } from "./rows.ts";

/** What is told of the file, at its beginning. */
export interface About {
  readonly file: string;
  readonly version: string;
  readonly filter: string | undefined;
}

/** `{"mcpsonde": …, "servers": […], "calls": […], …}`, a row a line. */
export function writeJson(
  store: Store,
  kinds: readonly AnyKind[],
  { file, version, filter }: About,
  out: Out,
  each: () => void,
): void {
  out.write(`{\n"mcpsonde": ${JSON.stringify({ version, file, filter, exported: new Date().toISOString() })}`);
  for (const kind of kinds) {
    out.write(`,\n${JSON.stringify(kind)}: [`);
    let isFirst = true;
    for (const row of rowsOf(store, kind, filter)) {
      out.write(`${isFirst ? "" : ","}\n${JSON.stringify(row)}`);
      isFirst = false;
      each();
    }
    out.write(isFirst ? "]" : "\n]");
  }
  out.write("\n}\n");
}

/** A row a line; `row` says what it is: `call`, `message`. */
export function writeJsonl(
  store: Store,
  kinds: readonly AnyKind[],
  filter: string | undefined,
  out: Out,
  each: () => void,
): void {
  for (const kind of kinds) {
    const name = kind === "http" ? kind : kind.slice(0, -1);
    for (const row of rowsOf(store, kind, filter)) {
      out.write(`${JSON.stringify({ row: name, ...row })}\n`);
      each();
    }
  }
}
