/**
 * How findings name things, so that all read alike.
 *
 * @module
 */
import type { LogicalCall, McpServer } from "../../pipeline/context.ts";

/** Longest name shown, in characters: names come from peers. */
const NAME = 80;

/** A name as it may stand in a sentence: quoted, one line, not endless. */
export function quoted(name: string): string {
  const text = name.length > NAME ? `${name.slice(0, NAME)}…` : name;
  return JSON.stringify(text);
}

/** `tools/call "search"`, or `ping` where there is no name. */
export function callName({ method, name }: LogicalCall): string {
  return name === undefined ? method : `${method} ${quoted(name)}`;
}

/** `server "github"`. */
export function serverName({ name }: McpServer): string {
  return `server ${quoted(name)}`;
}
