/**
 * Rules as the transform works with them.
 *
 * @module
 */
import type { SensitiveKind } from "../../protocols/sensitive/mod.ts";
import type { Glob } from "./glob.ts";
import type { JsonPath } from "./json_path.ts";
import type { DottedPath } from "./path.ts";
import type { Pattern } from "./pattern.ts";

/** What becomes of a value. */
export const ACTIONS = ["mask", "hash", "remove", "truncate", "drop_event", "keep"] as const;
/** What becomes of a value. */
export type Action = typeof ACTIONS[number];

/** What is done to what was found, and how often it was. Shared by all that do the same for the same reason. */
export interface Deed {
  /** Who wants it: `rules[2]`, the rule's name, or `builtin`. */
  readonly rule: string;
  /** What it is, for the token: `github_token`. */
  readonly kind: string;
  readonly action: Action;
  /** Of `truncate`: characters that are kept. */
  readonly length: number;
  /** Place of the rule: the lowest wins. Infinity: built in. */
  readonly order: number;
  /** How often it was done. */
  count: number;
}

/** Which way a message goes, or what it is. */
export const DIRECTIONS = ["request", "response", "notification", "to_server", "to_client"] as const;
/** Which way a message goes, or what it is. */
export type Direction = typeof DIRECTIONS[number];

/** Messages that a rule is for: all that are given must hold. */
export interface Conditions {
  readonly tool: readonly Glob[] | undefined;
  readonly server: readonly Glob[] | undefined;
  readonly method: readonly Glob[] | undefined;
  readonly direction: readonly Direction[] | undefined;
}

/** Where a rule looks: all that are given must hold, each for the value or something around it. */
export interface Where {
  readonly path: DottedPath | undefined;
  readonly jsonPath: JsonPath | undefined;
  readonly keys: readonly Glob[] | undefined;
}

/** A compiled rule. */
export interface Rule {
  readonly order: number;
  readonly conditions: Conditions | undefined;
  /** Undefined: everywhere. */
  readonly where: Where | undefined;
  readonly pattern: Pattern | undefined;
  /** Kinds of values, each with its own deed. */
  readonly kinds: readonly SensitiveKind[] | undefined;
  /** True if bytes cannot tell whether the rule has something to do with a message. */
  readonly isBlind: boolean;
  /** For all but `kinds`. */
  readonly deed: Deed;
  /** By kind. */
  readonly deeds: ReadonlyMap<SensitiveKind, Deed>;
}

/** True for a deed, where an event may stand as well. */
export function isDeed(value: object): value is Deed {
  return "action" in value && "rule" in value && "order" in value;
}
