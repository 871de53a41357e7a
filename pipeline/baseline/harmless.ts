/**
 * Whether a definition that has changed says and asks no more than before.
 *
 * @module
 */
import type { Json } from "../event.ts";
import { isSpelling } from "./spelling.ts";
import { isObject } from "../json.ts";

/** An object as JSON has it. */
type JsonObject = { readonly [member: string]: Json };

/** Levels that are looked into. */
const LEVELS = 32;
/** Members that are not for the model, nor for a check. */
const ASIDE: ReadonlySet<string> = new Set(["_meta", "icons", "$schema", "$comment"]);
/** Members that people and models read. */
const TEXTS: ReadonlySet<string> = new Set(["description", "title"]);
/** Members whose members are named by the server. */
const NAMED: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions"]);
/** Bounds, by whether a smaller number is the narrower one. */
const BOUNDS: ReadonlyMap<string, boolean> = new Map([
  ["maximum", true],
  ["exclusiveMaximum", true],
  ["maxLength", true],
  ["maxItems", true],
  ["minimum", false],
  ["exclusiveMinimum", false],
  ["minLength", false],
  ["minItems", false],
]);
/**
 * The value that promises nothing: the default too (MCP 2025-11-25, ToolAnnotations), yet to take it away is a change, as
 * not all clients know the default.
 */
const CAREFUL: ReadonlyMap<string, boolean> = new Map([
  ["readOnlyHint", false],
  ["destructiveHint", true],
  ["idempotentHint", false],
  ["openWorldHint", true],
]);

/**
 * True if nothing differs but order, spelling, members for the eye, narrower bounds and annotations that promise less.
 * False of what is not known.
 */
export function isHarmless(before: JsonObject | undefined, after: JsonObject | undefined): boolean {
  return before !== undefined && after !== undefined && isSame(before, after, "", 0);
}

function isSame(before: Json | undefined, after: Json | undefined, key: string, level: number): boolean {
  if (before === after || ASIDE.has(key)) return true;
  if (level >= LEVELS) return false;
  const careful = CAREFUL.get(key);
  if (careful !== undefined) return after === careful || after === undefined && before !== careful;
  const narrows = BOUNDS.get(key);
  if (narrows !== undefined && typeof after === "number" && (before === undefined || typeof before === "number")) {
    return before === undefined || (narrows ? after < before : after > before);
  }
  if (key === "additionalProperties" && after === false) return before === undefined || before === true;
  if (key === "annotations") return isSameObject(object(before), object(after), level);
  if (TEXTS.has(key) && typeof before === "string" && typeof after === "string") return isSpelling(before, after);
  if (Array.isArray(before) && Array.isArray(after)) return isSameList(before, after, key, level);
  if (isObject(before) && isObject(after)) {
    return NAMED.has(key) ? isSameMap(before, after, level) : isSameObject(before, after, level);
  }
  return false;
}

function isSameObject(before: JsonObject, after: JsonObject, level: number): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].every((key) => isSame(own(before, key), own(after, key), key, level + 1));
}

/** Of what the server names, such as properties: the same names, and each the same. */
function isSameMap(before: JsonObject, after: JsonObject, level: number): boolean {
  const keys = Object.keys(before);
  return keys.length === Object.keys(after).length &&
    keys.every((key) => Object.hasOwn(after, key) && isSame(before[key], after[key], "", level + 1));
}

function isSameList(before: readonly Json[], after: readonly Json[], key: string, level: number): boolean {
  if (before.length !== after.length) return false;
  if (key === "required") return before.every((name) => after.includes(name));
  return before.every((value, i) => isSame(value, after[i], "", level + 1));
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function own(holder: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}
