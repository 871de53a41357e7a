/**
 * Notices what changed in servers' lists of tools, resources and prompts.
 *
 * @module
 */
import type { Definition, McpServer } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import type { DefinitionChange } from "./detector.ts";

type Lists = Pick<McpServer, "tools" | "resources" | "resourceTemplates" | "prompts">;

/** Which list the answer to a method has. */
const LISTS: ReadonlyMap<string, keyof Lists> = new Map([
  ["tools/list", "tools"],
  ["resources/list", "resources"],
  ["resources/templates/list", "resourceTemplates"],
  ["prompts/list", "prompts"],
]);

/** The lists of a server as they were last looked at; undefined before the first. */
type Known = { -readonly [list in keyof Lists]?: ReadonlyMap<string, Definition> };

/** Remembers the definitions of each server, for as long as someone else remembers the server. */
export class DefinitionWatch {
  readonly #known = new WeakMap<McpServer, Known>();

  /** What changed by this message; nothing unless it ends a list. */
  changes(event: McpEvent): readonly DefinitionChange[] {
    if (event.type !== "response" || event.isError) return NONE;
    const method = event.request?.method;
    if (method === undefined || method === "tools/call" || event.context === undefined) return NONE; // as a rule
    const list = LISTS.get(method);
    if (list === undefined) return NONE;
    const { server } = event.context.session;
    // the server's own list may be that of a later message of the same batch
    const after = event.context.list ?? (hasMore(event) ? undefined : server[list]);
    if (after === undefined) return NONE;
    let known = this.#known.get(server);
    if (known === undefined) this.#known.set(server, known = {});
    const before = known[list];
    const changes = compare(server, before, after, event);
    if (before === undefined || changes.length > 0) known[list] = new Map(after);
    return changes;
  }
}

const NONE: readonly DefinitionChange[] = [];

/** True of a page that is not the last: MCP schema, `PaginatedResult.nextCursor`. */
function hasMore({ result }: McpEvent): boolean {
  return typeof result === "object" && result !== null && !Array.isArray(result) &&
    typeof result["nextCursor"] === "string";
}

function compare(
  server: McpServer,
  before: ReadonlyMap<string, Definition> | undefined,
  after: ReadonlyMap<string, Definition>,
  event: McpEvent,
): DefinitionChange[] {
  const first = before === undefined;
  const changes: DefinitionChange[] = [];
  for (const [name, definition] of after) {
    const old = before?.get(name);
    if (old !== definition && old?.hash !== definition.hash) {
      changes.push({ server, before: old, after: definition, first, event });
    }
  }
  for (const [name, definition] of before ?? []) {
    if (!after.has(name)) changes.push({ server, before: definition, after: undefined, first, event });
  }
  return changes;
}
