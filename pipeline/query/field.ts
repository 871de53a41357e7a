/**
 * How a field of the filter language is declared.
 *
 * @module
 */
import type { Event } from "../event.ts";
import type { Pattern } from "./ast.ts";

/** Whether an event has what was asked for; undefined if it does not have the field at all. */
export type Answer = boolean | undefined;

/** Asks one of the field's values; a field of several (both ends' pids) has it if one of them does. */
export type ReadText = (event: Event, test: (value: string) => boolean) => Answer;
/** Likewise, of numbers. */
export type ReadNumber = (event: Event, test: (value: number) => boolean) => Answer;

/** The answer for a field of one value. */
export function one<T>(value: T | undefined, test: (value: T) => boolean): Answer {
  return value === undefined ? undefined : test(value);
}

/** What all fields have. */
export interface FieldBase {
  /** As it is written. */
  readonly name: string;
  /** One line, for the documentation. */
  readonly summary: string;
  /** A condition on it. */
  readonly example: string;
  /** How dear it is to read: of several conditions, the cheap ones are looked at first. */
  readonly cost: 0 | 1 | 2;
}

/** Text that is matched as a whole, with wildcards. `ordered`: can be compared as text, as dates can. */
export interface TextField extends FieldBase {
  readonly type: "text";
  readonly ordered?: true;
  readonly read: ReadText;
}

/** One of some names. `ordered`: least first, can be compared. */
export interface NameField extends FieldBase {
  readonly type: "name";
  readonly names: readonly string[];
  readonly ordered?: true;
  readonly read: ReadText;
}

/**
 * A number. `duration` is in milliseconds, `size` in bytes. `time` is in milliseconds since the epoch; below
 * {@linkcode DAY} it is local time of day.
 */
export interface NumberField extends FieldBase {
  readonly type: "number" | "duration" | "size" | "time";
  readonly read: ReadNumber;
}

/** Text that is searched, for any of some patterns. */
export interface SearchField extends FieldBase {
  readonly type: "search";
  readonly search: (patterns: readonly Pattern[]) => (event: Event) => Answer;
}

/** A field's declaration. */
export type Field = TextField | NameField | NumberField | SearchField;

/** Milliseconds in a day. No event is of the epoch's first day, so smaller times can stand for times of day. */
export const DAY = 86_400_000;

/** Milliseconds since local midnight. */
export function timeOfDay(time: number): number {
  const date = new Date(time);
  return ((date.getHours() * 60 + date.getMinutes()) * 60 + date.getSeconds()) * 1000 + (time % 1000 + 1000) % 1000;
}
