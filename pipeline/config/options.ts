/**
 * Checks the options of one stage against its component's schema.
 *
 * @module
 */
import type { Node } from "jsonc-parser";
import type { z } from "zod";
import type { AnyComponent } from "../component.ts";
import { find, members } from "./document.ts";
import { evaluate } from "./evaluate.ts";
import { describeIssue, type Issue } from "./issue.ts";
import { expectedOneOf } from "./nearest.ts";
import { resolvePaths } from "./paths.ts";
import { join, report, resolvePath, type Scope } from "./scope.ts";
import { shorten } from "./_syntax.ts";

/** The stage's node, its config path, and the keys of it that are not the component's. */
export interface OptionsAt {
  readonly node: Node;
  readonly path: string;
  readonly reserved: readonly string[];
}

/** The checked options, or undefined after reporting every mistake. */
export async function checkOptions(
  scope: Scope,
  component: AnyComponent,
  at: OptionsAt,
): Promise<Record<string, unknown> | undefined> {
  const before = scope.problems.length;
  const own: Node = {
    ...at.node,
    children: (at.node.children ?? []).filter(({ children: [key] = [] }) => !at.reserved.includes(String(key?.value))),
  };
  const { value, substituted } = await evaluate(scope, own, at.path);
  const failed = new Set(scope.problems.slice(before).map((problem) => problem.path));
  try {
    const schema = strict(component.options);
    const resolved = resolvePaths(schema, value, (path) => resolvePath(path, scope));
    let result = await schema.safeParseAsync(resolved, { reportInput: true });
    if (!result.success && coerce(resolved, result.error.issues, substituted, at.path)) {
      result = await schema.safeParseAsync(resolved, { reportInput: true });
    }
    if (result.success) return scope.problems.length === before ? result.data : undefined;
    for (const issue of result.error.issues) {
      if (!failed.has(join(at.path, issue.path))) reportIssue(scope, component, { ...at, node: own }, issue);
    }
  } catch (error) {
    report(scope, at.node, at.path, `the options check of "${component.type}" failed: ${String(error)}`, error);
  }
  return undefined;
}

/** Unknown options are mistakes, unless the component says what becomes of them. */
function strict(schema: z.ZodObject): z.ZodObject {
  return schema._zod.def.catchall === undefined ? schema.strict() : schema;
}

/** Turns `"${PORT}"` into a number, or a boolean, where the schema wants one. True if anything changed. */
function coerce(value: unknown, issues: readonly Issue[], substituted: ReadonlySet<string>, path: string): boolean {
  let changed = false;
  for (const issue of issues) {
    if (!substituted.has(join(path, issue.path))) continue;
    const parent = issue.path.slice(0, -1).reduce<unknown>(
      (at, key) => (at as Record<PropertyKey, unknown>)[key],
      value,
    );
    const key = issue.path.at(-1)!;
    const text = String((parent as Record<PropertyKey, unknown>)[key]).trim();
    const number = text === "" ? NaN : Number(text);
    if (text !== "true" && text !== "false" && !Number.isFinite(number)) continue;
    (parent as Record<PropertyKey, unknown>)[key] = Number.isFinite(number) ? number : text === "true";
    changed = true;
  }
  return changed;
}

function reportIssue(scope: Scope, component: AnyComponent, at: OptionsAt, issue: Issue): void {
  const path = issue.path.map((key) => typeof key === "number" ? key : String(key));
  if (issue.code === "unrecognized_keys") {
    const object = find(at.node, path);
    const known = knownKeys(component, path, at.reserved);
    for (const name of issue.keys) {
      const key = object && members(object).find((member) => member.name === name)?.key;
      const expected = known.length === 0 ? "none is expected here" : expectedOneOf(name, known);
      report(scope, key ?? at.node, join(at.path, [...path, name]), `unknown option; ${expected}`);
    }
    return;
  }
  const node = find(at.node, path);
  let parent = node;
  for (let up = path.length; parent === undefined; up--) parent = find(at.node, path.slice(0, up));
  const written = node === undefined ? undefined : summarize(scope, node);
  report(scope, parent, join(at.path, path), describeIssue(issue, written));
}

/** The options that an object of the schema takes; at the top, those of every stage of the kind as well. */
function knownKeys(component: AnyComponent, path: readonly (string | number)[], reserved: readonly string[]): string[] {
  if (path.length === 0) {
    return [
      ...Object.keys(component.options.shape),
      ...reserved.filter((name) => name !== "type"),
    ];
  }
  let schema = component.options as z.core.$ZodType | undefined;
  for (const key of path) schema = child(schema, key);
  return keysOf(schema);
}

function keysOf(schema: z.core.$ZodType | undefined): string[] {
  const def = unwrap(schema)?._zod.def;
  if (def?.type === "union") return def.options.flatMap(keysOf);
  return def?.type === "object" ? Object.keys(def.shape) : [];
}

function child(schema: z.core.$ZodType | undefined, key: string | number): z.core.$ZodType | undefined {
  const def = unwrap(schema)?._zod.def;
  if (def?.type === "object") return def.shape[key];
  if (def?.type === "array") return def.element;
  if (def?.type === "union") {
    return def.options.map((option) => child(option, key)).find((found) => found !== undefined);
  }
  return def?.type === "record" ? def.valueType : undefined;
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodTypes | undefined {
  let inner = schema as z.core.$ZodTypes | undefined;
  while (inner !== undefined && "innerType" in inner._zod.def) inner = inner._zod.def.innerType as z.core.$ZodTypes;
  return inner;
}

function summarize(scope: Scope, node: Node): string {
  if (node.type === "object") return "an object";
  return node.type === "array" ? "an array" : shorten(scope.document.source(node));
}
