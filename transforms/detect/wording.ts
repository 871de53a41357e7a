/**
 * How findings name things, so that all read alike.
 *
 * @module
 */
import type { LogicalCall, McpServer } from "../../pipeline/context.ts";
import { shortened } from "../../pipeline/shortened.ts";

/** Longest name shown, in characters: names come from peers. */
const NAME = 80;

/** A name as it may stand in a sentence: quoted, one line, not endless. */
export function quoted(name: string): string {
  return JSON.stringify(shortened(name, NAME));
}

/** `tools/call "search"`, or `ping` where there is no name. */
export function callName({ method, name }: LogicalCall): string {
  return name === undefined ? method : `${method} ${quoted(name)}`;
}

/** `server "github"`. */
export function serverName({ name }: McpServer): string {
  return `server ${quoted(name)}`;
}

/** `340 ms`, `1.3 s`, `2 min`. */
export function milliseconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** `830 bytes`, `12 kB`, `3.4 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} bytes`;
  if (count < 1_000_000) return `${Math.round(count / 1000)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}
