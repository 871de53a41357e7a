/**
 * All rows of a store, a kind at a time.
 *
 * @module
 */
import type { Store } from "../../pipeline/store/store.ts";
import type { AnyKind, AnyRows } from "../_query/columns.ts";

/** Rows of a kind, oldest first; messages with their texts, tools with their definitions. */
export function rowsOf<K extends AnyKind>(store: Store, kind: K, filter: string | undefined): Iterable<AnyRows[K]> {
  const rows: { readonly [Kind in AnyKind]: () => Iterable<AnyRows[Kind]> } = {
    calls: () => store.reader.each("calls", { filter }),
    messages: () => store.reader.each("messages", { filter }, true),
    findings: () => store.reader.each("findings", { filter }),
    events: () => store.reader.each("events", { filter }),
    http: () => store.reader.each("http", { filter }),
    servers: () => store.servers(),
    tools: () => store.tools(true),
  };
  return rows[kind]();
}
