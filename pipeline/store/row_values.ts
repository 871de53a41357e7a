/**
 * Makes rows of what SQLite gives.
 *
 * @module
 */
import type { SQLOutputValue } from "node:sqlite";
import type { Json } from "../event.ts";

/** What SQLite gives for one row. */
export type Found = Record<string, SQLOutputValue>;

/** A row without the columns that are NULL, named `names`. */
export function present(found: Found, names: readonly string[]): Record<string, SQLOutputValue> {
  const row: Record<string, SQLOutputValue> = {};
  for (const name of names) {
    const value = found[name];
    if (value !== null && value !== undefined) row[name] = value;
  }
  return row;
}

/** The JSON in a column; undefined for NULL, and for what is none. */
export function json(value: SQLOutputValue | undefined): Json | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

/** The entry `name: value`, if there is a value. */
export function maybe<Name extends string, T>(name: Name, value: T | undefined): { [K in Name]?: T } {
  return value === undefined ? {} : { [name]: value } as { [K in Name]?: T };
}

/** A number, or 0. */
export function count(value: SQLOutputValue | undefined): number {
  return typeof value === "number" ? value : 0;
}
