/**
 * Reading untrusted JSON: every accessor answers `undefined` where the peer put something else.
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";
import type { Span } from "./line.ts";
import { cut, visible } from "./visible.ts";
import { shorten, width } from "./width.ts";

/** Members of an object that are looked at for one line. */
const MOST_MEMBERS = 32;
/** Columns below which cutting a value would leave nothing of it. */
const SHORTEST_VALUE = 10;

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

/** `key=value, key=value`: short values in full, the long ones share what is left of the room. */
export function members(value: Json | undefined, room: number): Span[] {
  const holder = object(value);
  if (holder === undefined) return value === undefined ? [] : [["plain", inline(value, room)]];
  const entries = Object.entries(holder).filter(([key]) => key !== "_meta").slice(0, MOST_MEMBERS)
    .map(([key, item]) => ({ name: shorten(visible(key), 40), item }));
  const names = entries.reduce((sum, { name }) => sum + width(name) + 3, -2);
  const wanted = entries.map(({ item }) => width(inline(item, room)));
  const limit = fairShare(wanted, room - names);
  return entries.flatMap(({ name, item }, i): Span[] => [
    ["dim", i === 0 ? `${name}=` : `, ${name}=`],
    ["plain", wanted[i]! <= limit ? inline(item, room) : inline(item, limit)],
  ]);
}

/** The limit at which `wanted`, each cut to it, add up to `room`. */
function fairShare(wanted: readonly number[], room: number): number {
  const ascending = [...wanted].sort((a, b) => a - b);
  let left = room;
  for (let i = 0; i < ascending.length; i++) {
    const share = Math.floor(left / (ascending.length - i));
    if (ascending[i]! > share) return Math.max(SHORTEST_VALUE, share);
    left -= ascending[i]!;
  }
  return Infinity;
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
