/**
 * Finds the options that are paths and makes them absolute.
 *
 * @module
 */
import type { z } from "zod";
import { isObject } from "../json.ts";

type Schema = z.core.$ZodType;

/**
 * A copy of `value` in which every string that the schema marks with `format: "path"` has gone through `resolve`;
 * a default that is a path is filled in and goes through it as well.
 */
export function resolvePaths(schema: Schema, value: unknown, resolve: (path: string) => string): unknown {
  if (isPath(schema)) return typeof value === "string" ? resolve(value) : value;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return isObject(value) ? resolveMembers(def.shape, value, resolve) : value;
    case "record":
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolvePaths(def.valueType, v, resolve)]));
    case "array":
      return Array.isArray(value) ? value.map((item) => resolvePaths(def.element, item, resolve)) : value;
    case "default":
    case "prefault":
      return resolvePaths(def.innerType, value === undefined ? def.defaultValue : value, resolve);
    case "optional":
    case "nullable":
    case "nonoptional":
    case "readonly":
    case "catch":
      return resolvePaths(def.innerType, value, resolve);
    case "pipe":
      return resolvePaths(def.in, value, resolve);
    case "union": {
      const option = def.options.find((option) => fits(option, value));
      return option === undefined ? value : resolvePaths(option, value, resolve);
    }
    default:
      return value;
  }
}

function resolveMembers(
  shape: Readonly<Record<string, Schema>>,
  value: Readonly<Record<string, unknown>>,
  resolve: (path: string) => string,
): Record<string, unknown> {
  const resolved = { ...value };
  for (const [name, schema] of Object.entries(shape)) {
    const member = resolvePaths(schema, Object.hasOwn(value, name) ? value[name] : undefined, resolve);
    if (member !== undefined) resolved[name] = member;
  }
  return resolved;
}

/** Metadata is looked up through the schema itself, as a plug-in may bring its own copy of zod. */
function isPath(schema: Schema): boolean {
  if (schema._zod.def.type !== "string") return false;
  const meta: unknown = (schema as z.ZodString).meta();
  return isObject(meta) && meta["format"] === "path";
}

function fits(schema: Schema, value: unknown): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "object" || def.type === "record") return isObject(value);
  const type: string = Array.isArray(value) ? "array" : typeof value;
  return def.type === type;
}
