/**
 * Mappings as tables: a field of theirs, and how it is had from an event of ours.
 *
 * @module
 */
import type { Json } from "../event.ts";

/**
 * One field. Its name has dots where objects nest, and a number where an array begins: `evidences.0.data`. A field whose
 * value is undefined is left out.
 */
export type Row<From> = readonly [field: string, value: (from: From) => Json | undefined];

/** A JSON object. */
export type JsonObject = { [member: string]: Json };

/** An object with the fields of a table. */
export function mapped<From>(table: readonly Row<From>[], from: From): JsonObject {
  const root: JsonObject = {};
  for (const [field, value] of table) {
    const json = value(from);
    if (json !== undefined) put(root, field.split("."), json);
  }
  return root;
}

function put(root: JsonObject, path: readonly string[], value: Json): void {
  let at: JsonObject | Json[] = root;
  path.forEach((name, k) => {
    const next = path[k + 1];
    const existing: Json | undefined = get(at, name);
    if (next === undefined) set(at, name, value);
    else if (typeof existing === "object" && existing !== null) at = existing;
    else {
      const made: JsonObject | Json[] = /^\d+$/.test(next) ? [] : {};
      set(at, name, made);
      at = made;
    }
  });
}

function get(at: JsonObject | Json[], name: string): Json | undefined {
  return Array.isArray(at) ? at[Number(name)] : at[name];
}

function set(at: JsonObject | Json[], name: string, value: Json): void {
  if (Array.isArray(at)) at[Number(name)] = value;
  else at[name] = value;
}
