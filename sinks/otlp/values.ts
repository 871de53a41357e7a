/**
 * Values as OTLP has them.
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";
import { shortened } from "../../pipeline/shortened.ts";
import type { AnyValue, KeyValue } from "./types.ts";

/** Longest text of an attribute that peers name something with, in UTF-16 units. */
export const LONGEST = 256;
/** How deep values may nest, how many members one may have, and how long texts in them may be; more is left out. */
const DEEPEST = 8, MOST = 256, LONGEST_INSIDE = 4096;

/** What attributes are given as; one without a value is left out. */
export type Given = string | number | boolean | readonly string[] | undefined;

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Given>>;

/** The attributes that have a value. */
export function keyValues(attributes: Attributes): KeyValue[] {
  const out: KeyValue[] = [];
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) out.push({ key, value: valueOf(value) });
  }
  return out;
}

function valueOf(value: Exclude<Given, undefined>): AnyValue {
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return { boolValue: value };
  return { arrayValue: { values: value.map(text) } };
}

/** A JSON value, as far as it is not too large. */
export function anyValue(json: Json, depth = 0): AnyValue {
  if (typeof json === "string") return text(shortened(json, LONGEST_INSIDE));
  if (typeof json === "number") return number(json);
  if (typeof json === "boolean") return { boolValue: json };
  if (json === null) return { stringValue: "" };
  if (depth >= DEEPEST) return text("…");
  if (Array.isArray(json)) {
    return { arrayValue: { values: json.slice(0, MOST).map((one) => anyValue(one, depth + 1)) } };
  }
  const values = Object.entries(json).slice(0, MOST).map(([key, value]) => ({
    key: brief(key),
    value: anyValue(value, depth + 1),
  }));
  return { kvlistValue: { values } };
}

/** A text of peers, which may be as long as it likes, cut; halved surrogate pairs, which are no UTF-8, become U+FFFD. */
export function brief(value: string): string {
  const short = shortened(value, LONGEST);
  return short.isWellFormed() ? short : short.toWellFormed();
}

/** The same of what may be missing. */
export function maybeBrief(value: string | undefined): string | undefined {
  return value === undefined ? undefined : brief(value);
}

function text(value: string): AnyValue {
  return { stringValue: value.isWellFormed() ? value : value.toWellFormed() };
}

function number(value: number): AnyValue {
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  return Number.isFinite(value) ? { doubleValue: value } : { stringValue: String(value) };
}
