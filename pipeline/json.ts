/**
 * What a JSON value is.
 *
 * @module
 */
import type { Json } from "./event.ts";

/** True for an object, which arrays and null are not. */
export function isObject(value: Json | undefined): value is { [member: string]: Json };
/** The same of any value. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>>;
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
