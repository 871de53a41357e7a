/**
 * Reads the answers to requests for lists.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { McpEvent } from "../../../pipeline/event.ts";
import { asObject, textMember } from "../../../protocols/mcp/mod.ts";
import { LiveDefinition } from "./definition.ts";
import type { InventoryCounts, InventoryLimits } from "./limits.ts";
import type { ListKind } from "./lists.ts";
import type { LiveServer } from "./live_server.ts";
import type { Pages } from "./pages.ts";

/** Takes the list, or the page of it, that a server's answer has. True if the list is at its end. */
export function readList(
  event: McpEvent,
  session: number,
  server: LiveServer,
  kind: ListKind,
  limits: InventoryLimits,
  counts: InventoryCounts,
): boolean {
  const pages = server.open.before(event, session);
  const isFirst = pages.whole && pages.entries.size === 0;
  const isReadable = event.to("result") - event.from("result") <= limits.pageBytes;
  const digest = isReadable && isFirst ? digestOf(event) : undefined;
  if (digest !== undefined && server.latest.get(kind.list) === digest) {
    server.again(kind.list, event.time);
    return true;
  }
  const cursor = isReadable ? readPage(event, kind, pages, limits, counts) : passOver(pages, counts);
  if (cursor !== undefined) {
    server.open.await(event, session, pages, cursor);
    return false;
  }
  server.replace(kind.list, pages, event.time);
  if (digest !== undefined && pages.whole) server.latest.set(kind.list, digest);
  else server.latest.delete(kind.list);
  return true;
}

/** Adds a page's entries; gives the next one's cursor. */
function readPage(
  event: McpEvent,
  { list, kind, naming }: ListKind,
  pages: Pages,
  limits: InventoryLimits,
  counts: InventoryCounts,
): string | undefined {
  const result = asObject(event.result);
  const listed = result?.[list];
  if (!Array.isArray(listed)) return passOver(pages, counts);
  for (const entry of listed) {
    const value = asObject(entry);
    const name = textMember(value, naming);
    const isRoom = pages.entries.size < limits.entries && pages.size < limits.listSize;
    const isNamed = name !== undefined && name.length <= limits.name;
    const made = value && isNamed && isRoom ? new LiveDefinition(kind, name, value, event.time) : undefined;
    if (made === undefined || made.size > limits.entrySize) {
      counts.entries++;
      pages.lacking ||= isNamed;
    } else {
      pages.size += made.size - (pages.entries.get(made.name)?.size ?? 0);
      pages.entries.set(made.name, made);
    }
  }
  return textMember(result, "nextCursor");
}

function passOver(pages: Pages, counts: InventoryCounts): undefined {
  counts.lists++;
  pages.whole = false;
}

function digestOf(event: McpEvent): string {
  const { buffer, byteOffset } = event.buffer;
  const from = event.from("result");
  const bytes = Buffer.from(buffer, byteOffset + from, event.to("result") - from);
  return createHash("sha256").update(bytes).digest("base64");
}
