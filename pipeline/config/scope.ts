/**
 * What the checks of one pipeline share.
 *
 * @module
 */
import type { Node } from "jsonc-parser";
import { resolve } from "node:path";
import type { Registry } from "../registry.ts";
import type { Document } from "./document.ts";
import type { Problem } from "./problem.ts";

/** The surroundings of a check, and the problems found so far. */
export interface Scope {
  readonly document: Document;
  readonly registry: Registry;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Absolute. */
  readonly directory: string;
  /** True for a pipeline from a program: `${…}` and `~` have no meaning in it. */
  readonly literal: boolean;
  readonly problems: Problem[];
}

/** Notes a problem at a node or an offset, unless a syntax error before its end makes it doubtful. */
export function report(scope: Scope, at: Node | number, path: string, message: string, cause?: unknown): void {
  const [start, end] = typeof at === "number" ? [at, at] : [at.offset, at.offset + at.length];
  if (end <= scope.document.soundUntil) scope.problems.push(scope.document.problem(start, path, message, cause));
}

/** `sinks.file` and `["rotate", 0]` make `sinks.file.rotate[0]`. */
export function join(path: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((joined, key) => {
    if (typeof key === "number") return `${joined}[${key}]`;
    return joined === "" ? String(key) : `${joined}.${String(key)}`;
  }, path);
}

/** A path as users write it, made absolute. `-` stands for standard input or output, and stays. */
export function resolvePath(written: string, scope: Pick<Scope, "directory" | "home" | "literal">): string {
  if (written === "-" || written === "") return written;
  if (!scope.literal && (written === "~" || written.startsWith("~/"))) {
    return resolve(scope.home, `.${written.slice(1)}`);
  }
  return resolve(scope.directory, written);
}
