/**
 * Keys made of fields: what is counted or limited separately.
 *
 * @module
 */
import type { Event } from "../event.ts";
import { fieldNamed } from "./fields.ts";

/** Fields that may make a key. */
export const KEY_FIELDS = [
  "server",
  "client",
  "tool",
  "name",
  "method",
  "session",
  "era",
  "pid",
  "comm",
  "container",
  "transport",
  "host",
  "path",
  "address",
  "kind",
  "type",
  "source",
  "rule",
  "detector",
  "severity",
  "reason",
] as const;
/** A field that may make a key. */
export type KeyField = typeof KEY_FIELDS[number];

/** Longest value that is told from others, in UTF-16 units. */
const LONGEST = 256;

/** Makes the function that gives an event's values, in the order of the fields; `-` for one that it does not have. */
export function keyReader(fields: readonly KeyField[]): (event: Event) => readonly string[] {
  const readers = fields.map((name) => {
    const field = fieldNamed(name);
    if (field === undefined || field.type === "search") throw new RangeError(`Not a key: "${name}"`);
    let first: string | number | undefined;
    const take = (value: string | number) => {
      first = value;
      return true;
    };
    return (event: Event): string => {
      first = undefined;
      field.read(event, take);
      return first === undefined ? "-" : String(first).slice(0, LONGEST);
    };
  });
  return (event) => readers.map((read) => read(event));
}
