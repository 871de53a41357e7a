/**
 * Questions to JSON of which nothing is known.
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** The value if it is an object and no array. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The value if it is a string. */
export function asText(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A member of an object, of an object in that, and so on; undefined where there is none. */
export function member(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  for (const key of path) {
    const holder = asObject(value);
    value = holder !== undefined && Object.hasOwn(holder, key) ? holder[key] : undefined;
  }
  return value;
}

/** A member that is a string. */
export function textMember(value: Json | undefined, ...path: readonly string[]): string | undefined {
  return asText(member(value, ...path));
}
