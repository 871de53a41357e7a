/**
 * The lists of a server that a baseline keeps.
 *
 * @module
 */
import type { McpServer } from "../context.ts";
import { canonical, sha256 } from "../../protocols/canonical_json/mod.ts";
import type { Entries, ServerLists } from "./types.ts";

/** The one entry's name, and its member. */
const NAME = "instructions";

/** A server's instructions as a list of one entry. */
export function instructionsOf({ instructions }: McpServer): Entries | undefined {
  if (instructions === undefined) return undefined;
  const value = { [NAME]: instructions };
  return new Map([[NAME, { hash: sha256(canonical(value)), value }]]);
}

/** The lists that were seen of a server: an empty one is as good as none. */
export function listsOf(server: McpServer): ServerLists {
  const { tools, prompts } = server;
  const instructions = instructionsOf(server);
  return {
    ...(tools.size > 0 ? { tools } : {}),
    ...(prompts.size > 0 ? { prompts } : {}),
    ...(instructions === undefined ? {} : { instructions }),
  };
}
