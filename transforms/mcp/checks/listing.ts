/**
 * Entries of the same name in one list.
 *
 * @module
 */
import type { McpEvent } from "../../../pipeline/event.ts";
import { member, textMember } from "../../../protocols/mcp/mod.ts";
import { LIST_KINDS } from "../inventory/lists.ts";
import { LIMITS } from "../inventory/limits.ts";
import type { Report } from "./rules.ts";

/** Tells of names that stand twice in a page of a list: clients differ in which one they take. */
export function checkListing(event: McpEvent, report: Report): void {
  const kind = LIST_KINDS.get(event.request?.method ?? "");
  if (kind === undefined || event.isError || event.to("result") - event.from("result") > LIMITS.pageBytes) return;
  const listed = member(event.result, kind.list);
  if (!Array.isArray(listed)) return;
  const names = new Set<string>();
  for (const entry of listed.slice(0, LIMITS.entries)) {
    const name = textMember(entry, kind.naming);
    if (name === undefined) continue;
    if (names.has(name)) return report("duplicate_name", { evidence: name.slice(0, 200) });
    names.add(name);
  }
}
