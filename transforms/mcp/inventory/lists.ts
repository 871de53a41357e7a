/**
 * The four lists of a server, as methods and members.
 *
 * @module
 */
import type { Definition, McpServer } from "../../../pipeline/context.ts";

/** The lists of a server. */
export type Lists = Pick<McpServer, "tools" | "resources" | "resourceTemplates" | "prompts">;

/** How a list travels: MCP schema, `ListToolsResult` and its like. */
export interface ListKind {
  /** Its name, here and in the result. */
  readonly list: keyof Lists;
  /** What its entries are. */
  readonly kind: Definition["kind"];
  /** The member that names an entry. */
  readonly naming: string;
}

/** By the method that asks for it. */
export const LIST_KINDS: ReadonlyMap<string, ListKind> = new Map([
  ["tools/list", { list: "tools", kind: "tool", naming: "name" }],
  ["resources/list", { list: "resources", kind: "resource", naming: "uri" }],
  ["resources/templates/list", { list: "resourceTemplates", kind: "resource_template", naming: "uriTemplate" }],
  ["prompts/list", { list: "prompts", kind: "prompt", naming: "name" }],
]);
