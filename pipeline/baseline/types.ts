/**
 * What a baseline holds: the definitions of servers that someone has accepted, and those that were seen since.
 *
 * @module
 */
import type { Definition } from "../context.ts";
import type { Json } from "../event.ts";

/**
 * The lists that are kept: tools, prompts, and the server's instructions as a list of one. Resources change too often to
 * be held against anything.
 */
export const BASELINE_LISTS = ["tools", "prompts", "instructions"] as const;
/** A list that is kept. */
export type BaselineList = typeof BASELINE_LISTS[number];

/** An entry of a list, as far as it is kept: a definition will do. */
export interface BaselineEntry {
  /** SHA-256 of its canonical form (RFC 8785), in hex. */
  readonly hash: string;
  /** The entry itself; undefined if it is too large to be kept. */
  readonly value: Definition["value"] | undefined;
}

/** A list, by name. */
export type Entries = ReadonlyMap<string, BaselineEntry>;
/** The lists of a server that were seen; those that were not are absent. */
export type ServerLists = { readonly [list in BaselineList]?: Entries };

/** What is known of a server. */
export interface BaselineServer {
  /** What a person would call it. */
  readonly name: string;
  /** How it is reached. */
  readonly transport: string;
  /** Of HTTP: authority and path. */
  readonly address: string | undefined;
  /** Where it comes from. */
  readonly package: string | undefined;
  /** Milliseconds since the epoch: when its lists were accepted last, by being the first or by a person. */
  readonly acceptedAt: number;
  /** What is held against the server. */
  readonly accepted: ServerLists;
  /** The lists as they were last seen, of those that are not as accepted. */
  readonly seen: ServerLists;
  /** When these were seen, milliseconds since the epoch; 0 if there are none. */
  readonly seenAt: number;
}

/** JSON with members. */
export type Members = { readonly [member: string]: Json };
