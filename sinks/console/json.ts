/**
 * Reading untrusted JSON: every accessor answers `undefined` where the peer put something else.
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";
import type { Span } from "./line.ts";
import { cut, visible } from "./visible.ts";
import { shorten } from "./width.ts";

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** The value as an object, or undefined. */
export function object(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The value as an array, or undefined. */
export function array(value: Json | undefined): Json[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** A member's value, following `path` through objects; undefined when a step is missing. */
export function at(value: Json | undefined, ...path: string[]): Json | undefined {
  for (const key of path) {
    const holder = object(value);
    if (holder === undefined || !Object.hasOwn(holder, key)) return undefined;
    value = holder[key];
  }
  return value;
}

/** The string at `path`, or undefined. */
export function text(value: Json | undefined, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** A scalar at `path` as text, whatever its type. */
export function scalar(value: Json | undefined, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "object" || found === undefined ? undefined : String(found);
}

/** A value on one line within `columns`: strings in quotes, the rest as JSON. */
export function inline(value: Json | undefined, columns: number): string {
  if (value === undefined) return "";
  if (typeof value === "string") return `"${shorten(visible(value), Math.max(1, columns - 2))}"`;
  return shorten(visible(compact(value, columns)), columns);
}

/** `key=value, key=value`, each value with its fair share of the room. */
export function members(value: Json | undefined, room: number): Span[] {
  const holder = object(value);
  if (holder === undefined) return value === undefined ? [] : [["plain", inline(value, room)]];
  const spans: Span[] = [];
  const entries = Object.entries(holder).filter(([key]) => key !== "_meta");
  let left = room;
  entries.forEach(([key, item], i) => {
    if (left <= 0) return;
    const name = shorten(visible(key), 40);
    const share = Math.max(12, Math.floor(left / (entries.length - i)) - name.length - 3);
    const shown = inline(item, share);
    if (i > 0) spans.push(["dim", ", "]);
    spans.push(["dim", `${name}=`], ["plain", shown]);
    left -= name.length + shown.length + 3;
  });
  return spans;
}

/** JSON text that stops growing once it is longer than could be shown. */
function compact(value: Json, limit: number): string {
  if (typeof value === "string") return JSON.stringify(cut(value, limit + 1));
  if (typeof value !== "object" || value === null) return String(value);
  const isArray = Array.isArray(value);
  let out = isArray ? "[" : "{";
  let first = true;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    if (out.length > limit) return out;
    const item = isArray ? value[Number(key)] : (value as JsonObject)[key];
    out += (first ? "" : ",") + (isArray ? "" : `${JSON.stringify(cut(key, 64))}:`) +
      compact(item ?? null, limit - out.length);
    first = false;
  }
  return out + (isArray ? "]" : "}");
}
