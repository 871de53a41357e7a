/**
 * What a value means to a field: numbers with units, times, names, patterns.
 *
 * @module
 */
import { expectedOneOf } from "../config/nearest.ts";
import type { Pattern, Value } from "./ast.ts";
import { DAY, type Field, type NumberField } from "./field.ts";
import type { Raw } from "./_source.ts";

/** Units by type of field, in the field's own unit: milliseconds or bytes. The first is taken where none is written. */
export const UNITS: Readonly<Record<"duration" | "size", ReadonlyMap<string, number>>> = {
  duration: new Map([["ms", 1], ["us", 0.001], ["µs", 0.001], ["s", 1000], ["m", 60_000], ["h", 3_600_000]]),
  size: new Map([
    ["B", 1],
    ["KB", 1000],
    ["KiB", 1024],
    ["MB", 1e6],
    ["MiB", 1024 ** 2],
    ["GB", 1e9],
    ["GiB", 1024 ** 3],
  ]),
};

const NUMBER = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?) ?(\p{L}*)$/u;
const CLOCK = /^(\d\d):(\d\d)(?::(\d\d(?:\.\d{1,6})?))?$/;
const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** The value, or what was expected instead of it. `bound`: what it is compared with, so that it must be one moment. */
export function literal(field: Field, raw: Raw, bound: boolean): Value | string {
  switch (field.type) {
    case "text":
    case "search":
      return { type: "pattern", pattern: raw.pattern };
    case "name":
      return name(field.names, raw);
    default:
      return numeric(field, raw, bound);
  }
}

function name(names: readonly string[], raw: Raw): Value | string {
  const wanted = plain(raw.pattern) ?? raw.text;
  const known = names.find((name) => name === wanted.toLowerCase());
  return known === undefined ? expectedOneOf(wanted, names) : { type: "name", name: known };
}

function numeric(field: NumberField, raw: Raw, bound: boolean): Value | string {
  const text = plain(raw.pattern) ?? raw.text;
  const dots = text.indexOf("..");
  if (dots < 0) {
    const number = read(field, text);
    if (number === undefined) return `expected ${expected(field)}, got ${raw.text}`;
    if (bound || field.type !== "time") return { type: "number", number };
    return { type: "range", from: number, to: number + precision(text) - 1 };
  }
  const from = read(field, text.slice(0, dots)), to = read(field, text.slice(dots + 2));
  if (from === undefined || to === undefined) {
    return `expected ${expected(field)} on both sides of "..", got ${raw.text}`;
  }
  if (field.type === "time" && (from < DAY) !== (to < DAY)) {
    return 'expected a date on both sides of "..", or on neither';
  }
  const overMidnight = field.type === "time" && to < DAY;
  if (from > to && !overMidnight) return "expected the smaller value before the larger one";
  return { type: "range", from, to };
}

/** What a value of the field looks like. */
export function expected({ type }: NumberField): string {
  switch (type) {
    case "number":
      return "a number";
    case "duration":
      return "a duration such as 500ms, 1.5s, 2m or 30us";
    case "size":
      return "a size such as 512B, 64KiB or 1.5MB";
    case "time":
      return "a time of day such as 18:08 or 18:08:15.7, or a date such as 2026-11-21 or 2026-11-21T18:08:15Z";
  }
}

function read({ type }: NumberField, text: string): number | undefined {
  if (type === "time") return time(text);
  const [, digits, unit = ""] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const factor = type === "number" ? (unit === "" ? 1 : undefined) : factorOf(UNITS[type], unit);
  const number = factor === undefined ? NaN : Number(digits) * factor;
  if (!Number.isFinite(number) || (type !== "number" && number < 0)) return undefined;
  return number === 0 ? 0 : number; // no -0
}

/** Without a unit the first one; else by its name, with the case that it has or, if that leaves one only, any. */
function factorOf(units: ReadonlyMap<string, number>, unit: string): number | undefined {
  if (unit === "") return 1;
  const exact = units.get(unit);
  if (exact !== undefined) return exact;
  for (const [name, factor] of units) if (name.toLowerCase() === unit.toLowerCase()) return factor;
  return undefined;
}

function time(text: string): number | undefined {
  const [, hours, minutes, seconds = "0"] = CLOCK.exec(text) ?? [];
  if (hours !== undefined) {
    const whole = Number(hours) <= 23 && Number(minutes) <= 59 && Number(seconds) < 60;
    return whole
      ? Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Math.floor(Number((Number(seconds) * 1000).toFixed(3)))
      : undefined;
  }
  if (!DATE.test(text)) return undefined;
  const date = Date.parse(text.includes("T") ? text : `${text}T00:00`); // a date alone is UTC to `parse`
  return Number.isNaN(date) || date < 2 * DAY ? undefined : date;
}

/** Milliseconds that a time stands for as it is written: `18:08` for a minute. */
function precision(text: string): number {
  if (text.includes(".")) return 1;
  const colons = text.replace(/[+-]\d\d:\d\d$/, "").split(":").length - 1;
  return [DAY, 60_000, 1000][colons] ?? 1;
}

/** The text of a pattern without wildcards. */
function plain(pattern: Pattern): string | undefined {
  return pattern.every((piece) => typeof piece === "string") ? pattern.join("") : undefined;
}
