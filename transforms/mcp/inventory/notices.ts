/**
 * The gap that tells what the inventory does not have.
 *
 * @module
 */
import type { GapEvent } from "../../../pipeline/event.ts";
import type { InventoryCounts } from "./limits.ts";

/** What was passed over so far. */
export function inventoryGap(time: number, source: string, counts: InventoryCounts, files: number): GapEvent {
  const { lists, entries, forgotten } = counts;
  const parts = [
    [lists, "Lists that cannot be read or are too large"],
    [entries, "Entries of lists that are too large, too many or without a name"],
    [forgotten, "Servers, or their lists, forgotten for lack of room"],
    [files, "Executables that were not looked at, as too many waited"],
  ] as const;
  const what = parts.filter(([count]) => count > 0).map(([count, text]) => `${text}: ${count}`).join("; ");
  return { kind: "gap", time, source, reason: "inventory", message: `The inventory of servers is not whole. ${what}` };
}
